/** One visitor's answers to one survey: the draft that survives closing, and the snapshots that are sent. */
import { isEmpty, sendable } from './flow';
import type { Item } from './queue';
import { hex, uuid } from './random';
import type { Personal, Sender } from './sender';
import type { Answer, Answers, Contact, Loader, Opening } from './wire';

interface Draft {
  version: string;
  id: string;
  secret: string;
  display: string;
  seq: number;
  started: number;
  answers: Answers;
}
/** The screen has this long to send by itself before the background takes over. */
const HEAD_START = 15_000;

export interface Reply {
  id: string;
  display: string;
  answers: Answers;
  answer(key: string, value: Answer): void;
  /** Queues and sends the answers so far, in the background; nothing when nothing is new. */
  snapshot(sender: Sender): void;
  /** Queues the whole answer; what was pressed is Send. */
  finish(sender: Sender): void;
  forget(): void;
}

export function makeReply(loader: Loader, { ref, survey, openedBy }: Opening): Reply {
  const name = `draft:${ref.key}`;
  const kept = loader.session.get<Draft>(name);
  const draft: Draft =
    kept?.version === survey.version
      ? kept
      : { version: survey.version, id: uuid(), secret: hex(16), display: uuid(), seq: 0, started: Date.now(), answers: {} };
  let sent = '';

  function visitor(consent: boolean): Personal['visitor'] {
    const claims = loader.claims();
    // signed claims go exactly as they were signed
    if (claims.sig) return { ...claims };
    const id = loader.visitorId();
    const version = consent && survey.consent ? { consent: { version: survey.consent.version } } : {};
    const who = { ...(id ? { id } : {}), ...claims, ...version };
    return Object.keys(who).length ? who : undefined;
  }

  function queue(sender: Sender, finished: boolean): void {
    const contactKeys = survey.questions.filter((q) => q.type === 'contact').map((q) => q.key);
    const answers = sendable(survey.questions, draft.answers, finished);
    const contact: Record<string, unknown> = {};
    for (const key of contactKeys) {
      if (answers[key]) contact[key] = answers[key];
      delete answers[key];
    }
    const consent = Object.values(contact).some((c) => (c as Contact).consent);
    draft.seq += 1;
    const now = Date.now();
    const body = {
      p: 1,
      build: loader.build,
      id: draft.id,
      secret: draft.secret,
      seq: draft.seq,
      finished,
      survey: ref.key,
      version: survey.version,
      wave: ref.wave,
      lang: survey.lang,
      display: draft.display,
      answers,
      started: draft.started,
      context: loader.context(openedBy, ref),
    };
    const item: Item = {
      id: draft.id,
      seq: draft.seq,
      finished,
      at: now,
      tries: 0,
      due: now + HEAD_START,
      tab: '',
      personal: false,
      body,
    };
    const who = visitor(consent);
    sender.put(item, { ...(Object.keys(contact).length ? { contact } : {}), ...(who ? { visitor: who } : {}) }, finished);
    keep();
  }
  const keep = () => loader.session.set(name, draft);

  return {
    id: draft.id,
    display: draft.display,
    answers: draft.answers,
    answer(key, value) {
      draft.answers[key] = value;
      keep();
    },
    snapshot(sender) {
      // before consent nothing leaves the page unless somebody presses Send
      if (!loader.maySave()) return;
      const now = sendable(survey.questions, draft.answers, false);
      const text = JSON.stringify(now);
      if (text === sent || !Object.values(now).some((a) => !isEmpty(a))) return;
      sent = text;
      queue(sender, false);
      sender.send(draft.id).catch(() => {});
    },
    finish: (sender) => queue(sender, true),
    forget: () => loader.session.drop(name),
  };
}
