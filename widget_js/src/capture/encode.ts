/** From a canvas to a file that the server takes, and from a file to a canvas. */
import type { Kept } from './pictures';

const MOST_BYTES = 2_000_000;
const PIXELS = 4_000_000;

const blobOf = (canvas: HTMLCanvasElement, type: string, quality?: number) =>
  new Promise<Blob | null>((ready) => canvas.toBlob(ready, type, quality));

export function scaled(from: CanvasImageSource, width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width));
  canvas.height = Math.max(1, Math.round(height));
  canvas.getContext('2d')!.drawImage(from, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** 2 MB at most: as drawn, else with losses, else smaller. */
export async function encoded(canvas: HTMLCanvasElement): Promise<Blob> {
  for (let now = canvas; ; now = scaled(now, now.width * 0.7, now.height * 0.7)) {
    for (const [type, quality] of [['image/png'], ['image/jpeg', 0.9], ['image/jpeg', 0.75]] as const) {
      const blob = await blobOf(now, type, quality);
      if (blob && blob.size <= MOST_BYTES) return blob;
    }
    if (now.width < 200) throw Error('this picture can’t be made small enough');
  }
}

/** A picture from the visitor's device: decoded without a policy's leave, and drawn anew, so nothing hidden in it stays. */
export async function fromFile(file: Blob): Promise<Kept> {
  const picture = await createImageBitmap(file);
  const by = Math.min(1, Math.sqrt(PIXELS / (picture.width * picture.height)));
  const base = scaled(picture, picture.width * by, picture.height * by);
  picture.close();
  return { base, marks: [], left: 0 };
}
