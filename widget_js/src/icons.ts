/** The few drawings of the panel, as line paths on a 16 px grid (faces: 40 px). */
import { svg } from './dom';

const PATHS = {
  close: 'm4 4 8 8M12 4l-8 8',
  back: 'm9.5 4-4 4 4 4',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.3V2.5h-8v8h2.8',
  trouble: 'M8 1.8 14.6 13.6H1.4zM8 6.2v3.4M8 11.5v.1',
  offline:
    'M4.5 12.7h6.7c1.7 0 2.6-1.2 2.6-2.5 0-1.4-1-2.4-2.4-2.5-.3-2-1.7-3.2-3.5-3.2-.6 0-1.2.2-1.7.5M4.7 6.7C3 7 2.2 8.2 2.2 9.7c0 1.2.6 2.2 1.5 2.7M2.5 2.5l11 11',
  star: 'm8 2 1.8 3.9 4.2.5-3.1 2.9.8 4.2L8 11.4l-3.7 2.1.8-4.2L2 6.4l4.2-.5z',
};
const MOUTHS = [
  'M13 28.5c2-4.3 4.3-6 7-6s5 1.7 7 6',
  'M14 27.5c1.8-2 3.8-2.9 6-2.9s4.2.9 6 2.9',
  'M14 26h12',
  'M14 24.5c1.8 2 3.8 2.9 6 2.9s4.2-.9 6-2.9',
  'M12.5 22.5c1.7 4.5 4.3 6.5 7.5 6.5s5.8-2 7.5-6.5z',
];

export const icon = (name: keyof typeof PATHS): SVGElement => svg('0 0 16 16', ['path', { d: PATHS[name] }]);

/** 1 (awful) to 5 (great). */
export const face = (mood: number): SVGElement =>
  svg(
    '0 0 40 40',
    ['circle', { cx: 20, cy: 20, r: 16 }],
    ['path', { d: 'M14 16.5v.01M26 16.5v.01', 'stroke-width': 3.5 }],
    ['path', { d: MOUTHS[mood - 1] ?? '' }],
  );

export const dashes = (done: number, of: number): SVGElement => {
  const el = svg(
    `0 0 ${of * 18 - 4} 4`,
    ...Array.from({ length: of }, (_, i): [string, Record<string, string | number>] => [
      'rect',
      { x: i * 18, width: 14, height: 4, rx: 2, class: i < done ? 'on' : '' },
    ]),
  );
  el.setAttribute('class', 'seg');
  el.setAttribute('width', String(of * 18 - 4));
  el.setAttribute('height', '4');
  return el;
};
