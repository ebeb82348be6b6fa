/** A token that was minted but is not what was asked for. Whoever gets this error revokes it. */
export class WrongToken extends Error {
  override readonly name = "WrongToken";

  constructor(
    /** `less` or `more` than was asked for, or otherwise `different`. */
    readonly kind: "less" | "more" | "different",
    message: string,
  ) {
    super(message);
  }
}
