/**
 * A picture of the page, on demand: seen, marked and covered before it is sent, and sent only with Send. What takes
 * and what edits it is the `shot` chunk; what sends it is `capture/pictures.ts`.
 */
import { drop, hold, type Kept, kept } from '../capture/pictures';
import { h, svg } from '../dom';
import { fill } from '../fill';
import * as words from '../messages';
import type { ShotModule } from '../shot';
import type { Loader } from '../wire';
import { type Factory, hintOf } from './question';

const CAMERA = 'M1.5 4.5h3l1-2h5l1 2h3v9h-13zM8 6.5a2.5 2.5 0 0 1 0 5 2.5 2.5 0 0 1 0-5z';
const READABLE = 'image/png,image/jpeg,image/webp,image/gif';

export const screenshot =
  (loader: Loader): Factory =>
  (asked) => {
    const { question, id } = asked;
    let token = kept(asked.value) ? (asked.value as string) : null;
    const label = h('div', { class: 'q', id: `${id}-q` }, question.text);
    const hint = hintOf(asked) ?? h('p', { class: 'hint', id: `${id}-hint` }, words.shot_note);
    const said = h('p', { class: 'hint', role: 'status', 'data-part': 'shot-told' });
    const preview = h('div', { class: 'preview', 'data-part': 'preview' });
    const button = (part: string, click: () => void, ...inside: (Node | string)[]) =>
      h('button', { class: 'b second', type: 'button', 'data-part': part, click }, ...inside);

    /** One at a time; what goes wrong is told, and the words go without it. */
    async function making(work: (shot: ShotModule) => Promise<Kept | null>): Promise<void> {
      const before = loader.root.activeElement as HTMLElement | null;
      if (said.ariaBusy) return;
      said.ariaBusy = 'true';
      said.textContent = words.shot_wait;
      try {
        const shot = await loader.chunk<ShotModule>(`shot-${words.language}`);
        const made = await work(shot);
        if (!el.isConnected) return;
        said.textContent = made?.left ? fill(words.shot_left, { n: made.left }) : '';
        if (made) {
          token = hold(loader, made, token);
          asked.changed('done');
        }
        show();
        (made ? edit : before)?.focus();
      } catch (error) {
        loader.say(error);
        said.textContent = words.shot_failed;
        file.hidden = false;
      } finally {
        said.ariaBusy = null;
      }
    }
    const take = button(
      'shot-take',
      () => making(async (shot) => shot.edit(loader, await shot.take(loader))),
      svg(16, CAMERA),
      words.shot_take,
    );
    take.classList.add('wide');
    const chosen = h('input', { type: 'file', accept: READABLE, hidden: true, tabindex: -1 });
    chosen.addEventListener('change', () => {
      const picture = chosen.files?.[0];
      chosen.value = '';
      if (picture) making(async (shot) => shot.edit(loader, await shot.read(picture)));
    });
    const file = button('shot-file', () => chosen.click(), words.shot_file);
    file.hidden = true;
    const edit = button(
      'shot-edit',
      () => making((shot) => shot.edit(loader, kept(token)!)),
      words.shot_edit,
    );
    const away = button(
      'shot-drop',
      () => {
        drop(token);
        token = null;
        said.textContent = '';
        show();
        take.focus();
        asked.changed('done');
      },
      words.remove,
    );

    function show(): void {
      const picture = kept(token)?.shown;
      if (picture) preview.replaceChildren(picture);
      for (const part of [preview, edit, away]) part.hidden = !picture;
      take.hidden = !!picture;
      if (picture) file.hidden = true;
    }
    show();
    const el = h(
      'div',
      {
        'data-question': question.key,
        role: 'group',
        'aria-labelledby': label.id,
        'aria-describedby': hint.id,
      },
      label,
      hint,
      preview,
      h('div', { class: 'row' }, take, edit, away, file, chosen),
      said,
    );
    return {
      el,
      label,
      value: () => token,
      mount() {
        // a reload or another tab restored the answer, but no picture is ever kept in the browser
        if (asked.value && !token) asked.changed('done');
      },
    };
  };
