/** Which language to speak: what the tag says, else the page, else the browser, among those the survey has. */

/** The visitor's languages, best first, as the server names them (`nb-NO` is `no`). */
export function wanted(given: string | null | undefined): string[] {
  return [given, document.documentElement.lang, ...navigator.languages].flatMap((tag) => {
    const base = `${tag}`.toLowerCase().split('-')[0]!;
    return [tag!, base.replace(/^n[bn]$/, 'no')];
  });
}

export function choose(wishes: string[], among: string[], fallback: string): string {
  return (
    wishes.find((wish) => among.includes(wish)) ??
    (among.includes(fallback) ? fallback : (among[0] ?? fallback))
  );
}
