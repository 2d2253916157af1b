/**
 * The panel's story: ask step by step, send, and say what became of it. Loaded when a survey is first needed; the
 * loader hands it everything it may use.
 */
import { backoff } from './backoff';
import { goesOn, path } from './flow';
import { makeFrame } from './frame';
import { offline, thanks, trouble } from './endings';
import { QUESTIONS } from './questions';
import type { Words } from './questions/question';
import { makeReply } from './response';
import { type Outcome, senderFor } from './sender';
import { makeStep, type StepView } from './step';
import type { Loader, Opening, Panel } from './wire';

const QUIET_TRIES = 4;
const PATIENCE = 20_000;
const GOES_ON_AFTER = 250;
const SETTLE = 400;

export function resume(loader: Loader): () => void {
  return senderFor(loader).stop;
}

export function open(loader: Loader, opening: Opening): Panel {
  const { ref, survey, openedBy } = opening;
  const questions = survey.questions.filter((question) => QUESTIONS[question.type]);
  const sender = senderFor(loader);
  const reply = makeReply(loader, { ...opening, survey: { ...survey, questions } });
  const cameByItself = openedBy !== 'button';
  const stop = new AbortController();
  let timers: ReturnType<typeof setTimeout>[] = [];
  let at = 0;
  let step: StepView | undefined;
  let started = false;
  let sending = false;
  let finished = false;
  let removed = false;

  const words: Words = (name, filled) =>
    Object.entries(filled ?? {}).reduce((text, [key, value]) => text.replace(`{${key}}`, `${value}`), opening.words[name] ?? name);
  const after = (ms: number, work: () => void) => timers.push(setTimeout(work, ms));
  const tell = (kind: 'shown' | 'started' | 'closed') => {
    loader.emit(kind, { survey: ref.key });
    const event = { display: reply.display, survey: ref.key, version: survey.version, kind };
    loader.post('/events', event).catch(() => {});
  };
  const steps = () => path(questions, reply.answers);
  const left = loader.root.querySelector('.launch')?.className.includes('left') ?? false;
  const frame = makeFrame(loader.root, words, survey.lang, close, () => focusInside(), left);
  const focusInside = () => {
    if (step) step.focus();
    else frame.panel.querySelector<HTMLElement>('h2,.b:last-child')?.focus();
  };
  const snapshot = () => !finished && !sending && reply.snapshot(sender);

  function showStep(index: number, focus: boolean): void {
    const all = steps();
    at = Math.min(index, all.length - 1);
    step?.unmount();
    step = makeStep(all[at]!, reply.answers, {
      words,
      consent: survey.consent?.text ?? '',
      email: loader.claims().email ?? '',
      announce: frame.announce,
      changed(question, view, how) {
        reply.answer(question.key, view.value());
        if (!started) {
          started = true;
          tell('started');
        }
        const now = steps();
        step!.show(now[at] ?? [question], reply.answers);
        refresh();
        if (how === 'typing') return;
        settle();
        if (how === 'pointer' && goesOn(now, at)) after(GOES_ON_AFTER, () => now[at] === undefined || onward());
      },
    });
    refresh();
    frame.fill(step.el, step.label);
    if (focus) step.focus();
  }

  /** The top row and the button follow the answers: a later step may come or go. */
  function refresh(): void {
    const all = steps();
    const last = at >= all.length - 1;
    const only = all[at]?.[0];
    frame.top({ title: survey.title, step: at + 1, of: all.length, back: at > 0 ? () => showStep(at - 1, true) : undefined });
    step!.ending({
      go: words(last ? 'send' : 'next'),
      skip: only?.type === 'contact' ? words('skip') : undefined,
      gone: onward,
      skipped() {
        reply.answer(only!.key, null);
        onward();
      },
    });
  }

  function onward(): void {
    if (sending || finished) return;
    timers.forEach(clearTimeout);
    timers = [];
    // what stands in an untouched field (a prefilled address) counts only when it was taken up by a change
    if (at < steps().length - 1) {
      snapshot();
      showStep(at + 1, true);
    } else void deliver();
  }

  let settling: ReturnType<typeof setTimeout> | undefined;
  function settle(): void {
    clearTimeout(settling);
    settling = setTimeout(snapshot, SETTLE);
  }

  async function deliver(): Promise<void> {
    sending = true;
    clearTimeout(settling);
    const had = !!loader.root.activeElement;
    step?.busy(words('sending'));
    reply.finish(sender);
    const until = Date.now() + PATIENCE;
    let outcome: Outcome = { kind: 'later', offline: navigator.onLine === false };
    for (let tries = 1; tries <= QUIET_TRIES && !removed && !finished; tries++) {
      outcome = await sender.send(reply.id);
      if (outcome.kind !== 'later' || outcome.offline) break;
      const wait = backoff(tries, 0);
      if (tries === QUIET_TRIES || Date.now() + wait > until) break;
      await new Promise((on) => after(wait, () => on(null)));
    }
    sending = false;
    if (!removed && !finished) ended(outcome, had);
  }

  function ended(outcome: Outcome, focus: boolean): void {
    if (outcome.kind === 'stored') return stored(outcome, focus);
    const waiting = outcome.kind === 'later';
    const ending =
      waiting && outcome.offline
        ? offline(words, discard, close)
        : trouble(words, ownWords(), rewrite, waiting ? () => void deliver() : null);
    fillEnding(ending, words('not_sent'), focus);
  }

  function fillEnding(ending: { el: HTMLElement; label: HTMLElement }, title: string, focus: boolean): void {
    step?.unmount();
    step = undefined;
    frame.top({ title, strong: true });
    frame.fill(ending.el, ending.label);
    if (focus) focusInside();
  }

  function stored(outcome: Outcome & { kind: 'stored' }, focus: boolean): void {
    finished = true;
    reply.forget();
    loader.answered(ref, outcome.receipt);
    loader.emit('sent', { survey: ref.key, id: reply.id, receipt_url: outcome.url });
    if (removed) return;
    const number = reply.id.slice(0, 8).toUpperCase().replace(/(.{4})/, '$1 ');
    fillEnding(thanks(survey, words, number, outcome.url), words('sent'), focus);
  }

  // the first of their own texts: the words that would be hardest to write again
  const textKey = () => steps().flat().find((q) => q.type === 'text' && reply.answers[q.key])?.key;
  const ownWords = () => String(reply.answers[textKey() ?? ''] ?? '');
  function rewrite(text: string): void {
    const key = textKey();
    if (key) reply.answer(key, text);
  }
  function discard(): void {
    sender.discard(reply.id);
    reply.forget();
    finished = true;
    close();
  }

  // sent in the background, perhaps while the panel says 'offline'
  sender.heard((id, outcome) => {
    if (id === reply.id && !finished && !sending && outcome.kind === 'stored' && !step) stored(outcome, false);
  });
  const flush = () => document.hidden && snapshot();
  document.addEventListener('visibilitychange', flush, { signal: stop.signal });
  addEventListener('pagehide', () => snapshot(), { signal: stop.signal });

  function remove(): void {
    if (removed) return;
    removed = true;
    timers.forEach(clearTimeout);
    clearTimeout(settling);
    stop.abort();
    step?.unmount();
    frame.remove();
  }
  function close(): void {
    if (removed) return;
    const inside = !!loader.root.activeElement;
    snapshot();
    tell('closed');
    remove();
    opening.gone(inside || !cameByItself);
  }

  showStep(0, !cameByItself);
  tell('shown');
  if (cameByItself) frame.announce(words('opened', { q: step!.label.textContent ?? '' }));
  return { close, remove };
}

