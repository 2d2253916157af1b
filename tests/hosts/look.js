// What a host page looks like from inside the browser, in a world of its own that no script of the page can reach.
(() => {
  const OURS = ['script', 'feedback-widget', 'iframe'];
  const path = (el) => {
    let out = '';
    for (; el?.parentElement; el = el.parentElement) {
      let place = 0;
      for (let one = el.previousElementSibling; one; one = one.previousElementSibling)
        if (!OURS.includes(one.localName)) place++;
      out = `${el.localName}${place}/${out}`;
    }
    return out;
  };
  const host = () => document.querySelector('feedback-widget');
  const part = (selector, place = 0) => host()?.shadowRoot?.querySelectorAll(selector)[place];
  const rect = (el) => {
    if (!el?.isConnected) return null;
    const { left, top, width, height } = el.getBoundingClientRect();
    return width && height ? { left, top, width, height } : null;
  };
  globalThis.look = {
    rect: (selector, place) => rect(part(selector, place)),
    reach(selector, place) {
      part(selector, place)?.scrollIntoView({ block: 'nearest' });
      return rect(part(selector, place));
    },
    buy: () => rect(document.getElementById('buy')),
    countClicks() {
      globalThis.clicks = 0;
      document.getElementById('buy')?.addEventListener('click', () => globalThis.clicks++);
    },
    hasHost: () => !!host(),
    // 24 x 16 points: which element lies there
    grid() {
      const seen = [];
      for (let y = 0.5; y < 16; y++)
        for (let x = 0.5; x < 24; x++) {
          const at = [(x / 24) * innerWidth, (y / 16) * innerHeight];
          const el = document.elementFromPoint(...at);
          seen.push({ at, path: el?.localName === 'feedback-widget' ? 'ours' : path(el) });
        }
      return seen;
    },
    state: () => ({
      scroll: [document.documentElement.scrollWidth, document.documentElement.scrollHeight, scrollX, scrollY],
      focus: path(document.activeElement),
      title: document.title,
      address: location.href,
      nodes: document.querySelectorAll(':not(script, feedback-widget, iframe, head, head *)').length,
      cookies: self.origin === 'null' ? '' : document.cookie,
    }),
    // in two steps, since no timer runs in a page whose scripts are forbidden: the observer tells what it has already seen
    watchShift() {
      globalThis.shifted = 0;
      const add = (entries) => {
        for (const { value } of entries) globalThis.shifted += value;
      };
      const watch = new PerformanceObserver((list) => add(list.getEntries()));
      watch.observe({ type: 'layout-shift', buffered: true });
      globalThis.takeShifts = () => add(watch.takeRecords());
    },
    shift() {
      globalThis.takeShifts();
      return globalThis.shifted;
    },
  };
})();
