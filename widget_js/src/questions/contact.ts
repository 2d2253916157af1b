/** An address, only if they like: its consent is a box of its own, never ticked for them. */
import { h } from '../dom';
import * as words from '../messages';
import type { Contact } from '../wire';
import { type Factory, hintOf } from './question';

export const contact: Factory = (asked) => {
  const { question, id } = asked;
  const before = asked.value as Contact | null;
  const label = h('label', { class: 'q', for: id, id: `${id}-q` }, question.text);
  const email = h('input', { type: 'email', autocomplete: 'email', id, 'aria-describedby': `${id}-hint` });
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
    value: () => (address() && box.checked ? { email: address(), consent: true } : null),
    problem() {
      // empty, or what the site filled in and nobody took up
      if (!address() || (!box.checked && address() === asked.email)) return null;
      // parts between dots, at least two letters at the end: the server refuses what has a slip
      if (
        !/^[^.\s@<>(),;:"]+(\.[^.\s@<>(),;:"]+)*@([^.\s@<>(),;:"]+\.)+(?!\d)[^.\s@<>(),;:"]{2,}$/.test(
          address(),
        )
      )
        return words.email_wrong;
      return box.checked ? null : words.consent_needed;
    },
    label,
  };
};

/** The same, asking for a name too, or for a name alone: either may stay empty. */
export const namedContact: Factory = (asked) => {
  const { question, id } = asked;
  const before = asked.value as Contact | null;
  const made = contact(asked);
  const email = made.el.querySelector<HTMLInputElement>('[type=email]')!;
  const box = made.el.querySelector<HTMLInputElement>('[type=checkbox]')!;
  const its = h('label', { class: 'label', for: `${id}-name` }, words.name);
  const name = h('input', {
    id: `${id}-name`,
    class: 'field',
    autocomplete: 'name',
    maxlength: 200,
    dir: 'auto',
  });
  name.value = before?.name ?? '';
  const ask = question.ask ?? [];
  if (ask[0] === 'name') email.previousElementSibling!.before(its, name);
  else email.after(its, name);
  const withEmail = ask.includes('email');
  if (!withEmail) {
    email.previousElementSibling!.remove();
    email.remove();
    made.label.setAttribute('for', name.id);
  }
  const called = () => name.value.trim();
  return {
    ...made,
    value() {
      if (!box.checked) return null;
      const address = withEmail ? email.value.trim() : '';
      if (!address && !called()) return null;
      return { ...(address && { email: address }), ...(called() && { name: called() }), consent: true };
    },
    problem: () => (withEmail && made.problem!()) || (called() && !box.checked ? words.consent_needed : null),
  };
};
