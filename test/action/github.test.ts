import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { type CommentTarget, marker, writeComment } from "../../action/cleanup/comment";
import type { GitHub } from "../../action/cleanup/github";
import { parseInputs } from "../../action/cleanup/inputs";
import { commentOnPullRequest } from "../../action/cleanup/pull-request";
import { githubSourceControl } from "../../action/cleanup/source-control";
import { commentForm } from "../../action/cleanup/summary";
import type { Surroundings } from "../../action/cleanup/surroundings";
import { Log } from "../../action/log";

const repository = { owner: "octo", name: "app" };

/** GitHub's API as functions; what a test does not expect fails. */
function fake(answers: Partial<GitHub>): { readonly github: GitHub; readonly asked: unknown[] } {
  const asked: unknown[] = [];
  const unexpected = async () => {
    throw new Error("nobody expected that");
  };
  const noted =
    <Arguments extends readonly unknown[], T>(call: (...given: Arguments) => Promise<T>) =>
    (...given: Arguments) => {
      asked.push(given);
      return call(...given);
    };
  return { github: { rest: noted(answers.rest ?? unexpected), graphql: noted(answers.graphql ?? unexpected) }, asked };
}

function sourceControl(answers: Partial<GitHub>) {
  const { github, asked } = fake(answers);
  const warnings: string[] = [];
  return { asked, warnings, source: githubSourceControl({ open: async () => github, repository, warn: (text) => warnings.push(text) }) };
}

const error = (status: number, message: string) => Object.assign(new Error(message), { status });

describe("the state of pull requests", () => {
  const states =
    (all: Readonly<Record<number, string>>): GitHub["graphql"] =>
    async (query) => {
      const numbers = [...query.matchAll(/n(\d+):pullRequest\(number:\1\)\{state\}/g)].map(([, number]) => Number(number));
      const missing = numbers.filter((number) => all[number] === undefined);
      return {
        data: { repository: Object.fromEntries(numbers.map((number) => [`n${number}`, all[number] ? { state: all[number] } : null])) },
        errors: missing.map((number) => ({ type: "NOT_FOUND", path: ["repository", `n${number}`], message: "none" })),
      };
    };

  it("is asked in hundreds, each number once", async () => {
    const numbers = Array.from({ length: 250 }, (_, at) => at + 1);
    const { source, asked, warnings } = sourceControl({
      graphql: states(Object.fromEntries(numbers.map((number) => [number, number % 2 ? "OPEN" : "MERGED"]))),
    });
    const found = await source.pullRequests([...numbers, ...numbers]);
    expect(asked).toHaveLength(3);
    expect([...found.values()].filter((state) => state === "closed")).toHaveLength(125);
    expect([...found.values()].filter((state) => state === "open")).toHaveLength(125);
    expect(warnings).toEqual([]);
  });

  it("is none for a number that is none of a pull request, which is no failure of GitHub's", async () => {
    const { source, warnings } = sourceControl({ graphql: states({ 1: "CLOSED" }) });
    expect(await source.pullRequests([1, 2])).toEqual(
      new Map([
        [1, "closed"],
        [2, "none"],
      ]),
    );
    expect(warnings).toEqual([]);
  });

  it("is none for numbers that no pull request can have, and others are asked all the same", async () => {
    const { source, asked } = sourceControl({ graphql: states({ 1: "CLOSED" }) });
    const found = await source.pullRequests([1, 0, 2 ** 31, 99_999_999_999, Number.MAX_SAFE_INTEGER + 1]);
    expect(found.get(1)).toBe("closed");
    expect([...found.values()].filter((state) => state === "none")).toHaveLength(4);
    expect(asked).toHaveLength(1);
  });

  it.each<[string, GitHub["graphql"], RegExp]>([
    ["refuses", async () => Promise.reject(error(403, "Resource not accessible by integration")), /403.*Add `pull-requests: read`/],
    ["cannot be reached", async () => Promise.reject(new Error("connect ECONNREFUSED")), /could not be asked \(connect ECONNREFUSED\)/],
    ["shows no such repository", async () => ({ data: { repository: null }, errors: [] }), /octo\/app/],
    [
      "refuses a part",
      async () => ({ data: { repository: { n1: null } }, errors: [{ type: "FORBIDDEN", path: ["repository", "n1"], message: "no" }] }),
      /Add `pull-requests: read`/,
    ],
    ["answers something else", async () => ({ data: { repository: { n1: 7 } }, errors: [] }), /could not be read/],
    ["knows a new state", async () => ({ data: { repository: { n1: { state: "PAUSED" } } }, errors: [] }), /^$/],
  ])("is unknown where GitHub %s", async (_, graphql, warning) => {
    const { source, warnings } = sourceControl({ graphql });
    expect(await source.pullRequests([1])).toEqual(new Map([[1, "unknown"]]));
    expect(warnings.join()).toMatch(warning);
  });
});

describe("the branches", () => {
  /** Pages of a list that is another one each time it is read from its beginning. */
  const pages = (...lists: readonly (readonly string[])[]): GitHub["rest"] => {
    let reading = -1;
    return async (_, { page }) => {
      if (page === 1) reading++;
      const list = lists[Math.min(reading, lists.length - 1)] ?? [];
      const start = (Number(page) - 1) * 100;
      return { data: list.slice(start, start + 100).map((name) => ({ name, protected: false })), next: start + 100 < list.length };
    };
  };
  const names = (count: number) => Array.from({ length: count }, (_, at) => `b${at}`);

  it("are read to the end, once for the whole run", async () => {
    const { source, asked } = sourceControl({ rest: pages(["main", "feature/x"]) });
    expect(await source.branches()).toEqual(new Set(["main", "feature/x"]));
    await source.branches();
    expect(asked).toHaveLength(1);
  });

  it("are read on after a full page, also without a link to the next", async () => {
    const rest = pages(names(150));
    const { source } = sourceControl({ rest: async (route, parameters) => ({ ...(await rest(route, parameters)), next: false }) });
    expect((await source.branches())?.size).toBe(150);
  });

  it("that fall between two pages, as another was deleted meanwhile, are found by a second reading", async () => {
    const all = names(150);
    const skipping = all.filter((name) => name !== "b100");
    const { source } = sourceControl({ rest: pages(skipping, all) });
    expect((await source.branches())?.has("b100")).toBe(true);
  });

  it.each<[string, GitHub["rest"]]>([
    ["refuses", async () => Promise.reject(error(403, "Resource not accessible by integration"))],
    ["says that there is none at all", async () => ({ data: [], next: false })],
    ["answers something else", async () => ({ data: { message: "hello" }, next: false })],
    [
      "fails on a later page",
      async (_, { page }) =>
        page === 1 ? { data: names(100).map((name) => ({ name })), next: true } : Promise.reject(error(502, "bad gateway")),
    ],
  ])("are not known where GitHub %s", async (_, rest) => {
    const { source, warnings } = sourceControl({ rest });
    expect(await source.branches()).toBeUndefined();
    expect(warnings).toHaveLength(1);
  });
});

describe("the comment", () => {
  const context = { workflow: "Cleanup", job: "plan", step: "__cleanup" };
  const target: CommentTarget = { repository, pullRequest: 42, marker: marker({ context, target: ["oci"] }) };

  it("has a marker of its own for each step, job, workflow and leg of a matrix", () => {
    const keys = [
      { context, target: ["oci"] },
      { context: { ...context, step: "__cleanup_2" }, target: ["oci"] },
      { context: { ...context, job: "other" }, target: ["oci"] },
      { context: { ...context, workflow: "Other" }, target: ["oci"] },
      { context, target: ["oci", "1/2"] },
    ].map(marker);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys[0]).toBe(target.marker);
    expect(keys[0]).toMatch(/^<!-- [\w/ -]+ -->$/);
  });

  interface Existing {
    readonly body: string;
    readonly mine: boolean;
  }
  type Changed = (id: unknown) => Awaited<ReturnType<GitHub["graphql"]>>;
  const github = (
    comments: readonly Existing[],
    changed: Changed = (id) => ({ data: { updateIssueComment: { issueComment: { id } } }, errors: [] }),
  ) =>
    fake({
      graphql: async (query, { after, id }) => {
        // As GitHub does: GraphQL's Int ends long before the numbers of its comments, so what needs them gets nothing.
        if (query.includes("databaseId")) return { data: {}, errors: [{ message: "Could not coerce value 2250077004 to Int" }] };
        if (query.startsWith("mutation")) return changed(id);
        const start = Number(after ?? 0);
        const nodes = comments
          .slice(start, start + 100)
          .map(({ body, mine }, at) => ({ id: `IC_${start + at}`, body, viewerDidAuthor: mine }));
        const pageInfo = { hasNextPage: start + 100 < comments.length, endCursor: `${start + 100}` };
        return { data: { repository: { pullRequest: { comments: { nodes, pageInfo } } } }, errors: [] };
      },
      rest: async () => ({ data: {}, next: false }),
    });
  const other = { body: "Looks good", mine: false };

  it("has a marker of its own for each policy file and each project of the legs of a matrix", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "comment-"));
    const event = path.join(folder, "event.json");
    writeFileSync(event, JSON.stringify({ pull_request: { number: 42 } }));
    const env = { GITHUB_REPOSITORY: "octo/app", GITHUB_EVENT_PATH: event, GITHUB_JOB: "plan", GITHUB_ACTION: "__cleanup" };
    const legs = [
      { policy: "a.yml" },
      { policy: "b.yml" },
      { policy: "a.yml", "project-id": "1" },
      { policy: "a.yml", "project-id": "2" },
      { policy: "a.yml", "account-id": "8", "project-id": "2" },
      { policy: "a.yml", "project-name": "one" },
      // A policy that is given as text is what the pull request changes.
      { policy: "version: 1\nrules: [{ tags: [a], delete: {} }]" },
    ];
    const bodies = legs.map(async (leg) => {
      const { github: api, asked } = github([]);
      const selectel = { type: "selectel", username: "u", password: "p", "account-id": "7", "project-id": "0", ...leg };
      if ("project-name" in leg) delete (selectel as Partial<typeof selectel>)["project-id"];
      const inputs = { ...selectel, comment: "true", "github-token": "t" };
      const given = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
      const job = parseInputs({ ...env, ...given }, 0);
      if (job.mode !== "plan") throw new Error("this is a plan");
      const log = new Log({ info() {}, warning() {}, error() {}, startGroup() {}, endGroup() {} }, (text) => text);
      // Nothing else of what is around is looked at.
      await commentOnPullRequest(job, { env, openGitHub: async () => api } as unknown as Surroundings, log, "text");
      return JSON.stringify(asked.at(-1));
    });
    expect(new Set(await Promise.all(bodies)).size).toBe(legs.length);
    rmSync(folder, { recursive: true });
  });

  it("is created where there is none, also if somebody else has copied its marker", async () => {
    const { github: api, asked } = github([other, { body: `${target.marker}\nmine now`, mine: false }]);
    expect(await writeComment(api, target, "text")).toBe("created");
    expect(asked.at(-1)).toEqual([
      "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
      { owner: "octo", repo: "app", issue_number: 42, body: `${target.marker}\ntext` },
    ]);
  });

  it("is found behind hundreds of others and updated", async () => {
    const { github: api, asked } = github([...Array.from({ length: 250 }, () => other), { body: `${target.marker}\nold`, mine: true }]);
    expect(await writeComment(api, target, "new")).toBe("updated");
    expect(asked.at(-1)).toEqual([
      expect.stringMatching(/^mutation\(.*updateIssueComment\(/),
      { id: "IC_250", body: `${target.marker}\nnew` },
    ]);
  });

  it.each<[string, Awaited<ReturnType<GitHub["graphql"]>>]>([
    [
      "refuses it",
      { data: { updateIssueComment: null }, errors: [{ type: "FORBIDDEN", message: "Resource not accessible by integration" }] },
    ],
    ["says nothing of it", { data: { updateIssueComment: null }, errors: [] }],
  ])("is not updated where GitHub %s", async (_, answer) => {
    const { github: api } = github([{ body: `${target.marker}\nold`, mine: true }], () => answer);
    await expect(writeComment(api, target, "new")).rejects.toThrow();
  });

  it("is left as it is if it says the same", async () => {
    const { github: api, asked } = github([{ body: `${target.marker}\nsame`, mine: true }]);
    expect(await writeComment(api, target, "same")).toBe("unchanged");
    expect(asked).toHaveLength(1);
  });

  it("fits with its marker into what GitHub takes", () => {
    expect(commentForm.limit + target.marker.length).toBeLessThan(65_536);
  });
});
