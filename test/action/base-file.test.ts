import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { readBaseFile } from "../../action/cleanup/base-file";
import type { GitHub } from "../../action/cleanup/github";
import { pathInRepository } from "../../action/cleanup/policy-path";

const question = {
  repository: { owner: "octo", name: "app" },
  pullRequest: 7,
  base: { sha: "b".repeat(40), branch: "main" },
  path: "ci/new.yml",
};
const notFound = () => Promise.reject(Object.assign(new Error("Not Found"), { status: 404 }));

/** GitHub with these answers by the end of the route, and what it was asked. */
function fake(answers: Readonly<Record<string, (parameters: Readonly<Record<string, unknown>>) => ReturnType<GitHub["rest"]>>>) {
  const asked: string[] = [];
  const github: GitHub = {
    rest: (route, parameters) => {
      const kind = /(contents|commits|files)/.exec(route)?.[1] ?? route;
      asked.push(`${kind} ${parameters.path ?? parameters.page ?? parameters.commit_sha}`);
      return answers[kind]?.(parameters) ?? notFound();
    },
    graphql: () => Promise.reject(new Error("nobody expected that")),
  };
  return { github, asked };
}
const data = (value: unknown, next = false) => Promise.resolve({ data: value, next });
const file = (text: string) => data({ type: "file", encoding: "base64", content: Buffer.from(text).toString("base64") });

describe("a file at the base commit", () => {
  it("is read there, and nowhere else", async () => {
    const { github, asked } = fake({ contents: ({ ref }) => (ref === question.base.sha ? file("héllo") : notFound()) });
    expect(await readBaseFile(github, question)).toEqual({ text: "héllo" });
    expect(asked).toEqual(["contents ci/new.yml"]);
  });

  it("that was renamed is found on any page of what the pull request changes", async () => {
    const { github, asked } = fake({
      contents: ({ path: name }) => (name === "old.yml" ? file("old") : notFound()),
      commits: () => data({}),
      files: ({ page }) =>
        page === 1
          ? data([{ filename: "ci/other.yml", status: "renamed", previous_filename: "x.yml" }], true)
          : data([{ filename: "ci/new.yml", status: "renamed", previous_filename: "old.yml" }]),
    });
    expect(await readBaseFile(github, question)).toEqual({ text: "old", renamedFrom: "old.yml" });
    expect(asked).toEqual(["contents ci/new.yml", `commits ${question.base.sha}`, "files 1", "files 2", "contents old.yml"]);
  });

  it.each<[string, Parameters<typeof fake>[0]]>([
    ["the pull request adds it", { files: () => data([{ filename: "ci/new.yml", status: "added" }]) }],
    [
      "it was copied, and what it was copied from is still there",
      { files: () => data([{ filename: "ci/new.yml", status: "copied", previous_filename: "old.yml" }]) },
    ],
    ["the pull request does not name it", { files: () => data([]) }],
    [
      "GitHub does not tell what the pull request changes",
      { files: () => Promise.reject(Object.assign(new Error("no"), { status: 403 })) },
    ],
    ["GitHub tells it in another form", { files: () => data({ message: "hello" }) }],
    ["the list of changes has no end", { files: () => data([], true) }],
  ])("is not there if %s", async (_, answers) => {
    const { github, asked } = fake({ commits: () => data({}), ...answers });
    expect(await readBaseFile(github, question)).toBeUndefined();
    expect(asked.length).toBeLessThan(40);
  });

  it("is not taken to be missing if the token sees nothing of the repository", async () => {
    await expect(readBaseFile(fake({}).github, question)).rejects.toMatchObject({ status: 404 });
  });

  it.each([
    ["is a folder", []],
    ["is a submodule", { type: "submodule", sha: "x" }],
    ["has more than a megabyte, which GitHub does not send", { type: "file", encoding: "none", content: "" }],
  ])("that %s is an error", async (_, value) => {
    await expect(readBaseFile(fake({ contents: () => data(value) }).github, question)).rejects.toThrow(/ci\/new\.yml is no file there/);
  });
});

describe("the path of a policy in its repository", () => {
  let workspace: string;
  beforeEach(() => {
    workspace = mkdtempSync(path.join(tmpdir(), "workspace-"));
    mkdirSync(path.join(workspace, "app", ".git"), { recursive: true });
  });
  afterEach(() => rmSync(workspace, { recursive: true, force: true }));

  it.each([
    ["cleanup.yml", "cleanup.yml"],
    ["./ci/../ci/cleanup.yml", "ci/cleanup.yml"],
    ["app/cleanup.yml", "cleanup.yml"],
    ["app/ci/deep/cleanup.yml", "ci/deep/cleanup.yml"],
    ["..cleanup.yml", "..cleanup.yml"],
    ["../cleanup.yml", undefined],
    ["..", undefined],
    [".", undefined],
    ["/etc/cleanup.yml", undefined],
    ["app/../../cleanup.yml", undefined],
  ])("of %s is %s", (given, expected) => {
    expect(pathInRepository(given, workspace)).toBe(expected);
  });

  const config = (url: string) => `[core]\n\tbare = false\n[remote "origin"]\n\turl = ${url}\n\tfetch = +refs/heads/*\n`;
  it.each([
    ["https://github.com/octo/app", "cleanup.yml"],
    ["https://github.example.com/Octo/App.git", "cleanup.yml"],
    ["git@github.com:octo/app.git", "cleanup.yml"],
    // The checkout of a pull request's own commit may be one of the fork.
    ["https://github.com/somebody/app", "cleanup.yml"],
    ["https://github.com/octo/policies", undefined],
    ["https://github.com/other/octo/policies.git", undefined],
    ["git@github.com:octo/policies.git", undefined],
  ])("in a checkout of %s is %s: there, the base branch is another repository's", (url, expected) => {
    writeFileSync(path.join(workspace, "app", ".git", "config"), config(url));
    expect(pathInRepository("app/cleanup.yml", workspace, ["octo/app", "somebody/app"])).toBe(expected);
    expect(pathInRepository("cleanup.yml", workspace, ["octo/app"])).toBe("cleanup.yml");
  });

  it("is the same for an absolute path", () => {
    expect(pathInRepository(path.join(workspace, "ci/cleanup.yml"), workspace)).toBe("ci/cleanup.yml");
  });
});
