/** Fetches the help for a panel that stands in a root. What fails costs the visitor nothing. */
import { choose } from '../language';
import type { Loader } from '../wire';
import type { HelpModule } from './index';

export const assistant =
  (loader: Loader) =>
  (root: ShadowRoot): void => {
    const lang = root.querySelector<HTMLElement>('[data-part=panel]')?.lang ?? '';
    const spoken = choose([lang], __LANGUAGES__.match(/../g) ?? [], 'en');
    loader
      .chunk<HelpModule>(`help-${spoken}`)
      .then(({ assist }) => assist(loader, root))
      .catch(loader.say);
  };
