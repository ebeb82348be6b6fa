const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const FORM = /^(?:\d+(?:ms|[smhdw]))+$/;

/** Milliseconds of a text such as `90s`, `1h30m` or `2w`; undefined if it is none, or longer than can be counted. */
export function milliseconds(text: string): number | undefined {
  if (!FORM.test(text)) return undefined;
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhdw])/g)) total += Number(count) * UNITS[unit as keyof typeof UNITS]; // the form admits these units only
  return Number.isSafeInteger(total) ? total : undefined;
}
