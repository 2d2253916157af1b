/**
 * Which entries of the site's help fit what was typed and chosen. Pure, and linear in what was typed whatever the list:
 * from the beginning of each word one walk down a tree of the list's words, which are plain words and never patterns.
 */
export interface Entry {
  title: string;
  text?: string;
  url?: string;
  /** Typed words that it comes up for. */
  words?: string[];
  /** Chosen answers that it comes up for, as `question.option`. */
  topics?: string[];
}
interface Node {
  next: Map<string, Node>;
  /** Which entries a word that ends here belongs to. */
  entries: number[];
  /** How long the word is that ends here. */
  length: number;
}
export interface Finder {
  find(texts: string[], chosen: string[], most?: number): Entry[];
}

/** So short words must stand alone: "bag" is not found in "bagatelle". */
const WHOLE = 3;
const LETTER = /[\p{L}\p{M}\p{N}]/u;
/** Scripts without spaces between words: there a word begins anywhere. */
const UNSPACED =
  /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

const plain = (text: string) => text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();

export function finder(entries: Entry[]): Finder {
  const bare = (): Node => ({ next: new Map(), entries: [], length: 0 });
  const root = bare();
  entries.forEach(({ words = [] }, index) => {
    for (const word of words) {
      const letters = [...plain(word)];
      if (!letters.length) continue;
      let at = root;
      for (const letter of letters) {
        const below = at.next.get(letter) ?? bare();
        at.next.set(letter, below);
        at = below;
      }
      at.entries.push(index);
      at.length = letters.length;
    }
  });

  function* wordsIn(text: string): Generator<Node> {
    const letters = [...plain(text)];
    const isLetter = letters.map((letter) => LETTER.test(letter));
    for (let start = 0; start < letters.length; start++) {
      const unspaced = UNSPACED.test(letters[start]!);
      if (isLetter[start - 1] && isLetter[start] && !unspaced) continue;
      let at: Node | undefined = root;
      for (let end = start; at; end++) {
        if (at.entries.length && (at.length > WHOLE || unspaced || !isLetter[end])) yield at;
        at = at.next.get(letters[end]!);
      }
    }
  }

  return {
    /** The best first: those that most words and answers speak for; among equals the order of the list. */
    find(texts, chosen, most = 3) {
      const found = new Map<number, Set<unknown>>();
      const speaks = (index: number, why: unknown) =>
        found.set(index, (found.get(index) ?? new Set()).add(why));
      for (const text of texts)
        for (const node of wordsIn(text)) for (const index of node.entries) speaks(index, node);
      const given = new Set(chosen);
      entries.forEach(({ topics = [] }, index) => {
        for (const topic of topics) if (given.has(topic)) speaks(index, topic);
      });
      return [...found]
        .sort(([a, whyA], [b, whyB]) => whyB.size - whyA.size || a - b)
        .slice(0, most)
        .map(([index]) => entries[index]!);
    },
  };
}
