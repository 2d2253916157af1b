/** Taking a picture of the page and marking it: a chunk that comes when somebody presses for it. */
import { edit } from './capture/editor';
import { fromFile } from './capture/encode';
import type * as camera from './capture/photograph';
import type { Kept } from './capture/pictures';
import type { Loader } from './wire';

export interface ShotModule {
  /** Throws when the page or its policy forbids it. */
  take(loader: Loader): Promise<Kept>;
  /** Throws when the file is no picture. */
  read(file: Blob): Promise<Kept>;
  /** Null when the visitor left without a picture. */
  edit(loader: Loader, picture: Kept): Promise<Kept | null>;
}
// the one part without a word in it, and the heaviest: not once more for each language
export const take = (loader: Loader): Promise<Kept> =>
  loader.chunk<typeof camera>('photograph').then(({ photograph }) => photograph(loader));
export const read = fromFile;
export { edit };
