/**
 * The browser's storage, which may be blocked, full or forbidden: then memory serves for this page, and nobody
 * notices. One name per matter, prefixed with the site's key.
 */

export interface Store {
  /** Null or undefined when there is none. */
  get<T>(name: string): T | undefined;
  /** `asked`: the visitor pressed Send, so their own answer may be kept even before consent. `undefined` drops. */
  set(name: string, value?: unknown, asked?: boolean): void;
  /** Consent came: what waited in memory may be kept now. */
  keep(): void;
}

export function openStore(
  area: 'localStorage' | 'sessionStorage',
  prefix: string,
  allowed: () => boolean,
): Store {
  const memory = new Map<string, unknown>();
  const store: Store = {
    get<T>(name: string) {
      try {
        return memory.has(name) ? memory.get(name) : JSON.parse(window[area].getItem(prefix + name)!);
      } catch {
        return undefined as T;
      }
    },
    set(name, value, asked) {
      memory.set(name, value);
      try {
        if (value === undefined) window[area].removeItem(prefix + name);
        else if (asked || allowed()) window[area].setItem(prefix + name, JSON.stringify(value));
        else return;
        memory.delete(name);
      } catch {
        // full or blocked: memory holds it
      }
    },
    keep() {
      for (const [name, value] of memory) store.set(name, value);
    },
  };
  return store;
}
