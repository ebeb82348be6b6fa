import { dtrProblems } from "./dtr/terms";
import { wantedRepositories } from "./oci/order";
import { checkRequest, type TokenRequest } from "./request";
import { type RequestProblem, TokenRequestError } from "./request-error";
import { wantedRegistries } from "./selectel/reach";
import type { TokenType } from "./token-state";

/** Whose request it is, and when. */
export interface RequestPlace {
  readonly type: TokenType;
  /** Of the registry, as references begin with it. */
  readonly host: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What is wrong with a request as far as that can be told without asking anybody: `prepare` refuses the same. */
export function requestProblems(request: TokenRequest, { type, host, now }: RequestPlace): readonly RequestProblem[] {
  const problems: RequestProblem[] = [];
  if (type === "selectel") wantedRegistries(request, host, problems);
  else if (type === "dtr") dtrProblems(request, problems);
  else wantedRepositories(request, host, problems);
  try {
    checkRequest(request, now, problems);
    return [];
  } catch (error) {
    if (!(error instanceof TokenRequestError)) throw error;
    return error.problems;
  }
}
