/** The site's colours as custom properties. Dark follows the host page, not the system alone. */
import type { Theme } from './wire';

export const darkSystem = (): MediaQueryList => matchMedia('(prefers-color-scheme: dark)');

/** Whether the host page is drawn dark. One that names no scheme is drawn light, whatever the system prefers. */
function hostIsDark(): boolean {
  const drawn = getComputedStyle(document.documentElement).colorScheme;
  const named = document.querySelector<HTMLMetaElement>('meta[name=color-scheme]');
  const scheme = drawn === 'normal' ? `${named?.content}` : drawn;
  return scheme.includes('dark') && (!scheme.includes('light') || darkSystem().matches);
}

export function themeRules(theme: Theme): string {
  const dark = theme.scheme === 'auto' ? hostIsDark() : theme.scheme === 'dark';
  const scheme = dark ? 'dark' : 'light';
  let rules = `--trouble:${dark ? '#f79f52' : '#943808'};--r:${+theme.radius || 0}px;`;
  // the server computes them as #rrggbb
  for (const [name, value] of Object.entries(theme[scheme])) rules += `--${name}:${value};`;
  const font = theme.font === 'inherit' ? 'inherit' : 'system-ui,sans-serif';
  return `:host{${rules}font-family:${font}!important;color-scheme:${scheme}!important}`;
}
