/** The path through a survey whose questions lead on: `flow.ts` with jumps, ends, and facts of the opening. Pure. */
import { type Fact, type Facts, holds } from '../conditions';
import { isEmpty, type Path } from '../flow';
import type { Answer, Answers, Lead, Question, Survey, Thanks } from '../wire';

export interface Way extends Path {
  /** That of the rule which ended the survey, if it brought its own. */
  thanks?: Thanks;
}

/** Types that are answered row by row: each row is a fact of its own. */
const IN_ROWS = ['matrix', 'ranking'];

/** What conditions know of an answer, by name: an address and other objects are no facts, and nor is nothing. */
function factsOf({ key, type }: Question, answer: Answer): [name: string, fact: Fact][] {
  if (IN_ROWS.includes(type))
    return Object.entries(Object(answer)).map(([row, number]) => [`answers.${key}.${row}`, number as number]);
  return typeof answer !== 'object' || Array.isArray(answer) ? [[`answers.${key}`, answer]] : [];
}

const firstThatHolds = (leads: Lead[] | undefined, facts: Facts): Lead | undefined =>
  leads?.find((lead) => !lead.if || holds(lead.if, facts));

/** `opening`: what was known when the survey was opened. Twin: `path_of` in widget_server/surveys/path.py. */
export function wayOf(questions: Question[], answers: Answers, opening: Facts): Way {
  const way: Way = { steps: [], given: {}, contact: {}, facts: {} };
  for (const [name, fact] of Object.entries(opening))
    if (!name.startsWith('answers.')) way.facts[name] = fact;
  let step: Question[] | undefined;
  let to: string | undefined;
  let passedOver = false;
  for (const question of questions) {
    const { key, type, show_if, in_place, leads_to } = question;
    if (!in_place) {
      step = undefined;
      passedOver = to !== undefined && to !== 'next' && to !== key;
      if (!passedOver) to = undefined;
    }
    if (passedOver || (show_if && !holds(show_if, way.facts))) continue;
    if (step) step.push(question);
    else {
      step = [question];
      way.steps.push(step);
    }
    const answer = answers[key];
    if (!isEmpty(answer)) {
      if (type === 'contact') way.contact[key] = answer!;
      else way.given[key] = answer!;
      for (const [name, fact] of factsOf(question, answer!)) way.facts[name] = fact;
    }
    const lead = firstThatHolds(leads_to, way.facts);
    if (lead) {
      to = lead.go;
      way.thanks = lead.thanks;
    }
  }
  return way;
}

/** How the survey ends: as the rule that ended it says, else by the first variant that holds, else as ever. */
export const thanksOf = (thanks: Survey['thanks'], way: Way): Thanks | null | undefined =>
  way.thanks ?? thanks?.variants?.find((variant) => holds(variant.if, way.facts)) ?? thanks;

/** The facts of the opening that conditions of this survey name, out of what the response will say of the page. */
export function openingFacts(survey: Survey, context: Record<string, unknown>, openedBy: string): Facts {
  const signals = Object(context.signals) as Record<string, unknown>;
  const declared = Object(context.facts) as Record<string, unknown>;
  const found: Record<string, unknown> = {
    opened_by: openedBy,
    device: context.device,
    language: survey.lang,
  };
  for (const [name, value] of Object.entries(signals))
    if (name !== 'trigger') found[`signals.${name}`] = value;
  for (const [name, value] of Object.entries(declared)) found[`attribute.${name}`] = value;
  const facts: Record<string, unknown> = {};
  for (const name of factsNamed(survey))
    if (Object.hasOwn(found, name) && found[name] != null) facts[name] = found[name];
  return facts as Facts;
}

/** Every fact that a condition anywhere in the survey looks at, answers apart. */
function factsNamed(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (value && typeof value === 'object') {
    const { fact, operator } = value as { fact?: unknown; operator?: unknown };
    if (typeof fact === 'string' && operator && !fact.startsWith('answers.')) found.add(fact);
    for (const inner of Object.values(value)) factsNamed(inner, found);
  }
  return found;
}
