/** One visitor's answers to one survey: the draft that survives closing, and the snapshots that are sent. */
import type { Facts } from './conditions';
import type { Path } from './flow';
import type { Item } from './queue';
import { enqueue, type Personal } from './sender';
import type { Answers, Loader, Opening } from './wire';

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
}
/** The screen has this long to send by itself before the background takes over. */
const HEAD_START = 15_000;
const nameOf = (opening: Opening) => `draft:${opening.ref.key}`;

const kept = (loader: Loader, opening: Opening) => loader.session.get<Draft>(nameOf(opening));
const named = ({ uuid }: Loader) => ({
  id: uuid(),
  // two of them: more than 128 bits that only this browser knows
  secret: (uuid() + uuid()).replace(/-/g, ''),
  seq: 0,
});

export function openDraft(loader: Loader, opening: Opening): Draft {
  const { version } = opening.survey;
  const before = kept(loader, opening);
  if (before?.version === version) return before;
  return { version, ...named(loader), display: loader.uuid(), started: Date.now(), answers: {} };
}

/** An answer was given. One that another page of this tab has finished meanwhile takes no more: this is another one. */
export function noteDraft(loader: Loader, opening: Opening, draft: Draft): void {
  if (!kept(loader, opening)) Object.assign(draft, named(loader));
  keepDraft(loader, opening, draft);
}

export const keepDraft = (loader: Loader, opening: Opening, draft?: Draft): void =>
  loader.session.set(nameOf(opening), draft);

function visitorOf(loader: Loader, consent?: string): Personal['visitor'] {
  const claims = loader.claims();
  // signed claims go exactly as they were signed
  if (claims.sig) return { ...claims };
  const id = loader.visitorId();
  const who = { ...(id && { id }), ...claims, ...(consent && { consent: { version: consent } }) };
  return Object.keys(who).length ? who : undefined;
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
  const agreed = finished && Object.keys(contact).length > 0;
  const personal: Personal = {
    contact: agreed ? contact : undefined,
    visitor: visitorOf(loader, agreed ? survey.consent?.version : ''),
  };
  draft.seq++;
  const { answers: _, version, ...known } = draft;
  const now = Date.now();
  const item = {
    id: draft.id,
    seq: draft.seq,
    finished,
    at: now,
    tries: 0,
    due: now + HEAD_START,
    body: {
      p: 1,
      build: loader.build,
      ...known,
      finished,
      survey: ref.key,
      version,
      wave: ref.wave,
      lang: survey.lang,
      answers,
      context: visit?.context(openedBy, ref) ?? { url: location.href },
    },
  };
  keepDraft(loader, opening, draft);
  return enqueue(loader, item, personal);
}
