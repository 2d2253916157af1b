/** When a survey asks, and whom by chance. Pure: time, zone and lot are passed in. */
import type { Schedule, SurveyRef } from './wire';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Why not at this moment, in a sentence; null when it may. Days and hours are those of the site's time zone. */
export function offHours(schedule: Schedule | undefined, zone: string, now: number): string | null {
  if (!schedule) return null;
  const { from, until, days, hours } = schedule;
  if (from !== undefined && now < from) return `It starts at ${new Date(from).toISOString()}.`;
  if (until !== undefined && now >= until) return `It ended at ${new Date(until).toISOString()}.`;
  const { day, minute } = localTime(zone, now);
  if (days && !days.includes(day)) return `It asks on ${days.join(', ')} only (${zone}).`;
  if (hours && !within(hours, minute)) return `It asks from ${hours[0]} to ${hours[1]} only (${zone}).`;
  return null;
}

/** `['22:00', '06:00']` goes over midnight. */
function within([opens, closes]: [string, string], minute: number): boolean {
  const [from, to] = [minutes(opens), minutes(closes)];
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

function minutes(time: string): number {
  const [hour, minute] = time.split(':').map(Number);
  return hour! * 60 + minute!;
}

function localTime(zone: string, now: number): { day: string; minute: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  const day = part('weekday').toLowerCase();
  return { day: DAYS.includes(day) ? day : '', minute: Number(part('hour')) * 60 + Number(part('minute')) };
}

/** Whether this browser is among the survey's `percent`: the same each time, another draw for each survey and wave. */
export function drawn({ key, wave, percent }: SurveyRef, lot: string): boolean {
  // FNV-1a over 32 bits: small, and even enough to draw lots with
  let hash = 0x811c9dc5;
  for (const letter of `${key} ${wave} ${lot}`) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % 10_000 < (percent ?? 100) * 100;
}
