const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** The calendar day, `YYYY-MM-DD`, at that moment in the time zone. */
export function dayOf(moment: Date, zone: string): string {
  return wallClock(moment, zone).slice(0, 10);
}

/** The moment at which the wall clocks of the zone show this day and time (`HH:MM`). */
export function momentOf(day: string, time: string, zone: string): Date {
  const asUtc = Date.parse(`${day}T${time}:00Z`);
  // Two passes: the first guess may lie on the other side of a change to or from summer time.
  let guess = asUtc;
  for (let pass = 0; pass < 2; pass++) {
    guess = asUtc - (Date.parse(`${wallClock(new Date(guess), zone).replace(' ', 'T')}Z`) - guess);
  }
  return new Date(guess);
}

/** The day so many days later (or earlier, when negative). */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** 0 for Sunday to 6 for Saturday. */
export const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay();

/** This day, or the next one that is neither Saturday nor Sunday. */
export function businessDayFrom(day: string): string {
  const weekday = weekdayOf(day);
  return weekday === 6 ? addDays(day, 2) : weekday === 0 ? addDays(day, 1) : day;
}

/** Milliseconds of `91d`, `12h`, `30m`, `15s`, or of a bare number; undefined when it is neither. */
export function parseDuration(text: unknown): number | undefined {
  if (typeof text === 'number') return Number.isFinite(text) && text >= 0 ? text : undefined;
  const [, number, unit] = /^(\d{1,6})(ms|s|m|h|d)$/.exec(String(text)) ?? [];
  if (!number || !unit) return undefined;
  return Number(number) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: DAY_MS }[unit as 's']!;
}

function wallClock(moment: Date, zone: string): string {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(zone, format);
  }
  return format.format(moment);
}
