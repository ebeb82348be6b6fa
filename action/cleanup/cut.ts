/** What an output may hold: job outputs together are limited to 1 MiB by GitHub, in UTF-16. */
export const outputLimit = 256 * 1024;

/** Collects the elements of a JSON array as far as they fit; what is left out is counted in a last element `{"truncated": n}`. */
export class CutArray {
  readonly #limit: number;
  readonly #elements: string[] = [];
  #size = 2; // brackets
  #left = 0;

  constructor(limit = outputLimit) {
    this.#limit = limit - JSON.stringify({ truncated: Number.MAX_SAFE_INTEGER }).length - 1;
  }

  add(element: unknown): void {
    const text = JSON.stringify(element);
    const size = Buffer.byteLength(text) + 1;
    // Once one is left out, so are all after it: what is there is a beginning.
    if (this.#left > 0 || this.#size + size > this.#limit) {
      this.#left++;
      return;
    }
    this.#size += size;
    this.#elements.push(text);
  }

  toString(): string {
    return `[${[...this.#elements, ...(this.#left > 0 ? [JSON.stringify({ truncated: this.#left })] : [])].join(",")}]`;
  }
}
