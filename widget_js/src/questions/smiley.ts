/** Five drawn faces, each with its word: the lowest effort there is. */
import { h } from '../dom';
import { face } from '../icons';
import { type Factory, scale } from './question';

export const smiley: Factory = (asked) =>
  scale(
    asked,
    'smileys',
    [1, 2, 3, 4, 5].map((mood) => ({
      value: `${mood}`,
      inside: [face(mood), h('span', { class: 'word' }, asked.question.labels?.[mood - 1] ?? `${mood}`)],
    })),
  );

/** Four: the five without the middle one, so that a number means the same face in either. */
export const fourSmileys: Factory = (asked) => {
  const [worst, bad, good, best] = asked.question.labels!;
  const labels = [worst!, bad!, '', good!, best!];
  const made = smiley({ ...asked, question: { ...asked.question, labels } });
  made.el.querySelector('.smileys')!.classList.add('four');
  made.el.querySelector('[value="3"]')!.parentElement!.remove();
  return made;
};
