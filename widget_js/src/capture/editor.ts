/**
 * The picture, large: boxes that point at something, and black ones that hide it for good. By pointer and finger by
 * drawing, by key with a box that is moved, sized and set. Modal, because nothing else can be done meanwhile.
 */
import { h } from '../dom';
import * as words from '../messages';
import type { Loader } from '../wire';
import { encoded, scaled } from './encode';
import type { Kept, Mark } from './pictures';

type Box = Omit<Mark, 'kind'>;
const LIGHT = '#e8590c';
const LEAST = 6;

/** Draws the marks into the picture: what is hidden is gone from it. */
export function burn(canvas: HTMLCanvasElement, marks: Mark[]): void {
  const pen = canvas.getContext('2d')!;
  const line = Math.max(3, Math.round(canvas.width / 350));
  for (const { kind, x, y, width, height } of marks) {
    if (kind === 'hide') {
      pen.fillStyle = '#000';
      pen.fillRect(x, y, width, height);
    } else {
      pen.lineWidth = line * 2;
      pen.strokeStyle = '#fff';
      pen.strokeRect(x, y, width, height);
      pen.lineWidth = line;
      pen.strokeStyle = LIGHT;
      pen.strokeRect(x, y, width, height);
    }
  }
}

/** Between two corners, inside the picture. */
export function boxOf(ax: number, ay: number, bx: number, by: number, width: number, height: number): Box {
  const held = (at: number, most: number) => Math.min(Math.max(at, 0), most);
  const x = held(Math.min(ax, bx), width);
  const y = held(Math.min(ay, by), height);
  return { x, y, width: held(Math.max(ax, bx), width) - x, height: held(Math.max(ay, by), height) - y };
}

/** A box after a key: an arrow moves it, with Shift it grows and shrinks. */
export function nudged(
  box: Box,
  key: string,
  shift: boolean,
  step: number,
  width: number,
  height: number,
): Box {
  const dx = key === 'ArrowLeft' ? -step : key === 'ArrowRight' ? step : 0;
  const dy = key === 'ArrowUp' ? -step : key === 'ArrowDown' ? step : 0;
  const held = (at: number, least: number, most: number) => Math.min(Math.max(at, least), most);
  if (shift)
    return {
      ...box,
      width: held(box.width + dx, step, width - box.x),
      height: held(box.height + dy, step, height - box.y),
    };
  return { ...box, x: held(box.x + dx, 0, width - box.width), y: held(box.y + dy, 0, height - box.height) };
}

/** Resolves with the picture as it is to be sent, or null: nothing changes then. */
export function edit({ root, signal: gone }: Loader, picture: Kept): Promise<Kept | null> {
  const { base } = picture;
  const { width, height } = base;
  const panel = root.querySelector<HTMLElement>('[data-part=panel]');
  const over = new AbortController();
  const { signal } = over;
  let marks = [...picture.marks];
  let tool: Mark['kind'] = 'light';
  let drawing: Box | null = null;
  let byKey = false;
  let finish: (kept: Kept | null) => void;
  let fail: (error: unknown) => void;
  const done = new Promise<Kept | null>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });

  const canvas = h('canvas', { width, height });
  const told = h('p', { class: 'hint', role: 'status', 'data-part': 'edit-told' });
  const stage = h(
    'div',
    {
      class: 'stage',
      role: 'application',
      tabindex: 0,
      'aria-label': words.shot_title,
      'aria-describedby': 'shot-keys',
      'data-part': 'stage',
    },
    canvas,
  );
  const button = (part: string, name: string, look: string, click: (event: MouseEvent) => void) =>
    h('button', { class: `b ${look}`, type: 'button', 'data-part': part, click }, name);
  const choose = (kind: Mark['kind']) => (event: MouseEvent) => {
    tool = kind;
    tools();
    // pressed by key: a box to begin with
    if (!event.detail) begin();
  };
  const light = button('edit-light', words.shot_light, 'second', choose('light'));
  const hide = button('edit-hide', words.shot_hide, 'second', choose('hide'));
  const undo = button('edit-undo', words.shot_undo, 'second', () => {
    marks.pop();
    say(words.shot_undone);
    show();
    if (undo.disabled) stage.focus();
  });
  const use = button('edit-use', words.shot_use, '', () => void ready());
  const sheet = h(
    'section',
    {
      class: 'editor',
      role: 'dialog',
      'aria-modal': 'true',
      'aria-labelledby': 'shot-title',
      lang: words.language,
      dir: 'auto',
      'data-part': 'editor',
    },
    h('h2', { class: 'strong', id: 'shot-title' }, words.shot_how),
    h('p', { class: 'hint', id: 'shot-keys' }, words.shot_keys),
    h('div', { class: 'row', role: 'group', 'aria-label': words.shot_title }, light, hide, undo),
    stage,
    told,
    h(
      'div',
      { class: 'foot' },
      button('edit-leave', words.cancel, 'second', () => end(null)),
      use,
    ),
  );
  const say = (sentence: string) => {
    told.textContent = sentence;
  };

  function tools(): void {
    light.ariaPressed = `${tool === 'light'}`;
    hide.ariaPressed = `${tool === 'hide'}`;
  }
  function show(): void {
    canvas.getContext('2d')!.drawImage(base, 0, 0);
    burn(canvas, drawing ? [...marks, { kind: tool, ...drawing }] : marks);
    undo.disabled = !marks.length;
  }
  function set(): void {
    const box = drawing;
    drawing = null;
    byKey = false;
    if (box && box.width >= LEAST && box.height >= LEAST) {
      marks = [...marks, { kind: tool, ...box }];
      say(tool === 'hide' ? words.shot_hidden : words.shot_lit);
    }
    show();
  }
  function begin(): void {
    byKey = true;
    drawing = { x: width * 0.4, y: height * 0.4, width: width * 0.2, height: height * 0.2 };
    stage.focus();
    say(words.shot_keys);
    show();
  }

  async function ready(): Promise<void> {
    if (use.ariaDisabled) return;
    if (drawing) set();
    use.ariaDisabled = 'true';
    try {
      const burnt = scaled(base, width, height);
      burn(burnt, marks);
      const blob = await encoded(burnt);
      const shown = scaled(burnt, 640, (640 * height) / width);
      shown.setAttribute('role', 'img');
      shown.ariaLabel = words.shot_alt;
      end({ ...picture, marks, blob, shown });
    } catch (error) {
      end(null, error);
    }
  }
  function end(kept: Kept | null, error?: unknown): void {
    over.abort();
    watching.disconnect();
    sheet.remove();
    if (panel) panel.hidden = false;
    if (error) fail(error);
    else finish(kept);
  }

  const at = ({ clientX, clientY }: PointerEvent): [number, number] => {
    const box = canvas.getBoundingClientRect();
    return [((clientX - box.left) * width) / box.width, ((clientY - box.top) * height) / box.height];
  };
  let from: [number, number] | null = null;
  const draw = (event: PointerEvent) => {
    if (!from) return;
    drawing = boxOf(...from, ...at(event), width, height);
    show();
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button) return;
    if (byKey) set();
    from = at(event);
    canvas.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  canvas.addEventListener('pointermove', draw);
  canvas.addEventListener('pointerup', (event) => {
    draw(event);
    from = null;
    set();
  });
  canvas.addEventListener('pointercancel', () => {
    from = drawing = null;
    show();
  });

  const step = Math.max(4, Math.round(width / 100));
  function pressed(event: KeyboardEvent): void {
    event.stopImmediatePropagation();
    const { key } = event;
    const onStage = root.activeElement === stage;
    if (key === 'Escape') {
      if (drawing) {
        drawing = null;
        byKey = false;
        show();
      } else end(null);
    } else if (key === 'Tab') turn(event.shiftKey ? -1 : 1);
    else if (onStage && key === 'Enter') {
      if (drawing) set();
      else begin();
    } else if (onStage && drawing && key.startsWith('Arrow'))
      drawing = nudged(drawing, key, event.shiftKey, step, width, height);
    else return;
    event.preventDefault();
    if (!signal.aborted) show();
  }
  /** Focus goes round inside. */
  function turn(by: number): void {
    const stops = [...sheet.querySelectorAll<HTMLElement>('button:not(:disabled),[tabindex]')];
    const now = stops.indexOf(root.activeElement as HTMLElement) + by;
    stops[(now + stops.length) % stops.length]!.focus();
  }
  addEventListener('keydown', pressed, { signal, capture: true });
  for (const name of ['keyup', 'keypress'])
    addEventListener(name, (event) => event.stopImmediatePropagation(), { signal, capture: true });
  gone.addEventListener('abort', () => end(null), { signal });
  const watching = new MutationObserver(() => panel?.isConnected || end(null));
  watching.observe(root, { childList: true });

  if (panel) panel.hidden = true;
  root.append(sheet);
  tools();
  show();
  light.focus();
  return done;
}
