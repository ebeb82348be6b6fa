import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { openImageRegistry } from "../../../provider/cleanup/open-registry";
import { type CleanupPlan, planCleanup } from "../../../provider/cleanup/plan-cleanup";
import { PolicyError } from "../../../provider/cleanup/policy/policy-error";
import { policyFromSelectors } from "../../../provider/cleanup/policy/selectors";
import type { ImageRegistry } from "../../../provider/registries/image-registry";
import { type Sandbox, startSandbox } from "../../sandbox";
import { image, push } from "../../sandbox/images";

const images = [1, 2, 3, 4].map((n) => image({ layers: [`layer ${n}`], created: `2026-01-0${n}T00:00:00Z` }));
const now = () => Date.UTC(2026, 5, 1);

let sandbox: Sandbox;
let workspace: string;
let registry: ImageRegistry;

beforeAll(async () => {
  workspace = await mkdtemp(path.join(tmpdir(), "plan-cleanup-"));
  sandbox = await startSandbox({ apis: ["oci"] });
  for (const [at, one] of images.entries()) push(sandbox.store, "team/app", `v${at + 1}`, one);
  push(sandbox.store, "other/app", "v1", image({ layers: ["other"] }));
  const { url, username, password } = sandbox.info.oci ?? { url: "", username: "", password: "" };
  registry = await openImageRegistry({ type: "oci", registry: url, username, password }, { env: {} });
});

afterAll(async () => {
  await registry.close();
  await sandbox.close();
  await rm(workspace, { recursive: true });
});

const tagsThatGo = (plan: CleanupPlan) =>
  plan.repositories.flatMap(({ repository, images: all }) =>
    all.filter(({ action }) => action === "delete").flatMap(({ tags }) => tags.map(({ tag }) => `${repository}:${tag}`)),
  );
const plan = (options: Omit<Parameters<typeof planCleanup>[0], "registry">) => planCleanup({ registry, now, workspace, ...options });

describe("planCleanup", () => {
  it("gives the plan as data: what goes, what stays, with reasons, counts and bounds, and changes nothing", async () => {
    sandbox.control.clearRequests();
    const made = await plan({ repositories: "team/*", keepNTagged: 2, excludeTags: ["v1"] });
    expect(tagsThatGo(made)).toEqual(["team/app:v2"]);
    expect(made.problems).toEqual([]);
    expect(made.bounds).toMatchObject({ excesses: [] });
    expect(made.header).toMatchObject({ registry: { type: "oci", name: registry.name }, createdAt: "2026-06-01T00:00:00.000Z" });
    expect(made.counts).toMatchObject({ roots: 1, kept: 3 });
    const reasons = made.repositories[0]?.images.map(({ tags, reason }) => [tags[0]?.tag, reason.code]);
    expect(new Map(reasons as [string, string][])).toEqual(
      new Map([
        ["v1", "excluded"],
        ["v2", "selected"],
        ["v3", "newest"],
        ["v4", "newest"],
      ]),
    );
    const writes = sandbox.control.requests({ api: "oci" }).filter(({ method }) => !["GET", "HEAD"].includes(method));
    // Whether deletion is possible is found out on what cannot exist.
    expect(writes.filter(({ path: at }) => images.some(({ digest }) => at.includes(digest)))).toEqual([]);
  });

  it("opens and closes a registry that is given as a connection", async () => {
    const { url, username, password } = sandbox.info.oci ?? { url: "", username: "", password: "" };
    const made = await planCleanup({
      registry: { type: "oci", registry: url, username, password },
      repositories: ["other/app"],
      deleteTags: ["v*"],
      minKeep: 0,
      now,
      open: { env: {} },
    });
    expect(tagsThatGo(made)).toEqual(["other/app:v1"]);
  });

  it.each<[string, () => Promise<Parameters<typeof plan>[0]>]>([
    ["a text", async () => ({ policy: "version: 1\nrules:\n  - { tags: v*, keep: { count: 2 } }" })],
    [
      "a file",
      async () => {
        await writeFile(path.join(workspace, "policy.yml"), "version: 1\nrules:\n  - { tags: v*, keep: { count: 2 } }");
        return { policy: "policy.yml" };
      },
    ],
    ["data", async () => ({ policy: { ...policyFromSelectors({ keepNTagged: 2 }), repositories: ["**"] } })],
  ])("takes a policy as %s", async (_, options) => {
    expect(tagsThatGo(await plan(await options())).sort()).toEqual(["team/app:v1", "team/app:v2"]);
  });

  it("keeps what keep-lists name, and passes on what is said of them", async () => {
    await writeFile(path.join(workspace, "stack.json"), JSON.stringify({ image: `${registry.name}/team/app:v1` }));
    await writeFile(path.join(workspace, "empty.txt"), "");
    const lines: string[] = [];
    const made = await plan({
      repositories: ["team/app"],
      deleteTags: ["v{1,2,3}"],
      keepList: ["stack.json", "empty.txt"],
      keepDigests: [images[1]?.digest ?? ""],
      log: (line) => lines.push(line),
    });
    expect(tagsThatGo(made)).toEqual(["team/app:v3"]);
    expect(made.warnings).toEqual([`keepList: empty.txt names no image of ${registry.name} and no digest.`]);
    expect(lines).toEqual(made.warnings);
  });

  it("says that untagged images are hidden, or refuses where nothing else is selected", async () => {
    expect((await plan({ deleteUntagged: true, deleteTags: "none" })).warnings).toEqual([
      expect.stringContaining("does not show images without tags"),
    ]);
    await expect(plan({ deleteUntagged: true })).rejects.toThrow("Nothing else is selected");
  });

  it("takes a share of the repositories", async () => {
    const shares = await Promise.all(["1/2", "2/2"].map((shard) => plan({ keepNTagged: 2, shard })));
    expect(shares.flatMap(({ repositories }) => repositories.map(({ repository }) => repository)).sort()).toEqual([
      "other/app",
      "team/app",
    ]);
  });

  it.each<[Parameters<typeof plan>[0], string]>([
    [{}, "There is no selector"],
    [{ deleteTags: "(" }, "deleteTags"],
    [{ deleteTags: "v*", policy: "version: 1" }, "deleteTags: cannot stand beside policy"],
    [{ policy: "missing.yml" }, "policy: the file missing.yml cannot be read"],
    [{ policy: "version: 2" }, "policy:1:10"],
    [{ policy: policyFromSelectors({ keepNTagged: 2 }), minKeep: 3 }, "minKeep: cannot stand beside a policy that is given as data"],
    [{ deleteTags: "v*", keepList: "missing.txt" }, "keepList: the file missing.txt cannot be read"],
  ])("refuses %j before anything is asked", async (options, message) => {
    sandbox.control.clearRequests();
    await expect(plan(options)).rejects.toThrow(PolicyError);
    await expect(plan(options)).rejects.toThrow(message);
    expect(sandbox.control.requests({ api: "oci" })).toEqual([]);
  });
});
