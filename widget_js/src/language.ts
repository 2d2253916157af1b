/** Which language to speak: what the tag says, else the page, else the browser, among those the survey has. */

const ALIKE: Record<string, string> = { nb: 'no', nn: 'no' };

/** The visitor's languages, best first, as the server names them (`nb-NO` is `no`). */
export function wanted(given: string | null | undefined): string[] {
  return [given, document.documentElement.lang, ...navigator.languages]
    .filter((tag): tag is string => !!tag)
    .flatMap((tag) => {
      const base = tag.toLowerCase().split('-')[0] as string;
      return [tag, ALIKE[base] ?? base];
    });
}

export function choose(wishes: string[], among: string[], fallback: string): string {
  return (
    wishes.find((wish) => among.includes(wish)) ??
    (among.includes(fallback) ? fallback : (among[0] ?? fallback))
  );
}
