import { describe, expect, it } from 'vitest';
import { type Entry, finder } from '../src/help/matching';

const named = (title: string, words: string[], topics: string[] = []): Entry => ({ title, words, topics });
const titles = (entries: Entry[], texts: string[], chosen: string[] = []) =>
  finder(entries)
    .find(texts, chosen)
    .map(({ title }) => title);

const LIST = [
  named('refund', ['refund', 'money back'], ['topic.payment']),
  named('bag', ['bag', 'suitcase'], []),
  named('late', ['late', 'delay'], ['topic.time']),
];

describe('what comes up for typed words', () => {
  it.each<[string, string, string[]]>([
    ['a word', 'Where is my refund?', ['refund']],
    ['its longer forms', 'refunds are slow', ['refund']],
    ['a capital', 'REFUND', ['refund']],
    ['two words, however far apart', 'I want my money \n back', ['refund']],
    ['not inside another word', 'unrefunded', []],
    ['a short word only by itself', 'a bagatelle', []],
    ['a short word before a comma', 'my bag, please', ['bag']],
    ['a short word at the end', 'my bag', ['bag']],
    ['nothing of nothing', '', []],
    ['full-width letters', 'ｒｅｆｕｎｄ', ['refund']],
    ['no pattern', 're.*nd', []],
  ])('%s', (_, text, expected) => {
    expect(titles(LIST, [text])).toEqual(expected);
  });

  it('takes patterns as the plain signs that they are', () => {
    expect(titles([named('stars', ['a.*b', '(x']), named('b', ['b'])], ['about a.*b or (x'])).toEqual([
      'stars',
      'b',
    ]);
  });

  it('finds words in scripts without spaces, and with marks that belong to their letter', () => {
    const list = [named('เงินคืน', ['คืนเงิน']), named('返金', ['返金']), named('退款', ['退款'])];
    expect(titles(list, ['ยังไม่ได้รับการคืนเงินเลย'])).toEqual(['เงินคืน']);
    expect(titles(list, ['まだ返金されていません'])).toEqual(['返金']);
    expect(titles(list, ['我还没收到退款'])).toEqual(['退款']);
  });

  it('finds Arabic, Hebrew and accented words', () => {
    const list = [named('ar', ['استرداد']), named('he', ['החזר']), named('pt', ['reembolsação'])];
    expect(titles(list, ['أريد استرداد المبلغ'])).toEqual(['ar']);
    expect(titles(list, ['לא קיבלתי החזר'])).toEqual(['he']);
    expect(titles(list, ['a reembolsac\u0327a\u0303o'])).toEqual(['pt']);
  });
});

describe('the order', () => {
  it('puts first what most words and answers speak for, then what stands first in the list', () => {
    expect(titles(LIST, ['late with my bag and the suitcase'])).toEqual(['bag', 'late']);
    expect(titles(LIST, ['bag late'])).toEqual(['bag', 'late']);
    expect(titles(LIST, ['late'], ['topic.payment', 'topic.time'])).toEqual(['late', 'refund']);
  });
  it('counts a word once, however often it is typed', () => {
    expect(titles(LIST, ['late late late late, bag and suitcase'])).toEqual(['bag', 'late']);
  });
  it('gives three at most', () => {
    expect(
      titles(
        ['a', 'b', 'c', 'd'].map((one) => named(one, ['word'])),
        ['word'],
      ),
    ).toEqual(['a', 'b', 'c']);
  });
  it('comes up for a chosen answer alone', () => {
    expect(titles(LIST, [], ['topic.payment'])).toEqual(['refund']);
    expect(titles(LIST, [], ['topic.other'])).toEqual([]);
  });
});

describe('what it costs', () => {
  it('walks no further from a letter than the longest word, whatever is typed', () => {
    // words that nearly fit everywhere: each start walks on to the last letter and fails there
    const list = Array.from({ length: 100 }, (_, i) => named(`${i}`, [`${'ก'.repeat(59)}${i % 10}`]));
    let steps = 0;
    const { get } = Map.prototype;
    Map.prototype.get = function counted(key) {
      steps++;
      return get.call(this, key);
    };
    try {
      expect(titles(list, ['ก'.repeat(10_000)])).toEqual([]);
      expect(steps).toBeLessThan(10_000 * 61 + 20_000);
    } finally {
      Map.prototype.get = get;
    }
  });
});
