/**
 * RegistryUI's times are UTC, without a zone and with up to seven fraction digits: `2020-02-11T17:55:41.0968036` (vendor's API pages). JavaScript
 * would read that as local time. Those inside `details.layers` do carry their `Z`.
 */
const form = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)\d*\s*(?:([Zz])|([+-]\d{2}):?(\d{2}))?$/;

/** The same time as RFC 3339, all its digits kept; undefined for what is no time, and for .NET's "no time", 0001-01-01. */
export function utcTime(text: string): string | undefined {
  const match = form.exec(text.trim());
  if (!match) return undefined;
  const [, date = "", time = "", , hours, minutes] = match;
  if (date.startsWith("0001-")) return undefined;
  const whole = `${date}T${time}${hours === undefined ? "Z" : `${hours}:${minutes}`}`;
  const isDay = new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(date) ?? false; // Date.parse takes the 30th of February for the 2nd of March
  return isDay && !Number.isNaN(Date.parse(whole)) ? whole : undefined;
}
