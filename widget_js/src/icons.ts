/** The few drawings of the panel, as line paths on a 16 px grid (faces: 40 px). */
import { svg } from './dom';

const PATHS = {
  copy: 'M6 6h8v8H6zm4-1V2H2v8h3',
  back: 'm9.5 4-4 4 4 4',
  close: 'm4 4 8 8m0-8-8 8',
  offline: 'M2 6q6-5 12 0M4 9q4-4 8 0M3 3l10 10',
};
const MOUTHS = ['29q7-12 14 0', '28q7-6 14 0', '26h14', '25q7 6 14 0', '23q7 14 14 0z'];

export const icon = (name: keyof typeof PATHS): SVGElement => svg(16, PATHS[name]);

/** 1 (awful) to 5 (great). */
export const face = (mood: number): SVGElement =>
  svg(
    40,
    `M20 4a16 16 0 0 1 0 32 16 16 0 0 1 0-32zm-6 11a1 1 0 0 1 0 3 1 1 0 0 1 0-3zm12 0a1 1 0 0 1 0 3 1 1 0 0 1 0-3zM13 ${MOUTHS[mood - 1]}`,
  );
