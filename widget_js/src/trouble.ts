/** What stands in the panel when the server would not take the words in. A chunk that comes when that happens. */
import { h, svg } from './dom';
import { busy, button, copying, type Ending, foot, unsent } from './endings';
import * as words from './messages';
import type { Answers, Question } from './wire';

export interface TroubleModule {
  mend: typeof mend;
  /** For panels of earlier builds that are still open. */
  trouble: typeof trouble;
}
const SIGN = 'm8 1.8 6.6 11.8H1.4zm0 4.4v3.4m0 1.9v.1';

/** Their text can be edited and copied; `again` is missing when the server will not have it: then `back` is there. */
export function trouble(
  text: string,
  edited: (text: string) => void,
  again?: () => void,
  back?: () => void,
): Ending {
  const area = h('textarea', {
    rows: 4,
    dir: 'auto',
    'aria-label': words.message,
    input: () => edited(area.value),
  });
  area.value = text;
  const pressed = () => {
    if (go.ariaDisabled) return;
    busy(go);
    again!();
  };
  const go = button('again', pressed, '', words.try_again);
  const other = back ? button('amend', back, '', words.back) : null;
  return unsent(
    'trouble',
    svg(16, SIGN),
    'alert',
    words.trouble,
    words.trouble_more,
    text ? area : null,
    foot(text ? copying('copy_text', words.copy_text, () => area.value, area) : null, again ? go : other),
  );
}

/** What they wrote, of all that they answered: edited here, it is what is sent again; `again` hears if it is the same. */
export function mend(
  questions: Question[],
  answers: Answers,
  again?: (same: boolean) => void,
  back?: () => void,
): Ending {
  const key = questions.find((one) => one.type === 'text' && answers[one.key])?.key;
  let same = true;
  const edited = (text: string) => {
    answers[key!] = text;
    same = false;
  };
  return trouble(key ? `${answers[key]}` : '', edited, again && (() => again(same)), back);
}
