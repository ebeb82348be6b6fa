import { z } from "zod";
import type { PullRequestState, SourceControl } from "../../provider/cleanup/plan/source-control";
import { explain, type GitHub, type OpenGitHub } from "./github";

export interface GitHubSourceControl {
  readonly open: OpenGitHub;
  readonly repository: { readonly owner: string; readonly name: string };
  /** Told once for each thing that could not be asked. */
  readonly warn: (text: string) => void;
}

/** Pull requests in one GraphQL request: GitHub allows far more nodes, but answers large queries slowly. */
const batch = 100;
/** GraphQL's Int. A larger number in one alias would have the whole request refused. */
const largest = 2 ** 31 - 1;
const perPage = 100;

/** Pull requests and branches of the repository that the workflow runs in. What could not be asked is unknown, never closed or gone. */
export function githubSourceControl(options: GitHubSourceControl): SourceControl {
  let branches: Promise<ReadonlySet<string> | undefined> | undefined;
  return {
    async pullRequests(numbers) {
      const isPossible = (number: number) => Number.isInteger(number) && number >= 1 && number <= largest;
      const states = new Map<number, PullRequestState>(numbers.map((number) => [number, isPossible(number) ? "unknown" : "none"]));
      const sorted = [...states.keys()].filter(isPossible).sort((a, b) => a - b);
      try {
        const github = sorted.length > 0 ? await options.open() : undefined;
        for (let at = 0; github && at < sorted.length; at += batch) await ask(github, sorted.slice(at, at + batch), states, options);
      } catch (error) {
        options.warn(explain("The state of pull requests could not be read", error, "pull-requests: read"));
      }
      return states;
    },
    branches() {
      branches ??= readBranches(options);
      return branches;
    },
  };
}

const answer = z.object({
  repository: z.record(z.string(), z.object({ state: z.string() }).nullable()).nullable(),
});

async function ask(
  github: GitHub,
  numbers: readonly number[],
  states: Map<number, PullRequestState>,
  { repository: { owner, name }, warn }: GitHubSourceControl,
): Promise<void> {
  const aliases = numbers.map((number) => `n${number}:pullRequest(number:${number}){state}`).join(" ");
  const { data, errors } = await github.graphql(`query($owner:String!,$name:String!){repository(owner:$owner,name:$name){${aliases}}}`, {
    owner,
    name,
  });
  const { repository } = answer.parse(data);
  for (const number of numbers) {
    const state = repository?.[`n${number}`]?.state;
    if (state === "OPEN") states.set(number, "open");
    if (state === "CLOSED" || state === "MERGED") states.set(number, "closed");
  }
  // A number that is an issue's or nobody's is an answer, too.
  for (const { type, path } of repository ? errors : []) {
    const number = Number(/^n(\d+)$/.exec(String(path?.[1]))?.[1]);
    if (type === "NOT_FOUND" && path?.length === 2 && repository?.[`n${number}`] === null) states.set(number, "none");
  }
  const failure = errors.find(({ type, path }) => type !== "NOT_FOUND" || path?.length !== 2);
  const missing = repository === null ? { type: "NOT_FOUND", message: `it shows no repository ${owner}/${name}` } : undefined;
  const problem = failure ?? missing;
  if (problem) warn(explain("The state of pull requests could not be read", denial(problem), "pull-requests: read"));
}

const denial = ({ type, message }: { readonly type?: string; readonly message: string }): Error =>
  Object.assign(new Error(message), type === "FORBIDDEN" || type === "NOT_FOUND" ? { status: 403 } : {});

async function readBranches(options: GitHubSourceControl): Promise<ReadonlySet<string> | undefined> {
  try {
    const github = await options.open();
    const first = await listBranches(github, options.repository);
    if (first.names.size === 0) throw new Error("it lists no branch, not even the one that this runs on");
    if (first.pages === 1) return first.names;
    // A branch that is deleted while pages are read moves all after it up by one, and one that exists falls between two pages: a second
    // reading, from which nothing is taken away, finds it.
    const second = await listBranches(github, options.repository);
    return new Set([...first.names, ...second.names]);
  } catch (error) {
    options.warn(explain("The branches could not be read", error, "contents: read"));
    return undefined;
  }
}

const branchPage = z.array(z.object({ name: z.string().min(1) }));

async function listBranches(
  github: GitHub,
  { owner, name: repo }: GitHubSourceControl["repository"],
): Promise<{ readonly names: Set<string>; readonly pages: number }> {
  const names = new Set<string>();
  for (let page = 1; ; page++) {
    const { data, next } = await github.rest("GET /repos/{owner}/{repo}/branches", { owner, repo, per_page: perPage, page });
    const found = branchPage.parse(data);
    for (const { name } of found) names.add(name);
    // A full page without a link to the next may come from a proxy that drops the header.
    if (!next && found.length < perPage) return { names, pages: page };
    if (page >= 10_000) throw new Error("the list of branches has no end");
  }
}
