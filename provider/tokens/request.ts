import { type RequestProblem, TokenRequestError } from "./request-error";
import type { TokenName } from "./token-name";

/** `read`: pull; `write`: pull and push; `delete`: pull, push and delete. */
export const permissions = ["read", "write", "delete"] as const;
export type Permission = (typeof permissions)[number];

/** What a token is wanted for. */
export interface TokenRequest {
  /** Selectel's registries that it may reach, by name or id; `["*"]` for all of the project, future ones too. */
  readonly registries?: readonly string[];
  /** Repositories that it may reach, by their whole paths, where the registry can scope by repository. */
  readonly repositories?: readonly string[];
  readonly permission: Permission;
  /** Milliseconds, whole seconds. */
  readonly lifetime: number;
  readonly name: TokenName;
  /** A token for the registries that hold `repositories`, where the API scopes by registry only. Default false. */
  readonly allowWiderScope?: boolean;
  /** More than 24 hours. Default false. */
  readonly allowLongLived?: boolean;
}

const DAY = 86_400_000;
/** RFC 3339 has four digits for the year. */
const lastYear = Date.parse("9999-12-31T23:59:59Z");

/** Holds every registry's rules against a request. Throws TokenRequestError with all problems, also those that the caller has found. */
export function checkRequest(request: TokenRequest, now: number, own: readonly RequestProblem[]): void {
  const problems = [...own, ...lifetimeProblems(request, now)];
  if (!permissions.includes(request.permission))
    problems.push({ setting: "permission", text: `${shown(request.permission)} is none: choose read, write or delete` });
  if (problems.length > 0) throw new TokenRequestError(problems);
}

function lifetimeProblems({ lifetime, allowLongLived }: TokenRequest, now: number): RequestProblem[] {
  const problem = (text: string) => [{ setting: "expires-in", text }];
  if (!Number.isFinite(lifetime) || lifetime <= 0) return problem("a token must live longer than nothing: write for example 30m or 1h");
  if (lifetime % 1000 !== 0) return problem("tokens live for whole seconds: write for example 90s, 30m or 1h");
  if (lifetime > lastYear - now) return problem("that is beyond the year 9999: choose a shorter life");
  if (lifetime > DAY && !allowLongLived)
    return problem("more than 24 hours: set allow-long-lived: true if you mean it, or mint a token in each job that needs one");
  return [];
}

/** The entries of a list, each once; what is wrong with them goes to `problems`. */
export function listed(setting: string, given: readonly string[] | undefined, problems: RequestProblem[]): string[] {
  const entries = [...new Set(given ?? [])];
  if (entries.some((entry) => entry.trim() === "")) problems.push({ setting, text: "an entry is empty: remove it" });
  if (entries.includes("*") && entries.length > 1)
    problems.push({
      setting,
      text: `* means all, so it stands alone: remove it, or ${entries.filter((entry) => entry !== "*").join(", ")}`,
    });
  for (const entry of entries) {
    if (entry !== "*" && /[*?[\]{}!]/.test(entry))
      problems.push({ setting, text: `${shown(entry)} looks like a pattern; a token is for names, spelled out one by one` });
  }
  return entries;
}

export const shown = (text: string): string => JSON.stringify(text.length <= 100 ? text : `${text.slice(0, 97)}...`);
