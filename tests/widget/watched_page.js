// Runs before anything else of the page: counts what lives, so that what stays after remove() is seen.
(() => {
  const listeners = new Set();
  const timers = new Map();
  const observers = new Set();
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const capture = (options) => (typeof options === 'object' ? !!options?.capture : !!options);
  const same = (one, target, type, fn, options) =>
    one.target === target && one.type === type && one.fn === fn && one.capture === capture(options);
  EventTarget.prototype.addEventListener = function (type, fn, options) {
    const target = this ?? window;
    const known = [...listeners].some((one) => same(one, target, type, fn, options));
    if (fn && !options?.signal?.aborted && !known) {
      const entry = { target, type, fn, capture: capture(options), signal: options?.signal };
      listeners.add(entry);
      if (options?.once) addEventListener.call(target, type, () => listeners.delete(entry), { ...options });
    }
    return addEventListener.call(target, type, fn, options);
  };
  EventTarget.prototype.removeEventListener = function (type, fn, options) {
    const target = this ?? window;
    for (const one of listeners) if (same(one, target, type, fn, options)) listeners.delete(one);
    return removeEventListener.call(target, type, fn, options);
  };
  for (const [set, clear, lasting] of [
    ['setTimeout', 'clearTimeout'],
    ['setInterval', 'clearInterval', true],
    ['requestAnimationFrame', 'cancelAnimationFrame'],
    ['requestIdleCallback', 'cancelIdleCallback'],
  ]) {
    const make = window[set];
    const end = window[clear];
    window[set] = (fn, ms, ...given) => {
      const run = (...told) => {
        if (!lasting) timers.delete(id);
        return fn(...told);
      };
      const id = make(run, ms, ...given);
      timers.set(id, `${set} ${ms}`);
      return id;
    };
    window[clear] = (id) => {
      timers.delete(id);
      return end(id);
    };
  }
  for (const name of ['MutationObserver', 'IntersectionObserver', 'ResizeObserver', 'PerformanceObserver']) {
    const Before = window[name];
    window[name] = class extends Before {
      observe(...given) {
        observers.add(this);
        return super.observe(...given);
      }
      disconnect() {
        observers.delete(this);
        return super.disconnect();
      }
    };
  }
  // an abort signal is nobody's once its maker is gone; a node that left the page takes its listeners along
  const alive = ({ target, signal }) =>
    !signal?.aborted &&
    !(target instanceof AbortSignal) &&
    !(target instanceof IDBRequest) &&
    (!(target instanceof Node) || target === document || target.isConnected);
  const nodes = () => [...document.querySelectorAll('*')].map((el) => `${el.tagName}#${el.id}.${el.className}`);
  const globals = () => Object.getOwnPropertyNames(window).filter((name) => !/^\d+$/.test(name));
  const attributes = () => [document.documentElement, document.body].map((el) => el?.getAttributeNames().join());
  let before;
  window.watched = {
    begin() {
      before = { nodes: nodes(), globals: globals(), attributes: attributes(), title: document.title };
      listeners.clear();
      timers.clear();
      observers.clear();
    },
    left: () => ({
      listeners: [...listeners].filter(alive).map(({ target, type }) => `${target.constructor.name} ${type}`),
      timers: [...timers.values()],
      observers: [...observers].map((one) => one.constructor.name),
      nodes: nodes().filter((one) => !before.nodes.includes(one)),
      globals: globals().filter((one) => !before.globals.includes(one)),
      changed: `${attributes()}` === `${before.attributes}` && document.title === before.title ? [] : ['the page'],
      storage: [localStorage, sessionStorage].flatMap((area) => Object.keys(area)).filter((key) => !key.startsWith('fw:K:')),
    }),
    lives: () => [...listeners].filter(alive).length,
  };
})();
