/** An address, only if they like: its consent is a box of its own, never ticked for them. */
import { h } from '../dom';
import * as words from '../messages';
import type { Contact } from '../wire';
import { type Factory, hintOf } from './question';

export const contact: Factory = (asked) => {
  const { question, id } = asked;
  const before = asked.value as Contact | null;
  const label = h('label', { class: 'q', for: id, id: `${id}-q` }, question.text);
  const email = h('input', { id, type: 'email', autocomplete: 'email', 'aria-describedby': `${id}-hint` });
  email.value = before?.email ?? asked.email;
  const box = h('input', { type: 'checkbox' });
  box.checked = !!before?.consent;
  const el = h(
    'div',
    { 'data-question': question.key, change: () => asked.changed('done') },
    label,
    hintOf(asked),
    h('label', { class: 'label', for: id }, words.email),
    email,
    h('label', { class: 'check' }, box, h('span', {}, asked.consent)),
  );
  const address = () => email.value.trim();
  return {
    el,
    label,
    value: () => (address() && box.checked ? { email: address(), consent: true } : null),
    problem() {
      // empty, or what the site filled in and nobody took up
      if (!address() || (!box.checked && address() === asked.email)) return null;
      if (!/^\S+@\S+\.\S+$/.test(address())) return words.email_wrong;
      return box.checked ? null : words.consent_needed;
    },
  };
};
