/**
 * The browser's storage, which may be blocked, full or forbidden: then memory serves for this page, and nobody
 * notices. One name per matter, prefixed with the site's key.
 */

export interface Store {
  get<T>(name: string): T | undefined;
  /** `asked`: the visitor pressed Send, so their own answer may be kept even before consent. */
  set(name: string, value: unknown, asked?: boolean): void;
  drop(name: string): void;
  /** Consent came: what waited in memory may be kept now. */
  keep(): void;
}

export function openStore(area: 'localStorage' | 'sessionStorage', prefix: string, allowed: () => boolean): Store {
  const memory = new Map<string, unknown>();
  const store: Store = {
    get<T>(name: string) {
      if (memory.has(name)) return memory.get(name) as T;
      try {
        const text = window[area].getItem(prefix + name);
        return text ? (JSON.parse(text) as T) : undefined;
      } catch {
        return undefined;
      }
    },
    set(name, value, asked) {
      memory.set(name, value);
      if (!asked && !allowed()) return;
      try {
        window[area].setItem(prefix + name, JSON.stringify(value));
        memory.delete(name);
      } catch {
        // full or blocked: memory holds it
      }
    },
    drop(name) {
      memory.delete(name);
      try {
        window[area].removeItem(prefix + name);
      } catch {
        // it was never there
      }
    },
    keep() {
      for (const [name, value] of [...memory]) store.set(name, value);
    },
  };
  return store;
}
