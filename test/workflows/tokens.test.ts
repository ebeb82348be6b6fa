import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { type SelectelRig, startOci, startSelectel } from "../action/token/rig";
import { image, push } from "../sandbox/images";
import { findTool } from "../setup/tools";
import { tokensOf } from "../tokens/rig";
import { folder, log, play, root } from "./rig";

jest.setTimeout(120_000);

const files = readdirSync(folder).filter((file) => file.includes("token"));
const actionlint = findTool("actionlint")?.path;

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(path.join(tmpdir(), "workflow-"));
  mkdirSync(path.join(scratch, "bin"));
  const docker = path.join(scratch, "bin", "docker");
  writeFileSync(docker, `#!/bin/sh\nexec "${process.execPath}" "${path.join(__dirname, "docker-stub.mjs")}" "$@"\n`);
  chmodSync(docker, 0o755);
  writeFileSync(seen(), "");
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

const seen = () => path.join(scratch, "docker.jsonl");
const machine = () => ({
  PATH: `${path.join(scratch, "bin")}:${process.env.PATH}`,
  DOCKER_STUB_LOG: seen(),
  GITHUB_RUN_ID: "4711",
  GITHUB_RUN_ATTEMPT: "1",
  GITHUB_JOB: "job",
});

interface Seen {
  readonly command: string;
  readonly repository: string;
  readonly host: string;
  readonly status: number;
  readonly authorization: string;
}
/** What docker has asked of the registry. */
const requests = (): Seen[] =>
  readFileSync(seen(), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

async function statusOf({ host, authorization }: Seen, repository: string, tag: string, method = "GET"): Promise<number> {
  const answer = await fetch(`http://${host}/v2/${repository}/manifests/${tag}`, { method, headers: { authorization } });
  await answer.arrayBuffer();
  return answer.status;
}

describe("examples/workflows of the token action", () => {
  it("are all played here, and give the action only inputs that it has", () => {
    expect(files.sort()).toEqual(["build-and-push-with-token.yml", "token-matrix.yml", "token-reusable-caller.yml", "token-reusable.yml"]);
    const declared = Object.keys(parse(readFileSync(path.join(root, "action/token/action.yml"), "utf8")).inputs);
    const used = files.flatMap((file) => {
      const { jobs } = parse(readFileSync(path.join(folder, file), "utf8"));
      return Object.values<{ steps?: { uses?: string; with?: object }[] }>(jobs).flatMap(({ steps = [] }) => steps);
    });
    const ours = used.filter(({ uses }) => uses === "OWNER/registry-as-code/action/token@v1");
    expect(ours).toHaveLength(3);
    for (const { with: inputs = {} } of ours) expect(declared).toEqual(expect.arrayContaining(Object.keys(inputs)));
  });

  (actionlint || process.env.CI ? it : it.skip)("pass actionlint where GitHub looks for them", () => {
    const place = path.join(scratch, "repository", ".github", "workflows");
    mkdirSync(place, { recursive: true });
    // The mark of a repository's root.
    mkdirSync(path.join(scratch, "repository", ".git"));
    for (const file of files) cpSync(path.join(folder, file), path.join(place, file));
    const cwd = path.join(scratch, "repository");
    expect(execFileSync(actionlint ?? "", ["-no-color", ...files.map((file) => path.join(place, file))], { cwd, encoding: "utf8" })).toBe(
      "",
    );
  });

  it("build-and-push-with-token: the token pushes while the job runs, and is refused afterwards", async () => {
    const rig = await startSelectel(["acme", "other"]);
    const { sandbox, client } = rig;
    try {
      const played = await play(scratch, "build-and-push-with-token.yml", {
        eventName: "push",
        github: { sha: "c0ffee" },
        ...selectel(rig),
      });
      expect(log(played)).not.toContain("::error");
      expect(played.jobs).toEqual({ image: "success" });
      expect(played.steps.map(({ step }) => step)).toEqual([
        expect.stringContaining("checkout"),
        "registry",
        "Build and push",
        "Post registry",
      ]);
      expect([...(sandbox.store.repository("acme/app")?.tags.keys() ?? [])]).toEqual(["c0ffee"]);
      const [used] = requests();
      expect(used && (await statusOf(used, "acme/app", "c0ffee"))).toBe(401);
      expect(await tokensOf(client)).toEqual([]);
      expect(log(played).replace(/^::add-mask::.*$/gm, "")).not.toContain(played.steps[1]?.outputs.token);
    } finally {
      await client.close();
      await sandbox.close();
    }
  });

  it("build-and-push-with-token: a push that fails leaves no token either", async () => {
    const rig = await startSelectel(["acme"]);
    const { sandbox, client } = rig;
    try {
      sandbox.control.inject({ api: "selectel-registry", method: "PUT", path: "/manifests/", fault: { kind: "status", status: 500 } });
      const played = await play(scratch, "build-and-push-with-token.yml", {
        eventName: "push",
        github: { sha: "c0ffee" },
        ...selectel(rig),
      });
      expect(played.jobs).toEqual({ image: "failure" });
      expect(played.steps.at(-1)).toMatchObject({ step: "Post registry", exitCode: 0 });
      expect(await tokensOf(client)).toEqual([]);
    } finally {
      await client.close();
      await sandbox.close();
    }
  });

  it("token-matrix: each leg has a token for its own repository", async () => {
    const { sandbox, account } = await startOci({ tokenLifetime: 300 });
    const { registry: REGISTRY = "", username: REGISTRY_USERNAME = "", password: REGISTRY_PASSWORD = "" } = account;
    try {
      const played = await play(scratch, "token-matrix.yml", {
        eventName: "push",
        github: { ref_name: "v1" },
        vars: { REGISTRY },
        secrets: { REGISTRY_USERNAME, REGISTRY_PASSWORD },
        env: machine(),
      });
      expect(log(played)).not.toMatch(/::(error|warning)/);
      expect(played.jobs).toEqual({ service: "success" });
      const legs = ["team/api", "team/web", "team/jobs"].map((repository) => requests().find((one) => one.repository === repository));
      expect(new Set(legs.map((leg) => leg?.authorization)).size).toBe(3);
      // Token servers take nothing back: until they expire, the tokens show what they can do.
      for (const leg of legs) {
        for (const repository of ["team/api", "team/web", "team/jobs"])
          expect(leg && (await statusOf(leg, repository, "v1"))).toBe(leg?.repository === repository ? 200 : 401);
      }
      expect(played.steps.filter(({ step }) => step === "Post registry").map(({ stdout }) => stdout)).toEqual(
        Array(3).fill(expect.stringMatching(/cannot be revoked at this registry; it dies by its expiry/)),
      );
    } finally {
      await sandbox.close();
    }
  });

  it("token-reusable: each call reads its own registry, and its token is refused afterwards", async () => {
    const rig = await startSelectel(["acme", "base"]);
    const { sandbox, client } = rig;
    try {
      const [app, base] = [image({ layers: ["app"] }), image({ layers: ["base"] })];
      push(sandbox.store, "acme/app", "latest", app);
      push(sandbox.store, "base/node", "24", base);
      const played = await play(scratch, "token-reusable-caller.yml", { eventName: "schedule", ...selectel(rig) });
      expect(played.jobs).toEqual({ app: "success", base: "success", report: "success" });
      expect(log(played)).toContain(`app is ${app.digest}, base is ${base.digest}`);
      expect(played.steps.filter(({ job }) => job === "app / check").map(({ step }) => step)).toEqual([
        "token",
        "Look at the image",
        "Post token",
      ]);
      const pulls = requests().filter(({ command }) => command === "pull");
      expect(pulls.map(({ repository, status }) => [repository, status])).toEqual([
        ["acme/app", 200],
        ["base/node", 200],
      ]);
      for (const pull of pulls) expect(await statusOf(pull, pull.repository, "latest")).toBe(401);
      expect(await tokensOf(client)).toEqual([]);
    } finally {
      await client.close();
      await sandbox.close();
    }
  });
});

/** The account of the sandbox, as the examples name it; what only the sandbox needs goes beside it. */
function selectel({ account, projectName }: SelectelRig) {
  return {
    vars: { SELECTEL_ACCOUNT_ID: account["account-id"], SELECTEL_PROJECT_NAME: projectName },
    secrets: { SELECTEL_USERNAME: account.username, SELECTEL_PASSWORD: account.password },
    env: {
      ...machine(),
      "INPUT_AUTH-URL": account["auth-url"],
      "INPUT_API-URL": account["api-url"],
      INPUT_REGISTRY: account.registry,
    },
  };
}
