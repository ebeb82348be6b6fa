export type NameKind = "repository" | "tag" | "digest" | "reference" | "registry";

/** A text that is no valid name of its kind. The message says what is wrong with it. */
export class InvalidName extends Error {
  constructor(
    readonly kind: NameKind,
    readonly text: string,
    readonly reason: string,
  ) {
    super(`${JSON.stringify(shortened(text))} is no valid ${kind}: ${reason}.`);
    this.name = "InvalidName";
  }
}

function shortened(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 297)}...`;
}
