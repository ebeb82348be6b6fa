/** Pieces of text up to a number of bytes in UTF-8. A piece fits as a whole or is left out, and so is all that comes after it, unread. */
export class Budget {
  #left: number;
  #omitted = 0;
  readonly #pieces: string[] = [];

  constructor(readonly limit: number) {
    this.#left = limit;
  }

  /** Gives whether the piece is in. */
  add(make: string | (() => string)): boolean {
    const piece = this.#omitted > 0 ? undefined : typeof make === "string" ? make : make();
    const size = piece === undefined ? 0 : Buffer.byteLength(piece);
    if (piece === undefined || size > this.#left) {
      this.#omitted++;
      return false;
    }
    this.#left -= size;
    this.#pieces.push(piece);
    return true;
  }

  get pieces(): readonly string[] {
    return this.#pieces;
  }

  /** Pieces that were left out. */
  get omitted(): number {
    return this.#omitted;
  }
}
