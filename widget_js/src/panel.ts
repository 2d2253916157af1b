/**
 * The panel's story: ask step by step, send, and say what became of it. Loaded when a survey is first needed; the
 * loader lends it everything it may use.
 */

import { borrow } from './borrowed';
import { type Ending, offline, thanks } from './endings';
import { fill } from './fill';
import { goesOn, pathOf, wording } from './flow';
import { makeFrame } from './frame';
import type { LogicModule } from './logic';
import * as words from './messages';
import { factories } from './questions';
import type { MoreModule } from './questions/more';
import type { Item } from './queue';
import { keepDraft, openDraft, queueSnapshot } from './response';
import { dequeue, leave, type Outcome, send } from './sender';
import { makeStep, type StepView } from './step';
import type { TroubleModule } from './trouble';
import type { Loader, Logic, Opening, Panel } from './wire';

/** Tries follow each other quietly until the next one is so far off: after the fourth, mostly. */
const PATIENCE = 6_000;
const GOES_ON_AFTER = 250;
const SETTLE = 400;
const PAUSE = 60_000;

export async function open(loader: Loader, opening: Opening): Promise<Panel> {
  borrow(loader);
  const { ref, survey, openedBy, visit, gone } = opening;
  const types = await factories(loader, survey.questions);
  const draft = openDraft(loader, opening);
  const { answers } = draft;
  const [walk, kinds]: Logic = survey.logic
    ? (await loader.chunk<LogicModule>(`logic-${words.language}`)).logic(loader, opening, draft, types)
    : [pathOf, types];
  const path = () => walk(survey.questions, answers);
  const byItself = openedBy !== 'button';
  const stop = new AbortController();
  const { signal } = stop;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let at = 0;
  let step: StepView | undefined;
  let started = false;
  /** Sending, or over: no snapshot any more. */
  let done = false;
  /** There is something that no snapshot holds yet. */
  let news = false;
  let cutOff = false;

  const tell = (kind: 'shown' | 'started' | 'closed') => {
    loader.emit(kind, { survey: ref.key });
    const { display, version } = draft;
    loader.post(`${loader.siteUrl}/events`, { survey: ref.key, kind, display, version }).catch(() => {});
  };
  const frame = makeFrame(
    loader,
    survey.lang,
    loader.config.button?.position ?? '',
    close,
    focusInside,
    opening.deaf ?? signal,
  );

  function focusInside(): void {
    if (step) step.focus();
    else frame.panel.querySelector<HTMLElement>('h2,.b:last-child')?.focus();
  }

  /** Sends the answers so far, unfinished; before consent nothing leaves the page unless somebody presses Send. */
  function snapshot(): void {
    clearTimeout(timer);
    if (done || !news || !loader.maySave()) return;
    news = false;
    send(loader, queueSnapshot(loader, opening, draft, path(), false)).then(
      ({ wait }) => wait && leave(loader),
    );
  }

  function showStep(index: number, focus: boolean): void {
    at = index;
    step = makeStep(kinds, path().steps[at]!, answers, {
      wording: (question) => wording(question, path()),
      consent: survey.consent?.text ?? '',
      email: loader.claims().email ?? '',
      announce: frame.announce,
      near: (area, limit) =>
        loader
          .chunk<MoreModule>(`more-${words.language}`)
          .then(({ count }) => count(area, limit, frame.announce))
          .catch(loader.say),
      gone: onward,
      changed({ key, type }, value, how) {
        answers[key] = value;
        news = true;
        keepDraft(loader, opening, draft);
        if (!started) tell('started');
        started = true;
        const now = path();
        step!.show(now.steps[at]!);
        refresh();
        if (how === 'typing') return;
        loader.emit('answer', { type, question: key, survey: ref.key });
        clearTimeout(timer);
        timer =
          how === 'pointer' && goesOn(now, at)
            ? setTimeout(onward, GOES_ON_AFTER)
            : setTimeout(snapshot, SETTLE);
      },
    });
    refresh();
    frame.fill(step.el, step.label);
    step.mount();
    if (focus) step.focus();
  }

  /** The top row and the button follow the answers: a later step may come or go. */
  function refresh(): void {
    const { steps } = path();
    frame.top(survey.title, at, steps.length, () => showStep(at - 1, true));
    step!.ending(at < steps.length - 1 ? words.next : words.send);
  }

  function onward(): void {
    clearTimeout(timer);
    if (done) return;
    if (at < path().steps.length - 1) {
      snapshot();
      showStep(at + 1, true);
    } else deliver();
  }

  /** `before`: what was tried already, if nothing has changed since: the same snapshot once more. */
  async function deliver(before?: Item | false): Promise<void> {
    done = true;
    clearTimeout(timer);
    const focus = !!loader.root.activeElement;
    step?.busy();
    const item = before || queueSnapshot(loader, opening, draft, path(), true);
    item.tries = 0;
    let outcome: Outcome;
    while (true) {
      outcome = await send(loader, item);
      const { wait } = outcome;
      if (!wait || wait > PATIENCE || !navigator.onLine || signal.aborted) break;
      await new Promise((on) => setTimeout(on, wait));
    }
    if (outcome.ok) {
      const { receipt, receipt_url } = outcome;
      keepDraft(loader, opening);
      visit?.answered(ref, receipt);
      loader.emit('sent', { id: draft.id, receipt_url, survey: ref.key });
      end(thanks(survey, draft.id, receipt_url), words.sent, focus);
    } else {
      if (outcome.wait) leave(loader);
      // who cannot even be told what is wrong is as good as offline: the words are kept, and go out later
      const trouble =
        navigator.onLine &&
        (await loader.chunk<TroubleModule>(`trouble-${words.language}`).catch(() => undefined));
      if (signal.aborted) return;
      if (!trouble) {
        if (!cutOff) end(offline(discard, close), words.not_sent, focus);
        cutOff = true;
        await new Promise((on) => {
          addEventListener('online', on, { once: true, signal });
          timer = setTimeout(on, PAUSE);
        });
        return deliver(item);
      }
      const again = outcome.wait ? (same: boolean) => deliver(same && item) : undefined;
      // to the last step, with all that was given: what the server refuses may be put right there
      const back = () => {
        done = false;
        showStep(at, true);
      };
      end(trouble.mend(survey.questions, answers, again, back), words.not_sent, focus);
    }
  }

  function end(ending: Ending, title: string, focus: boolean): void {
    step = undefined;
    frame.top(title, -1);
    frame.fill(ending.el, ending.label);
    if (focus) focusInside();
  }

  function discard(): void {
    dequeue(loader, draft.id, draft.seq);
    keepDraft(loader, opening);
    close();
  }
  function remove(): void {
    clearTimeout(timer);
    stop.abort();
    frame.remove();
  }
  function close(): void {
    if (signal.aborted) return;
    const inside = loader.root.activeElement;
    snapshot();
    tell('closed');
    remove();
    gone(!!inside || !byItself);
  }

  document.addEventListener('visibilitychange', () => document.hidden && snapshot(), { signal });
  addEventListener('pagehide', snapshot, { signal });
  showStep(0, false);
  tell('shown');
  // focus has the browser lay all out at once: a task of its own, so that neither keeps the page waiting for long
  if (byItself) frame.announce(fill(words.opened, { q: step!.label.textContent! }));
  else setTimeout(focusInside);
  return { remove, close };
}
