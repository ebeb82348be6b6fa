/** The command line cannot be meant as it is. All that is wrong at once, a sentence or two each. Nothing was sent. */
export class UsageError extends Error {
  override readonly name = "UsageError";

  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
  }
}
