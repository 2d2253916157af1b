// Runs before every script of a page: remembers all that scripts can replace, and says later what was.
// It uses nothing that a page could break after it.
(() => {
  const { ownKeys, getOwnPropertyDescriptor: of } = Reflect;
  const { create, defineProperty } = Object;
  const text = String;
  const kept = [];
  const keep = (name, it) => {
    const had = create(null);
    const keys = ownKeys(it);
    for (let i = 0; i < keys.length; i++) had[keys[i]] = of(it, keys[i]);
    kept[kept.length] = { name, it, had };
  };
  const names = ownKeys(window);
  for (let i = 0; i < names.length; i++) {
    const value = of(window, names[i]).value;
    if ((typeof value !== 'object' && typeof value !== 'function') || !value || value === window) continue;
    keep(text(names[i]), value);
    const proto = typeof value === 'function' && of(value, 'prototype')?.value;
    if (proto) keep(`${text(names[i])}.prototype`, proto);
  }
  keep('window', window);
  for (const [name, it] of [['document', document], ['history', history], ['navigator', navigator]]) keep(name, it);
  const same = (a, b) => a && b && a.get === b.get && a.set === b.set && (a.value === b.value || a.value !== a.value);
  const changes = () => {
    let out = '';
    for (let i = 0; i < kept.length; i++) {
      const { name, it, had } = kept[i];
      const now = ownKeys(it);
      for (let k = 0; k < now.length; k++)
        if (!same(had[now[k]], of(it, now[k]))) out += `${name}.${text(now[k])}\n`;
      const before = ownKeys(had);
      for (let k = 0; k < before.length; k++) if (!of(it, before[k])) out += `-${name}.${text(before[k])}\n`;
    }
    return out;
  };
  defineProperty(window, '__changes', { value: changes, configurable: true });
})();
