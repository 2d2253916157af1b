/** One visitor's answers to one survey: the draft that survives closing, and the snapshots that are sent. */
import type { Facts } from './conditions';
import type { Path } from './flow';
import type { Item } from './queue';
import { enqueue, type Personal, tabOf } from './sender';
import type { Store } from './storage';
import type { Answers, Loader, Opening, SurveyRef } from './wire';

export interface Draft {
  version: string;
  id: string;
  secret: string;
  display: string;
  seq: number;
  started: number;
  answers: Answers;
  /** What the path is decided by, beside the answers: with a survey that has logic. */
  at_opening?: Facts;
  /** Changes with each snapshot: who holds the latest one goes on with this answer. Never sent: it tells nobody's. */
  mark?: string;
}
/** Marks of the answers that this browser's tabs are giving now. */
const MARKS = 20;
/** The screen has this long to send by itself before the background takes over. */
const HEAD_START = 15_000;
export const nameOf = ({ ref }: { ref: Pick<SurveyRef, 'key'> }) => `draft:${ref.key}`;

export function openDraft(loader: Loader, opening: Opening): Draft {
  const { version } = opening.survey;
  const before = loader.session.get<Draft>(nameOf(opening));
  if (before?.version === version) return before;
  // it is named when it is first sent
  return { version, display: loader.uuid(), started: Date.now(), answers: {} } as unknown as Draft;
}

/**
 * A tab that was copied brings the same draft along: whoever sends first goes on with the answer, and for the other, as
 * after it was finished by another page or in the background, this is one of its own.
 */
function hold({ local, uuid }: Loader, draft: Draft): void {
  const { mark } = draft;
  const marks = marksIn(local);
  Object.assign(draft, marks.includes(mark!) || another(uuid), { mark: uuid() });
  draft.seq++;
  local.set('marks', [draft.mark!, ...marks.filter((one) => one !== mark)].slice(0, MARKS));
}
// anything may stand there
export const marksIn = (local: Store) => [local.get<string[]>('marks') ?? []].flat();
/** An answer that nobody knows of yet. Its secret: 63 letters, more than 128 bits that only this browser knows. */
export const another = (uuid: () => string) => ({ id: uuid(), secret: uuid() + uuid().slice(9), seq: 0 });

export const keepDraft = (loader: Loader, opening: Opening, draft?: Draft): void =>
  loader.session.set(nameOf(opening), draft);

function visitorOf(loader: Loader, consent?: string | false): Personal['visitor'] {
  const claims = loader.claims();
  // signed claims go exactly as they were signed
  if (claims.sig) return { ...claims };
  const id = loader.visitorId();
  return id || consent || Object.keys(claims)[0]
    ? { id, ...claims, consent: consent ? { version: consent } : undefined }
    : undefined;
}

/** Puts a snapshot of the whole answer into the queue; contact details only in the finished one. */
export function queueSnapshot(
  loader: Loader,
  opening: Opening,
  draft: Draft,
  { given: answers, contact }: Path,
  finished: boolean,
): Item {
  const { ref, survey, openedBy, visit } = opening;
  // an address is only ever given with its consent
  const agreed = finished && Object.keys(contact)[0];
  const personal: Personal = {
    contact: agreed && contact,
    visitor: visitorOf(loader, agreed && survey.consent?.version),
  };
  hold(loader, draft);
  const now = Date.now();
  const item = {
    id: draft.id,
    seq: draft.seq,
    finished,
    at: now,
    tries: 0,
    due: now + HEAD_START,
    tab: tabOf(loader),
    personal: !!(agreed || personal.visitor),
    body: {
      p: 1,
      build: loader.build,
      // its answers give way to those of the path, which hold no address
      ...draft,
      survey: ref.key,
      wave: ref.wave,
      lang: survey.lang,
      answers,
      finished,
      context: visit?.context(openedBy, ref) ?? { url: location.href },
    },
  };
  keepDraft(loader, opening, draft);
  enqueue(loader, item, personal);
  return item;
}
