/** One thing that is wrong with the inputs: which one, and what to do. */
export interface Problem {
  readonly input: string;
  readonly text: string;
}

/** The inputs cannot be meant as they are. All problems at once: nobody wants to find them one run at a time. */
export class InputError extends Error {
  override readonly name = "InputError";

  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(({ input, text }) => `${input}: ${text}`).join("\n"));
  }
}
