/** What the planner may need to know about the place where the sources live. Asked between the inventory and the plan. */
export interface SourceControl {
  /** The state of these pull requests. What could not be asked is `unknown`. */
  pullRequests(numbers: readonly number[]): Promise<ReadonlyMap<number, PullRequestState>>;
  /** Names of all branches; undefined: they could not be asked. */
  branches(): Promise<ReadonlySet<string> | undefined>;
}

/** `none`: there is no pull request of that number. `unknown`: it could not be asked. */
export type PullRequestState = "open" | "closed" | "none" | "unknown";

/** What source control said, as the planner takes it. A number that is missing counts as `unknown`. */
export interface Answers {
  readonly pullRequests: ReadonlyMap<number, PullRequestState>;
  /** undefined: they could not be asked; no tag of a branch goes. */
  readonly branches: ReadonlySet<string> | undefined;
}

/** The answers where nobody asked. */
export const noAnswers: Answers = { pullRequests: new Map(), branches: undefined };
