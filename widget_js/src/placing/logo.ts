/** The site's logo at the top of a panel: small, on a plate that it shows on, and gone where the page forbids pictures. */
import type { Loader } from '../wire';

const HIGH = 20;
const WIDE = 96;

export function logo({ config, root, h }: Loader): void {
  const { logo } = config.theme;
  const where = root.querySelector('.panel .where');
  if (!logo || !where || root.querySelector('.logo')) return;
  const { url, alt, plate } = logo;
  const shrunk = Math.min(HIGH / logo.height, WIDE / logo.width);
  const [width, height] = [logo.width, logo.height].map((one) => Math.max(1, Math.round(one * shrunk)));
  const given = { class: 'logo', alt, width, height, draggable: 'false', referrerpolicy: 'no-referrer' };
  // the server that this chunk came from, whatever page it runs on
  const img = h('img', { ...given, src: new URL(url, import.meta.url).href, error: () => img.remove() });
  img.style.background = plate;
  where.before(img);
}
