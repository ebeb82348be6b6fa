import type { GitHub, GraphqlError } from "./github";

export interface OctokitOptions {
  readonly token: string;
  readonly apiUrl: string;
  readonly signal: AbortSignal;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Repeats of a request that GitHub could not answer; none of ours does harm when it is done twice, but for the creation of a comment. */
const attempts = 4;
/** Milliseconds. GitHub's secondary limits ask for a minute. */
const longestWait = 60_000;

/** GitHub's API by way of octokit, which is loaded only now: most runs do not need it. */
export async function openOctokit({ token, apiUrl, signal, sleep }: OctokitOptions): Promise<GitHub> {
  const { GitHub: Octokit, getOctokitOptions } = await import("@actions/github/lib/utils");
  const octokit = new Octokit({
    ...getOctokitOptions(token, { baseUrl: apiUrl.replace(/\/+$/, "") }),
    request: { signal },
    log: { debug() {}, info() {}, warn() {}, error() {} }, // it writes to the console otherwise
  });
  return {
    async rest(route, parameters) {
      const { data, headers } = await repeated(() => octokit.request(route, { ...parameters }), sleep, !route.startsWith("POST "));
      return { data, next: /rel="?next"?/.test(headers.link ?? "") };
    },
    async graphql(query, variables) {
      try {
        return { data: await repeated(() => octokit.graphql(query, { ...variables }), sleep, true), errors: [] };
      } catch (error) {
        const partial = partialAnswer(error);
        if (partial) return partial;
        throw error;
      }
    },
  };
}

/** octokit throws as soon as one part of an answer is an error. */
function partialAnswer(error: unknown): { readonly data: unknown; readonly errors: readonly GraphqlError[] } | undefined {
  if (!(error instanceof Error) || error.name !== "GraphqlResponseError") return undefined;
  const { data, errors } = error as Error & { data?: unknown; errors?: readonly GraphqlError[] }; // as @octokit/graphql declares it
  return data && errors ? { data, errors } : undefined;
}

async function repeated<T>(send: () => Promise<T>, sleep: OctokitOptions["sleep"], harmless: boolean): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      const wait = waitBefore(error, attempt, harmless);
      if (wait === undefined || attempt === attempts) throw error;
      await sleep(wait);
    }
  }
}

/** Milliseconds; undefined if another try makes no sense. */
function waitBefore(error: unknown, attempt: number, harmless: boolean): number | undefined {
  if (!(error instanceof Error) || !("status" in error)) return undefined;
  const { status, response } = error as Error & { status: number; response?: { headers?: Record<string, string | undefined> } }; // RequestError
  const after = Number(response?.headers?.["retry-after"]);
  const limited = status === 429 || (status === 403 && after > 0);
  if (!limited && !(harmless && status >= 500)) return undefined;
  return Math.min(after > 0 ? after * 1_000 : 500 * 2 ** (attempt - 1), longestWait);
}
