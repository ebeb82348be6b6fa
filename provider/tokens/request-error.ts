/** One thing that is wrong with a request for a token: which setting, and what to do. */
export interface RequestProblem {
  /** As users of the action know it: `registries`, `expires-in`. */
  readonly setting: string;
  readonly text: string;
}

/** A request for a token that cannot be meant, or cannot be had from this registry. Nothing was minted. All problems at once. */
export class TokenRequestError extends Error {
  override readonly name = "TokenRequestError";

  constructor(readonly problems: readonly RequestProblem[]) {
    super(problems.map(({ setting, text }) => `${setting}: ${text}`).join("\n"));
  }
}

export const requestError = (setting: string, text: string): TokenRequestError => new TokenRequestError([{ setting, text }]);
