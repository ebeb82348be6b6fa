/** `1 image`, `2,000 images`. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string => `${grouped(count)} ${count === 1 ? noun : plural}`;

/** `2,000`, whatever the machine's language is. Node takes 10 ms to get its own tables for that ready, before the first request. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
