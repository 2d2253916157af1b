// The widget in the preview: it is told the look that stands in the form, and what it would send goes nowhere.
'use strict';
(() => {
  const { config } = document.body.dataset;
  const { fetch } = window;
  const answer = (body, status = 200) =>
    Promise.resolve(new Response(body, { status, headers: { 'Content-Type': 'application/json' } }));
  window.fetch = (address, options = {}) => {
    if (options.method === 'POST') {
      const { id = '', seq = 0 } = JSON.parse(options.body);
      return answer(JSON.stringify({ id, seq, receipt: null }), 202);
    }
    if (String(address).endsWith('/config')) return answer(config);
    return fetch(address, options);
  };
  // nothing of it is kept: a draft of one look would stand in the next
  Storage.prototype.setItem = () => {};
  Storage.prototype.getItem = () => null;
})();
