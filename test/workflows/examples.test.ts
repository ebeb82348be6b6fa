import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { pullRequestEvent, startFakeGitHub } from "../action/fake-github";
import { type Sandbox, startSandbox } from "../sandbox";
import { image, push } from "../sandbox/images";
import { folder, log, type Played, play as playIn, root } from "./rig";

jest.setTimeout(120_000);

/** They use no action of ours. */
const others = ["cleanup-policy.yml", "policy-review.yml"];
const files = readdirSync(folder).filter((file) => file.endsWith(".yml") && !file.includes("token") && !others.includes(file));
const DAY = 86_400_000;

let scratch: string;
let sandbox: Sandbox;
beforeEach(async () => {
  scratch = mkdtempSync(path.join(tmpdir(), "workflow-"));
  sandbox = await startSandbox();
});
afterEach(async () => {
  await sandbox.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** An image that was built so many days ago. */
function build(repository: string, tag: string | readonly string[], days: number): void {
  const created = new Date(Date.now() - days * DAY);
  push(sandbox.store, repository, tag, image({ created, layers: [`${repository} ${tag}`] }));
}

const tags = (repository: string) => [...(sandbox.store.repository(repository)?.tags.keys() ?? [])].sort();

const play = (file: string, scene: Readonly<Record<string, unknown>>): Promise<Played> => playIn(scratch, file, scene);

const credentials = () => {
  const { oci } = sandbox.info;
  return {
    vars: { REGISTRY: oci?.url ?? "" },
    secrets: {
      REGISTRY_USERNAME: oci?.username ?? "",
      REGISTRY_PASSWORD: oci?.password ?? "",
      REGISTRY_READER_USERNAME: oci?.username ?? "",
      REGISTRY_READER_PASSWORD: oci?.password ?? "",
    },
  };
};

describe("examples/workflows of the cleanup", () => {
  it("are all played here, and give the action only inputs that it has", () => {
    expect(files.sort()).toEqual([
      "plan-approve-apply.yml",
      "pull-request-closed.yml",
      "review-policy.yml",
      "scheduled-cleanup.yml",
      "sharded-cleanup.yml",
    ]);
    const declared = Object.keys(parse(readFileSync(path.join(root, "action.yml"), "utf8")).inputs);
    for (const file of files) {
      const { jobs } = parse(readFileSync(path.join(folder, file), "utf8"));
      for (const job of Object.values<{ steps: { uses?: string; with?: object }[] }>(jobs)) {
        const ours = job.steps.filter(({ uses }) => uses?.startsWith("OWNER/registry-as-code@"));
        expect(ours.length).toBeGreaterThan(0);
        for (const { with: inputs = {} } of ours) expect(declared).toEqual(expect.arrayContaining(Object.keys(inputs)));
      }
    }
  });

  it("scheduled-cleanup: old previews go, releases stay; by hand it only shows", async () => {
    for (let number = 1; number <= 8; number++) build("team/app", `pr-${number}`, 100 - number);
    build("team/app", ["v1", "pr-0"], 300);
    build("team/app", "pr-9", 1);
    build("other/app", "pr-1", 100);
    const before = tags("team/app");
    const shown = await play("scheduled-cleanup.yml", {
      eventName: "workflow_dispatch",
      inputs: { "dry-run": true },
      ...credentials(),
    });
    expect(shown.jobs).toEqual({ cleanup: "success" });
    expect(tags("team/app")).toEqual(before);
    const played = await play("scheduled-cleanup.yml", { eventName: "schedule", ...credentials() });
    expect(log(played)).toContain("4 images deleted");
    expect(played.jobs).toEqual({ cleanup: "success" });
    // Five newest of all candidates: 9, 8, 7, 6, 5; the excluded one takes no place.
    expect(tags("team/app")).toEqual(["pr-0", "pr-5", "pr-6", "pr-7", "pr-8", "pr-9", "v1"]);
    expect(tags("other/app")).toEqual(["pr-1"]);
    expect(shown.steps[0]?.outputs["would-delete-count"]).toBe(played.steps[0]?.outputs["deleted-count"]);
  });

  it("review-policy: one comment says what the policy would delete and how it differs from the old one, and is updated in place; nothing is deleted", async () => {
    const before = readFileSync(path.join(folder, "cleanup-policy.yml"), "utf8")
      .replace('["pr-*"]', '["pr-1"]')
      .replace("count: 2", "count: 5");
    const github = await startFakeGitHub({ contents: { "cleanup-policy.yml": before } });
    try {
      for (let number = 1; number <= 4; number++) build("team/app", `pr-${number}`, 30 - number);
      for (const version of ["v1.0.0", "v1.0.1", "v1.0.2", "v1.1.0", "v1.2.0", "v2.0.0"]) build("team/app", version, 90);
      build("team/app", "latest", 1);
      const tagged = tags("team/app");
      const scene = {
        eventName: "pull_request",
        event: pullRequestEvent(5),
        ...credentials(),
        env: { GITHUB_API_URL: github.url, "INPUT_GITHUB-TOKEN": "ghs_default", GITHUB_REPOSITORY: "octo/app" },
      };
      const played = await play("review-policy.yml", scene);
      expect(log(played)).not.toContain("::error");
      expect(played.jobs).toEqual({ review: "success" });
      expect(github.comments).toHaveLength(1);
      for (const tag of ["pr-1", "pr-4", "v1.0.0"]) expect(github.comments[0]?.body).toContain(`<code>${tag}</code>`);
      expect(github.comments[0]?.body).not.toContain("<code>v1.0.1</code>");
      expect(github.comments[0]?.body).toContain("The policy would delete 4 digests that the one on <code>main</code> keeps.");
      build("team/app", "pr-0", 40);
      await play("review-policy.yml", scene);
      expect(github.comments).toHaveLength(1);
      expect(github.comments[0]?.body).toContain("<code>pr-0</code>");
      expect(github.comments[0]?.body).toContain("The policy would delete 5 digests that the one on <code>main</code> keeps.");
      expect(tags("team/app")).toEqual([...tagged, "pr-0"].sort());
    } finally {
      await github.close();
    }
  });

  it("plan-approve-apply: what was approved goes, and what changed meanwhile stays", async () => {
    for (let number = 1; number <= 14; number++) build("team/app", `build-${number}`, 100 - number);
    const played = await play("plan-approve-apply.yml", { eventName: "schedule", ...credentials() });
    expect(played.jobs).toEqual({ plan: "success", apply: "success" });
    expect(tags("team/app")).toHaveLength(10);
    expect(tags("team/app")).not.toContain("build-4");
    const again = await play("plan-approve-apply.yml", { eventName: "schedule", ...credentials() });
    expect(again.jobs).toEqual({ plan: "success", apply: "skipped" });
  });

  it("pull-request-closed: exactly the images of this number go", async () => {
    for (const tag of ["pr-7", "pr-7-arm64", "pr-77", "latest"]) build("team/app", tag, 0);
    build("team/preview", "pr-7", 0);
    const event = { pull_request: { number: 7, head: { repo: { full_name: "octo/app" } } } };
    const scene = { eventName: "pull_request", event, ...credentials() };
    const fork = { pull_request: { number: 7, head: { repo: { full_name: "stranger/app" } } } };
    const github = { repository: "octo/app" };
    expect((await play("pull-request-closed.yml", { ...scene, event: fork, github })).jobs).toEqual({ cleanup: "skipped" });
    const played = await play("pull-request-closed.yml", { ...scene, github });
    expect(log(played)).not.toContain("::error");
    expect(played.jobs).toEqual({ cleanup: "success" });
    expect(tags("team/app")).toEqual(["latest", "pr-77"]);
    expect(tags("team/preview")).toEqual([]);
  });

  it("sharded-cleanup: every repository is cleaned by one shard, and garbage is collected once", async () => {
    const { selectel } = sandbox.info;
    const api = (selectel?.v1 ?? "").replace(/\/v1$/, "");
    const made = await fetch(`${selectel?.v1}/registries`, {
      method: "POST",
      headers: { "x-auth-token": selectel?.token ?? "", "content-type": "application/json" },
      body: JSON.stringify({ name: "acme" }),
    });
    expect(made.status).toBe(201);
    const { id } = z(await made.json());
    for (let polls = 0; polls < 4; polls++)
      await fetch(`${selectel?.v1}/registries/${id}`, { headers: { "x-auth-token": selectel?.token ?? "" } });
    for (const name of ["acme/api", "acme/web", "acme/jobs"]) {
      for (let number = 1; number <= 22; number++) build(name, `b${number}`, 200 - number);
    }
    const played = await play("sharded-cleanup.yml", {
      eventName: "schedule",
      vars: { SELECTEL_ACCOUNT_ID: selectel?.accountId ?? "", SELECTEL_PROJECT_NAME: selectel?.projectName ?? "" },
      secrets: { SELECTEL_USERNAME: selectel?.username ?? "", SELECTEL_PASSWORD: selectel?.password ?? "" },
      env: { "INPUT_AUTH-URL": selectel?.authUrl, "INPUT_API-URL": api, INPUT_REGISTRY: selectel?.registryHost },
    });
    expect(log(played)).not.toContain("::error");
    expect(played.jobs).toEqual({ cleanup: "success", "collect-garbage": "success" });
    for (const name of ["acme/api", "acme/web", "acme/jobs"]) expect(tags(name)).toHaveLength(20);
    const collections = sandbox.control.requests({ method: "POST" }).filter(({ path: at }) => at.endsWith("/garbage-collection"));
    expect(collections).toHaveLength(1);
  });
});

/** The id of what was made. */
function z(answer: unknown): { readonly id: string } {
  if (typeof answer !== "object" || answer === null || !("id" in answer) || typeof answer.id !== "string") throw new Error("no id");
  return { id: answer.id };
}
