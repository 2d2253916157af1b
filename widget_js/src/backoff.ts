/** When to try again, and whether at all. Pure. */

const CEILING = 300_000;
/** A server may ask for a day of silence, not for more. */
const LONGEST = 86_400_000;

/** ms until try number `tries + 1`: 1, 2, 4, 8 … 300 s, each half to one and a half times as long; never before the server asks. */
export function backoff(tries: number, retryAfter: number, random = Math.random()): number {
  const step = Math.min(1000 * 2 ** (tries - 1), CEILING);
  return Math.max(retryAfter, Math.round(step * (0.5 + random)));
}

/** Retry-After in ms: seconds or a date; 0 when absent or not understood. */
export function retryAfter(header: string | null, now: number): number {
  const ms = +header! * 1000 || Date.parse(header!) - now;
  return Math.min(Math.max(ms || 0, 0), LONGEST);
}

export const isRetryable = (status: number): boolean => [408, 425, 429].includes(status) || status >= 500;
