export interface Options {
  /** Where your feedback server is, such as `https://feedback.example.com`. */
  server: string;
  /** The site's key: it stands in the console under Settings. */
  site: string;
  /** The language to speak; else the page's `lang`, else the browser's. */
  lang?: string;
  /** Goes with every answer, so that a bad release shows. */
  release?: string;
  /** Under a content policy with nonces. */
  nonce?: string;
}

/** A text, a whole number, true or false. */
export type Fact = string | number | boolean;

/** Who the visitor is. With `sig`, made by your server, it is known; without, it is a claim that staff are shown. */
export interface Identity {
  reference?: string;
  email?: string;
  name?: string;
  sig?: string;
}

export interface Explanation {
  survey: string;
  triggers: { kind: string }[];
  /** Why it stays silent now; null when it would come up. */
  silent: string | null;
}

export interface Events {
  ready: undefined;
  open: { survey: string };
  started: { survey: string };
  /** A question was answered or passed over: which one, never with what. */
  answer: { survey: string; question: string; type: string };
  /** The server has it. */
  submit: { survey: string; id: string; receipt_url: string | null };
  close: { survey: string };
  error: { reason: string; survey?: string };
  /** Older names of `open`, `submit` and `close`. */
  shown: Events['open'];
  sent: Events['submit'];
  closed: Events['close'];
}

export interface Feedback {
  /** Opens a survey; without a key, the one of the button. */
  open(survey?: string): void;
  close(): void;
  /** Returns what ends the listening. */
  on<Name extends keyof Events>(event: Name, listener: (detail: Events[Name]) => void): () => void;
  /** Ends the listening of this very function. */
  off<Name extends keyof Events>(event: Name, listener: (detail: Events[Name]) => void): void;
  identify(who: Identity): void;
  /** What holds of this visit from now on; signed facts steer, others are shown to staff. */
  set(facts: Record<string, Fact>, sig?: string): void;
  /** Something that happened, once: a survey may wait for it. */
  track(event: string): void;
  /** What was reached silences the surveys that it silences. */
  goal(name: string): void;
  consent(given: boolean): void;
  /** For each survey, whether it would come up now, and why not. */
  explain(): Promise<Explanation[]>;
  /** Takes everything away again: elements, listeners, timers, names. */
  remove(): void;
}

/** Puts the widget on the page, once for each site. Nothing is thrown: what is wrong stands in the console. */
export declare function loadFeedback(options: Options): Feedback;

declare global {
  interface Window {
    // biome-ignore lint/suspicious/noExplicitAny: an array of calls before the script is here, the widget after
    FeedbackWidget?: any;
  }
}
