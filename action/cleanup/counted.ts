/** `1 image`, `2,000 images`. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string => `${grouped(count)} ${count === 1 ? noun : plural}`;

/** `2,000`, whatever the machine's language is. */
export const grouped = (count: number): string => count.toLocaleString("en-US");
