/** GitHub's API as far as the action uses it, on loopback: pull requests and comments by GraphQL; comments, branches and files by REST. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeGitHub {
  readonly url: string;
  /** Requests as `POST /graphql`, in order. */
  readonly requests: readonly string[];
  readonly comments: { id: number; body: string; author: string }[];
  close(): Promise<void>;
}

export interface FakeGitHubOptions {
  readonly token?: string;
  /** State of each pull request; any other number is none. */
  readonly pullRequests?: Readonly<Record<number, "OPEN" | "CLOSED" | "MERGED">>;
  readonly branches?: readonly string[];
  /** Comments that are there already. */
  readonly comments?: readonly { readonly body: string; readonly author: string }[];
  /** What the token may not do: such requests are answered 403. */
  readonly denied?: readonly Right[];
  /** Files of the base commit `baseSha`, by their paths; null: a folder. */
  readonly contents?: Readonly<Record<string, string | null>>;
  /** Files that the pull request renames: new name to old. All others that it names are new. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Whether the token sees the repository's contents at all: without, what exists is answered 404. Default true. */
  readonly contentsVisible?: boolean;
  /** Status of the first answers, before it works. */
  readonly failures?: number[];
}

type Right = "comment" | "pull-requests" | "branches" | "contents";

/** The commit that pull requests are to be merged into. */
export const baseSha = "b".repeat(40);

/** The payload of a pull request's event. */
export const pullRequestEvent = (number: number, branch = "main") => ({
  number,
  pull_request: { number, base: { sha: baseSha, ref: branch } },
});

const me = "github-actions[bot]";
const perPage = 100;

export async function startFakeGitHub(options: FakeGitHubOptions = {}): Promise<FakeGitHub> {
  const { token = "ghs_default", failures = [] } = options;
  const requests: string[] = [];
  const comments = (options.comments ?? []).map((comment, at) => ({ id: at + 1, ...comment }));
  const server = createServer(async (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const body = await bodyOf(request);
    const failure = failures.shift();
    if (failure !== undefined) return answer(response, failure, { message: "Try again" });
    if (request.headers.authorization !== `token ${token}`) return answer(response, 401, { message: "Bad credentials" });
    handle({ request, response, body, options, comments });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens on a port
    requests,
    comments,
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  // What a test's own client sent.
  readonly body: { query?: string; variables?: { after?: string | null; id?: string; body?: string }; body?: string };
  readonly options: FakeGitHubOptions;
  readonly comments: FakeGitHub["comments"];
}

function handle(exchange: Exchange) {
  const { request, response, body, options, comments } = exchange;
  const url = new URL(request.url ?? "/", "http://github");
  const denied = (right: Right) => options.denied?.includes(right) ?? false;
  const refuse = () => answer(response, 403, { message: "Resource not accessible by integration" });
  if (request.method === "POST" && url.pathname === "/graphql") return graphql(exchange);
  if (url.pathname === "/repos/octo/app/branches") {
    if (denied("branches")) return refuse();
    const page = Number(url.searchParams.get("page") ?? 1);
    const all = options.branches ?? [];
    const next: Record<string, string> =
      page * perPage < all.length ? { link: `<${url.origin}${url.pathname}?page=${page + 1}>; rel="next"` } : {};
    return answer(
      response,
      200,
      all.slice((page - 1) * perPage, page * perPage).map((name) => ({ name })),
      next,
    );
  }
  if (request.method === "GET") return denied("contents") ? refuse() : files(url, exchange);
  if (denied("comment")) return refuse();
  if (request.method === "POST" && /^\/repos\/octo\/app\/issues\/\d+\/comments$/.test(url.pathname)) {
    comments.push({ id: comments.length + 1, body: body.body ?? "", author: me });
    return answer(response, 201, { id: comments.length });
  }
  const [, id] = /^\/repos\/octo\/app\/issues\/comments\/(\d+)$/.exec(url.pathname) ?? [];
  const comment = comments.find((one) => one.id === Number(id));
  if (request.method !== "PATCH" || !comment) return answer(response, 404, { message: "Not Found" });
  comment.body = body.body ?? "";
  answer(response, 200, { id: comment.id });
}

/** What is read of the base commit, and which files the pull request changes. */
function files(url: URL, { response, options }: Exchange) {
  const notFound = () => answer(response, 404, { message: "Not Found", documentation_url: "https://docs.example.com" });
  const { contents = {}, renamed = {}, contentsVisible = true } = options;
  const [, file] = /^\/repos\/octo\/app\/contents\/(.+)$/.exec(url.pathname) ?? [];
  if (!contentsVisible) return notFound();
  if (file !== undefined) {
    const path = decodeURIComponent(file);
    const text = url.searchParams.get("ref") === baseSha ? contents[path] : undefined;
    if (text === undefined) return notFound();
    if (text === null) return answer(response, 200, []);
    // GitHub breaks the lines.
    const content = Buffer.from(text).toString("base64").replace(/.{60}/g, "$&\n");
    return answer(response, 200, { type: "file", path, encoding: "base64", content });
  }
  if (url.pathname === `/repos/octo/app/git/commits/${baseSha}`) return answer(response, 200, { sha: baseSha });
  if (!/^\/repos\/octo\/app\/pulls\/\d+\/files$/.test(url.pathname)) return notFound();
  const found = Object.entries(renamed).map(([filename, previous_filename]) => ({ filename, status: "renamed", previous_filename }));
  return answer(response, 200, found);
}

function graphql({ response, body, options, comments }: Exchange) {
  const query = body.query ?? "";
  if (query.startsWith("mutation")) return updateComment({ response, body, options, comments });
  if (query.includes("comments(")) {
    const start = Number(body.variables?.after ?? 0);
    const nodes = comments
      .slice(start, start + perPage)
      .map(({ id, body: text, author }) => ({ id: `IC_${id}`, databaseId: id, body: text, viewerDidAuthor: author === me }));
    const end = start + perPage;
    const pageInfo = { hasNextPage: end < comments.length, endCursor: `${end}` };
    return answer(response, 200, { data: { repository: { pullRequest: { comments: { nodes, pageInfo } } } } });
  }
  const numbers = [...query.matchAll(/(n\d+):pullRequest\(number:(\d+)\)/g)].map(([, alias = "", number]) => ({
    alias,
    number: Number(number),
  }));
  if (options.denied?.includes("pull-requests")) {
    const errors = numbers.map(({ alias }) => ({
      type: "FORBIDDEN",
      path: ["repository", alias],
      message: "Resource not accessible by integration",
    }));
    return answer(response, 200, { data: { repository: Object.fromEntries(numbers.map(({ alias }) => [alias, null])) }, errors });
  }
  if (numbers.some(({ number }) => number > 2 ** 31 - 1))
    return answer(response, 200, { errors: [{ message: "Could not coerce value to Int" }] });
  const states = numbers.map(({ alias, number }) => [alias, options.pullRequests?.[number] ?? null] as const);
  const data = { repository: Object.fromEntries(states.map(([alias, state]) => [alias, state && { state }])) };
  const missing = states.filter(([, state]) => state === null);
  const errors = missing.map(([alias]) => ({
    type: "NOT_FOUND",
    path: ["repository", alias],
    message: `Could not resolve to a PullRequest with the number of ${alias.slice(1)}.`,
  }));
  answer(response, 200, { data, ...(errors.length > 0 && { errors }) });
}

function updateComment({
  response,
  body: { variables = {} },
  options,
  comments,
}: Pick<Exchange, "response" | "body" | "options" | "comments">) {
  const data = { updateIssueComment: null };
  const refuse = (type: string, message: string) =>
    answer(response, 200, { data, errors: [{ type, path: ["updateIssueComment"], message }] });
  if (options.denied?.includes("comment")) return refuse("FORBIDDEN", "Resource not accessible by integration");
  const comment = comments.find(({ id }) => `IC_${id}` === variables.id);
  if (!comment) return refuse("NOT_FOUND", `Could not resolve to a node with the global id of '${variables.id}'`);
  comment.body = variables.body ?? "";
  answer(response, 200, { data: { updateIssueComment: { issueComment: { id: variables.id } } } });
}

async function bodyOf(request: IncomingMessage): Promise<Exchange["body"]> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding is set
  const text = Buffer.concat(chunks).toString();
  return text === "" ? {} : JSON.parse(text);
}

function answer(response: ServerResponse, status: number, json: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(json));
}
