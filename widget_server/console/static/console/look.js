// A colour can be picked beside the field that says it; the field is what is sent.
'use strict';
(() => {
  const whole = (said) => {
    const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(said);
    return short ? `#${short.slice(1).map((digit) => digit + digit).join('')}` : /^#[0-9a-f]{6}/i.test(said) ? said.slice(0, 7) : '';
  };
  for (const field of document.querySelectorAll('input[data-colour]')) {
    const swatch = document.createElement('input');
    swatch.type = 'color';
    swatch.className = 'swatch';
    swatch.setAttribute('aria-label', field.dataset.colour);
    const follow = () => {
      swatch.value = whole(field.value.trim()) || whole(field.placeholder) || '#000000';
    };
    follow();
    field.addEventListener('input', follow);
    swatch.addEventListener('input', (event) => {
      event.stopPropagation();
      field.value = swatch.value;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
    field.after(swatch);
  }
})();
