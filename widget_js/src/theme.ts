/** The site's colours as custom properties. Dark follows the host page, not the system alone. */
import type { Theme } from './wire';

/** The scheme that the host page is drawn in. A page that names none is drawn light, whatever the system prefers. */
function hostIsDark(): boolean {
  const named = document.querySelector<HTMLMetaElement>('meta[name=color-scheme]')?.content ?? '';
  const drawn = getComputedStyle(document.documentElement).colorScheme;
  const scheme = !drawn || drawn === 'normal' ? named : drawn;
  if (!scheme.includes('dark')) return false;
  return !scheme.includes('light') || matchMedia('(prefers-color-scheme: dark)').matches;
}

export const isDark = (theme: Theme): boolean => (theme.scheme === 'auto' ? hostIsDark() : theme.scheme === 'dark');

/** Only what looks like a colour gets into the sheet: a config is data, never style rules. */
const COLOUR = /^[#\w(),.%\s/-]{3,60}$/;

export function themeRules(theme: Theme, dark: boolean): string {
  const colours = Object.entries(dark ? theme.dark : theme.light)
    .filter(([name, value]) => /^\w+$/.test(name) && COLOUR.test(value))
    .map(([name, value]) => `--${name.replace('_', '-')}:${value}`)
    .join(';');
  const trouble = dark ? '#f79f52' : '#943808';
  const font = theme.font === 'inherit' ? 'inherit' : 'system-ui,sans-serif';
  const radius = Math.min(Math.max(Number(theme.radius) || 0, 0), 24);
  return `:host{${colours};--trouble:${trouble};--r:${radius}px;font-family:${font}!important;color-scheme:${dark ? 'dark' : 'light'}!important}`;
}
