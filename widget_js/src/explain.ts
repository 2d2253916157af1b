/**
 * Why each survey would or would not show on this page now, in a small list on it: for the site's own people, who come
 * with a signed link. The server is asked whether the link holds; without its yes nothing is drawn.
 */
import { h } from './dom';
import css from './styles/explain.css?inline';
import type { Explanation, Loader, Trigger } from './wire';

export interface ExplainModule {
  explain(loader: Loader, reasons: () => Promise<Explanation[]>): Promise<void>;
}

const moment = ({ kind, ...how }: Trigger): string => {
  const said = Object.values(how).join(', ');
  return kind.replace(/_/g, ' ') + (said && ` (${said})`);
};
const sentence = ({ silent, triggers }: Explanation): string =>
  silent ?? `It would come up at the next of these: ${triggers.map(moment).join('; ')}.`;

export async function explain(
  { root, adopt, post, siteUrl, signal, say }: Loader,
  reasons: () => Promise<Explanation[]>,
): Promise<void> {
  const token = new URLSearchParams(location.search).get('fw-explain');
  const answer = await post(`${siteUrl}/explain`, { token });
  if (signal.aborted) return;
  if (!answer.ok) return say('fw-explain: this link does not hold (any more).');
  const { until } = await answer.json();
  adopt(css);
  const list = h('ul');
  const status = h('p', { class: 'when', role: 'status' });
  const look = async () => {
    const all = await reasons();
    const items = all.map((one) => {
      const would = one.silent === null;
      return h(
        'li',
        { class: would ? 'would' : 'not' },
        h('b', {}, one.survey),
        h('span', { class: 'mark' }, would ? 'Would show' : 'Stays silent'),
        h('p', {}, sentence(one)),
      );
    });
    list.replaceChildren(...(items.length ? items : [h('li', {}, 'This site has no survey.')]));
    status.textContent = `As of ${new Date().toLocaleTimeString('en-GB')}. This link works until ${new Date(until).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}.`;
  };
  const close = () => panel.remove();
  const panel = h(
    'section',
    {
      class: 'explain',
      lang: 'en',
      dir: 'ltr',
      'aria-labelledby': 'explain-title',
      'data-part': 'explain',
      keydown: (event: KeyboardEvent) => event.key === 'Escape' && close(),
    },
    h('h2', { id: 'explain-title' }, 'Surveys on this page, and why'),
    list,
    status,
    h(
      'p',
      { class: 'do' },
      h('button', { type: 'button', 'data-part': 'explain-again', click: look }, 'Look again'),
      h('button', { type: 'button', 'data-part': 'explain-close', click: close }, 'Close'),
    ),
  );
  await look();
  root.append(panel);
}
