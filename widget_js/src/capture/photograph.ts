/**
 * A picture of what is in view, drawn by the page itself (modern-screenshot). What is private, foreign or ours is
 * replaced by a grey box before anything is copied. Nothing is fetched: pictures are drawn from what the page has
 * loaded; what another origin forbids to read is left grey and counted.
 */
import { createContext, destroyContext, domToForeignObjectSvg } from 'modern-screenshot';
import type { Loader } from '../wire';
import { boxInPlaceOf, fateOf, inView } from './cover';
import type { Kept } from './pictures';

const PATIENCE = 20_000;
const PIXELS = 4_000_000;
const GREY =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" width="8" height="8"%3E%3Cpath fill="%239aa0a6" d="M0 0h8v8H0z"/%3E%3C/svg%3E';

interface Frame {
  node: Element;
  /** Children copied so far. */
  copied: number;
  holes: { at: number; box: HTMLElement }[];
}

/** Throws when nothing could be drawn: a policy without `img-src data:`, or a page that takes too long. */
export async function photograph({ root, signal }: Loader): Promise<Kept> {
  const page = document.documentElement;
  const { innerWidth: width, innerHeight: height, scrollX, scrollY } = window;
  const scale = Math.min(devicePixelRatio || 1, 2, Math.sqrt(PIXELS / (width * height)));
  const needed = inView(width, height);
  const frames: Frame[] = [{ node: page, copied: 0, holes: [] }];
  const missing = new Set<unknown>();

  /** Asked of each node before it is copied: whether it may be. */
  function mayCopy(node: Node): boolean {
    const parent = frames[frames.length - 1]!;
    const far = !needed.has(parent.node) && !getComputedStyle(parent.node).display.startsWith('inline');
    if (far) return false;
    if (!(node instanceof Element)) {
      parent.copied++;
      return true;
    }
    const fate = fateOf(node);
    if (fate === 'ours') return false;
    if (fate !== 'drawn') {
      const { width, height } = node.getBoundingClientRect();
      if (width && height) parent.holes.push({ at: parent.copied, box: boxInPlaceOf(node) });
      if (fate === 'foreign' && width > 1 && height > 1 && needed.has(node)) missing.add(node);
      return false;
    }
    if (stuck(node)) parent.holes.push({ at: parent.copied, box: spacer(node) });
    parent.copied++;
    frames.push({ node, copied: 0, holes: [] });
    return true;
  }

  const leftOut = (what: unknown) => {
    missing.add(what);
    return GREY;
  };

  /** Told of each copied element when its children are in it. */
  function copied(copy: Node): void {
    const { node, holes } = frames.pop()!;
    const { childNodes, style } = copy as HTMLElement;
    for (const { at, box } of holes.reverse()) copy.insertBefore(box, childNodes[at] ?? null);
    if (stuck(node)) {
      const box = node.getBoundingClientRect();
      style.position = 'fixed';
      style.inset = `${box.top}px auto auto ${box.left}px`;
    }
    const { scrollTop, scrollLeft } = node;
    if (node !== document.scrollingElement && (scrollTop || scrollLeft))
      for (const child of (copy as Element).children)
        (child as HTMLElement).style.translate = `${-scrollLeft}px ${-scrollTop}px`;
    // fetched from elsewhere, as markup
    for (const name of ['href', 'xlink:href'])
      if (copy.nodeName === 'use' && !(copy as Element).getAttribute(name)?.startsWith('#'))
        (copy as Element).removeAttribute(name);
  }

  const context = await createContext(page, {
    width,
    height,
    scale,
    timeout: 2000,
    font: false,
    backgroundColor: null,
    filter: mayCopy,
    onCloneEachNode: copied,
    fetchFn: (url) => drawn(url).catch(() => leftOut(url)),
    style: { margin: `${-scrollY}px 0 0 ${-scrollX}px`, overflow: 'visible', backgroundColor: 'transparent' },
  });
  // its own would be written as markup into the page's body; ours lies beside the panel
  const sandbox = document.createElement('iframe');
  sandbox.hidden = false;
  sandbox.tabIndex = -1;
  sandbox.ariaHidden = 'true';
  sandbox.style.cssText = 'position:fixed;width:0;height:0;border:0;visibility:hidden';
  root.append(sandbox);
  const away = () => sandbox.remove();
  signal.addEventListener('abort', away);
  try {
    Object.assign(context, { sandbox });
    const svg = await within(PATIENCE, domToForeignObjectSvg(context));
    const image = await loaded(
      `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg).replace(UNWRITABLE, ''))}`,
    );
    const base = document.createElement('canvas');
    base.width = Math.floor(width * scale);
    base.height = Math.floor(height * scale);
    const pen = base.getContext('2d')!;
    pen.fillStyle = groundOf(page);
    pen.fillRect(0, 0, base.width, base.height);
    pen.drawImage(image, 0, 0, base.width, base.height);
    pen.getImageData(0, 0, 1, 1); // throws where the browser holds the drawing to be foreign
    return { base, marks: [], left: missing.size };
  } finally {
    signal.removeEventListener('abort', away);
    destroyContext(context);
    away();
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the letters that XML can't carry
const UNWRITABLE = /[\u0000-\u0008\v\f\u000E-\u001F\uD800-\uDFFF\uFFFE\uFFFF]/gu;

async function loaded(src: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.decoding = 'sync';
  image.src = src;
  await within(PATIENCE, image.decode());
  return image;
}

/** A picture that the page has loaded, as data; fails where its origin forbids to read it. */
async function drawn(url: string): Promise<string> {
  const asked = [...document.images].find((one) => one.currentSrc === url || one.src === url);
  const image = new Image();
  if (asked?.crossOrigin) image.crossOrigin = asked.crossOrigin;
  image.src = url;
  await within(3000, image.decode());
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(image.naturalWidth || asked?.width || 0, 1);
  canvas.height = Math.max(image.naturalHeight || asked?.height || 0, 1);
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL();
}

/** A sticky part that holds to the edge now: it is drawn where it is seen. */
function stuck(el: Element): boolean {
  const { position, top } = getComputedStyle(el);
  return (
    position === 'sticky' &&
    scrollY > 0 &&
    Math.abs(el.getBoundingClientRect().top - Number.parseFloat(top)) < 2
  );
}
function spacer(el: Element): HTMLElement {
  const box = boxInPlaceOf(el, 'transparent');
  box.style.position = 'static';
  return box;
}

/** The colour behind the page. */
function groundOf(page: Element): string {
  const colours = [page, document.body].map((el) => getComputedStyle(el).backgroundColor);
  const dark = getComputedStyle(page).colorScheme === 'dark';
  return colours.find((colour) => !/^transparent$|, 0\)$/.test(colour)) ?? (dark ? '#121212' : '#fff');
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(Error('too slow')), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
