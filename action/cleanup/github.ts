/** What is used of GitHub's API; octokit.ts makes one. */
export interface GitHub {
  /** A REST request by its route: `GET /repos/{owner}/{repo}/branches`. Throws errors with a `status`. */
  rest(route: string, parameters: Readonly<Record<string, unknown>>): Promise<{ readonly data: unknown; readonly next: boolean }>;
  /** Gives the answer also if only parts of it could be given; throws where there is none. */
  graphql(
    query: string,
    variables: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly data: unknown; readonly errors: readonly GraphqlError[] }>;
}

export interface GraphqlError {
  readonly type?: string;
  readonly message: string;
  readonly path?: readonly (string | number)[];
}

/** Opens the API when it is asked for the first time. */
export type OpenGitHub = () => Promise<GitHub>;

/** What GitHub answered, in one sentence, and what to do where that is known. `permission` is the line that the job's permissions need. */
export function explain(what: string, error: unknown, permission: string): string {
  const status = statusOf(error);
  const said = error instanceof Error ? error.message.replace(/\s+- https?:\/\/\S+$/, "") : String(error);
  const answer = `${what}: GitHub's API ${status === undefined ? "could not be asked" : `answered ${status}`} (${said}).`;
  if (status === 401) return `${answer} Check github-token.`;
  if (status === 403 || status === 404) {
    return `${answer} Add \`${permission}\` to the permissions of the job; runs for pull requests from forks have a token that may only read.`;
  }
  return answer;
}

export const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && "status" in error && typeof error.status === "number" ? error.status : undefined;
