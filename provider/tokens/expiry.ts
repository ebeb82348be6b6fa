/** RFC 3339 to the whole second before: never longer than asked for. */
export const toSecond = (time: number): string => `${new Date(Math.floor(time / 1000) * 1000).toISOString().slice(0, 19)}Z`;

/** Of tokens that end only when they are deleted. */
export const NEVER = "9999-12-31T23:59:59Z";

/** When a token ends, to follow "it". */
export const ending = (expiresAt: string): string =>
  expiresAt === NEVER ? "never ends by itself: delete it at the registry" : `ends at ${expiresAt}`;

/** `90 s`, `45 min`, `1 h 30 min`: a life in words. */
export function inWords(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor((seconds % 3600) / 60), "min"],
    [seconds % 60, "s"],
  ] as const;
  const words = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return words.join(" ") || "0 s";
}
