/** An address, only if they like: its consent is a box of its own, never ticked for them. */
import { h } from '../dom';
import { type Factory, hintOf, isContact } from './question';

const LOOKS_RIGHT = /^\S+@\S+\.\S+$/;

export const contact: Factory = (asked) => {
  const { question, id, words } = asked;
  const before = isContact(asked.value) ? asked.value : undefined;
  const hint = hintOf(asked);
  const label = h('label', { class: 'q', for: id, id: `${id}-q` }, question.text);
  const email = h('input', {
    class: 'text line',
    id,
    type: 'email',
    autocomplete: 'email',
    inputmode: 'email',
    'aria-describedby': hint ? hint.id : null,
  });
  email.value = before?.email ?? asked.email;
  const box = h('input', { type: 'checkbox' });
  box.checked = before?.consent ?? false;
  const el = h(
    'div',
    { class: 'f', 'data-question': question.key, change: () => asked.changed('done') },
    label,
    hint,
    email,
    h('label', { class: 'check' }, box, h('span', {}, asked.consent)),
  );
  const address = () => email.value.trim();
  return {
    el,
    label,
    value: () => (address() && box.checked ? { email: address(), consent: true } : null),
    focus: () => email.focus(),
    problem: () => {
      // empty, or what the site filled in and nobody took up
      if (!address() || (address() === asked.email && !box.checked)) return null;
      if (!LOOKS_RIGHT.test(address())) return words('email_wrong');
      return box.checked ? null : words('consent_needed');
    },
  };
};
