/** The site's colours as custom properties. Dark follows the host page, not the system alone. */
import type { Theme } from './wire';

export const darkSystem = (): MediaQueryList => matchMedia('(prefers-color-scheme: dark)');

/** The scheme that the host page is drawn in. A page that names none is drawn light, whatever the system prefers. */
function hostScheme(): string {
  const drawn = getComputedStyle(document.documentElement).colorScheme;
  const scheme =
    (drawn !== 'normal' && drawn) ||
    document.querySelector<HTMLMetaElement>('meta[name=color-scheme]')?.content ||
    '';
  if (!scheme.includes('dark')) return 'light';
  return scheme.includes('light') && !darkSystem().matches ? 'light' : 'dark';
}

export function themeRules(theme: Theme): string {
  const scheme = theme.scheme === 'auto' ? hostScheme() : theme.scheme;
  const dark = scheme === 'dark';
  let rules = `--trouble:${dark ? '#f79f52' : '#943808'};--r:${+theme.radius || 0}px;`;
  // the server computes them as #rrggbb
  for (const [name, value] of Object.entries(theme[dark ? 'dark' : 'light'])) rules += `--${name}:${value};`;
  const font = theme.font === 'inherit' ? 'inherit' : 'system-ui,sans-serif';
  return `:host{${rules}font-family:${font}!important;color-scheme:${scheme}!important}`;
}
