/** What travels between the widget and its server, and between loader and chunks. Types only: no code, no bytes. */
import type { Condition, Scalar } from './conditions';
import type * as dom from './dom';
import type { Path } from './flow';
import type { Factory } from './questions/question';
import type { Item } from './queue';
import type { Store } from './storage';

export type Answer = number | string | boolean | string[] | Contact | Rows | Picked | null;
export type Answers = Record<string, Answer>;
export interface Contact {
  name?: string;
  email?: string;
  consent: boolean;
}

/** Row by row: a number for each. */
export interface Rows {
  [row: string]: number;
}

/** A part of the page that somebody pointed at. Never what stands in a field. */
export interface Picked {
  selector: string;
  tag: string;
  kind: 'button' | 'link' | 'field' | 'picture' | 'heading' | 'frame' | 'part';
  /** Its words on the page, where it has any that are nobody's own. */
  name?: string;
  /** Left, top, width and height in the viewport, CSS pixels. */
  rect: [number, number, number, number];
  viewport: [number, number];
}

export interface Colours {
  accent: string;
  on_accent: string;
  mark: string;
  ground: string;
  ink: string;
  ink_2: string;
  edge: string;
  wash: string;
}
export interface Theme {
  radius: number;
  /** Missing: the system's. */
  font?: 'inherit';
  scheme: 'auto' | 'light' | 'dark';
  light: Colours;
  dark: Colours;
  logo?: Logo;
}
/** Drawn by the placement chunk. `plate`: a ground on which it shows. */
export interface Logo {
  url: string;
  alt: string;
  width: number;
  height: number;
  plate: string;
}

export type Trigger =
  | { kind: 'exit_intent'; min_dwell_seconds?: number }
  | { kind: 'dwell'; seconds: number }
  | { kind: 'event'; name: string }
  | { kind: 'scroll'; percent: number }
  | { kind: 'idle'; seconds: number }
  | { kind: 'page_view'; pages?: number }
  | { kind: 'click' | 'visible'; selector: string }
  | { kind: 'dead_click' | 'form_error' | 'back_and_forth'; times?: number }
  | { kind: 'rage_click' | 'error' };
/** `hosted`: on the survey's own page. */
export type OpenedBy = Trigger['kind'] | 'button' | 'inline' | 'hosted';
/** Where a survey is drawn: in a corner, over the page, or in an element of the page. */
export type Display = 'panel' | 'modal' | 'inline';

/** From and until are ms since the epoch; days and hours are those of the site's zone. */
export interface Schedule {
  from?: number;
  until?: number;
  days?: string[];
  hours?: [string, string];
}
/** A survey as the config names it: enough to decide, its words come later. */
export interface SurveyRef {
  key: string;
  version: string;
  wave: number;
  languages: string[];
  triggers: Trigger[];
  targeting: Condition | null;
  frequency: {
    repeat: 'once' | 'times' | 'until_answered' | 'every' | 'always';
    cooldown_days: number;
    times?: number;
    every_days?: number;
    per_session?: number;
  };
  /** Asked of so many visitors in a hundred. */
  percent?: number;
  schedule?: Schedule;
  silenced_by: string[];
  /** Missing: a panel. */
  display?: Display;
  /** A selector of the page's elements that open it when pressed. */
  opened_by?: string;
}
export interface Config {
  p: number;
  site: {
    key: string;
    name: string;
    language: string;
    languages: string[];
    consent: 'open' | 'ask';
    zone?: string;
  };
  button: {
    survey: string;
    version: string;
    position: string;
    label: Record<string, string>;
    /** Drawn by the placement chunk: until it is here, there is none. */
    hidden?: boolean;
    opened_by?: string;
  } | null;
  /** A selector: where the page holds such an element, the placement chunk comes. Missing: the elements that name a survey. */
  places?: string;
  theme: Theme;
  surveys: SurveyRef[];
  /** The site has links and short answers that come up while somebody writes. */
  help?: boolean;
}

export interface Question {
  key: string;
  type: string;
  required?: boolean;
  text: string;
  hint?: string | null;
  labels?: string[] | null;
  options?: { key: string; label: string }[] | null;
  rows?: number | null;
  max_length?: number | null;
  show_if?: Condition | null;
  in_place?: boolean;
  variants?: { if: Condition; text: string; hint?: string }[] | null;
  /** Options in an order of the visit's own; those in `last` stay behind. */
  random?: boolean;
  last?: string[];
  /** The rows of a matrix. */
  items?: { key: string; label: string }[];
  /** Of a date: 2027-01-31, or today. */
  earliest?: string;
  latest?: string;
  link?: { url: string; label: string };
  /** What a contact question asks for, if not for the address alone. */
  ask?: ('email' | 'name')[];
  /** A usual type that takes more than the panel's own knows: the `more` chunk has it. */
  more?: boolean;
  leads_to?: Lead[];
  must?: Must;
}
/** Where a question leads on to: `next`, `end` or the key of a question below. */
export interface Lead {
  if?: Condition;
  go: string;
  thanks?: Thanks;
}
/** What an answer must be like, beyond being there. */
export interface Must {
  min_length?: number;
  kind?: string;
  matches?: string;
  example?: string;
  at_least?: number;
  at_most?: number;
}
export interface Thanks {
  title: string;
  text?: string | null;
}
/** One survey in one language. */
export interface Survey {
  key: string;
  version: string;
  lang: string;
  title: string;
  consent?: { version: string; text: string } | null;
  questions: Question[];
  thanks?: (Thanks & { variants?: (Thanks & { if: Condition })[] }) | null;
  /** It needs the `logic` chunk. */
  logic?: boolean;
}
/**
 * What walks through the survey and shows its questions: the panel's own for most, the `logic` chunk's for a survey
 * that asks for it. That one writes the texts of its questions and its thanks anew with each walk.
 */
export type Logic = [walk: (questions: Question[], answers: Answers) => Path, kinds: Record<string, Factory>];

export interface Claims {
  reference?: string;
  email?: string;
  name?: string;
  sig?: string;
}
export interface Declared {
  facts?: Record<string, Scalar>;
  sig?: string;
  release?: string;
}

/**
 * What the loader lends to its chunks. A tab that outlives a deploy may pair an older loader with a newer chunk
 * of the same major, so this grows only by optional members.
 */
export interface Loader {
  build: string;
  config: Config;
  root: ShadowRoot;
  adopt(css: string): void;
  h: typeof dom.h;
  svg: typeof dom.svg;
  local: Store;
  session: Store;
  /** GPC or DNT is on. */
  privacy: boolean;
  /** Aborted by remove(): every listener hangs on it. */
  signal: AbortSignal;
  declared: Declared;
  claims(): Claims;
  /** Only with consent, and never under GPC or DNT. */
  visitorId(): string | undefined;
  /** `/v1/sites/K` */
  siteUrl: string;
  /** False in `ask` mode before consent: then nothing is kept or sent before an explicit Send. */
  maySave(): boolean;
  languageFor(survey: SurveyRef): string;
  textOf(survey: SurveyRef): Promise<Survey>;
  uuid(): string;
  say(...words: unknown[]): void;
  emit(event: string, detail?: unknown): void;
  post(path: string, body: unknown): Promise<Response>;
  chunk<T>(name: string): Promise<T>;
  /** Opens a survey that comes by itself. */
  prompt(survey: SurveyRef, openedBy: OpenedBy): void;
  /** The survey that is open or about to open; a loader of an older build says only that there is one. */
  busy(): SurveyRef | boolean | undefined;
  /** Set where the site has a list of help: attends the panel in this root. */
  assist?(root: ShadowRoot): void;
  /** Once it is here: what is sent in the background is noted there, too. */
  visit?: Pick<Visit, 'answered'>;
  /** Set by what has something to send after a finished answer was taken in. */
  followed?(item: Item): void;
}

export interface Explanation {
  survey: string;
  triggers: Trigger[];
  silent: string | null;
}

/** The `visit` chunk: what is noticed about this visit, and who is asked. */
export interface Visit {
  context(openedBy: OpenedBy, survey: SurveyRef): Record<string, unknown>;
  /** Why this survey may not come up by itself now; null when it may. */
  why(survey: SurveyRef): Promise<string | null>;
  shown(survey: SurveyRef): void;
  answered(survey: SurveyRef, receipt: string | null): void;
  /** For the site's developers: each survey, and in a sentence why it would stay silent now (null: it would come up). */
  explain(): Promise<Explanation[]>;
  /** Takes what the session has of this visit for all there was. */
  recollect(): void;
  goal(name: string): void;
  track(name: string): void;
}
export interface VisitModule {
  attend(loader: Loader): Visit;
}

export interface Opening {
  ref: SurveyRef;
  survey: Survey;
  openedBy: OpenedBy;
  visit?: Visit;
  /** Inline: an aborted one, so that the panel takes no keys of the page's. */
  deaf?: AbortSignal;
  /** Called once, when the panel has gone; `back` says whether focus should return to where it came from. */
  gone(back: boolean): void;
}
export interface Panel {
  close(): void;
  remove(): void;
}
export interface PanelModule {
  open(loader: Loader, opening: Opening): Panel | Promise<Panel>;
}
/** The `placement` chunk: everything but a button in a lower corner and the panel beside it. */
export interface PlacementModule {
  place(loader: Loader, visit: Visit): void;
}
/** The `unsent` chunk: sends what is left over, from this page or an earlier one. */
export interface UnsentModule {
  /** `late`: was finished before it came to this; what is queued under its id goes out under another. */
  resume(loader: Loader, late?: Item): void;
}
