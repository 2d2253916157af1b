/** A sentence with its holes filled: `{n} of {total}`. */
export const fill = (sentence: string, filled: Record<string, string | number>): string =>
  sentence.replace(/{(\w+)}/g, (_, name) => `${filled[name]}`);
