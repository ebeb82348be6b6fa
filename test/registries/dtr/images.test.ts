import { planCleanup } from "../../../provider/cleanup";
import { RepositoryUnknown } from "../../../provider/registries/image-registry";
import { image, index, push } from "../../sandbox/images";
import { DAY, onSandbox, START } from "./images-rig";

const arm = { os: "linux", architecture: "arm64" };
const amd = image({ layers: ["amd64"], created: "1970-01-01T00:00:00Z" });
const both = index([amd, image({ layers: ["arm64"], platform: arm })]);
const other = image({ layers: ["other"] });
const start = { time: Date.parse(START), source: "registry" };

const failure = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => {
      throw new Error("it went well");
    },
    (error: Error) => error,
  );

describe("the inventory is what /v2 says, with the time of the last push", () => {
  it("of single images and of those for several platforms", () =>
    onSandbox({}, async ({ dtr, images, time }) => {
      push(dtr.store, "team/app", ["v1", "latest"], both);
      time.advance(DAY);
      push(dtr.store, "team/app", "latest", both);
      push(dtr.store, "team/app", "old", other);
      const { manifests, tags, missing } = await images.inventory("team/app");
      expect(Object.fromEntries(tags)).toEqual({ v1: both.digest, latest: both.digest, old: other.digest });
      expect([...manifests.keys()].sort()).toEqual([both.digest, ...both.children.map(({ digest }) => digest), other.digest].sort());
      expect(missing).toEqual(new Set());
      // The latest push counts, for the parts as well: builds that say 1970 are as young as their push.
      const later = { ...start, time: start.time + DAY };
      expect([both, amd, other].map(({ digest }) => manifests.get(digest)?.created)).toEqual([later, later, later]);
      expect(images.capabilities).toMatchObject({ untagged: "hidden", creationTime: "push" });
    }));

  it("costs one page of tags and one request for each manifest, and no build times", () =>
    onSandbox({}, async ({ dtr, images, asked, forget }) => {
      for (let n = 0; n < 150; n++) push(dtr.store, "team/app", `t${n}`, image({ labels: { n: String(n) } }));
      forget();
      const inventory = await images.inventory("team/app");
      const detailed = await images.detail(inventory, { created: new Set(inventory.manifests.keys()), referrers: false });
      expect(detailed.manifests).toEqual(inventory.manifests);
      // Two pages of the API, the list of /v2, 150 manifests, and at most two for logging in.
      expect(asked().length).toBeLessThanOrEqual(2 + 1 + 150 + 2);
    }));

  it("of a repository to which nothing was pushed is empty; one that nobody knows, or may see, is unknown", () =>
    onSandbox(
      { accounts: { eve: { password: "eves-password" } }, repositories: { "team/app": { visibility: "private" } } },
      async ({ images, as }) => {
        expect((await images.inventory("team/app")).tags.size).toBe(0);
        for (const inventory of [
          images.inventory("team/none"),
          images.inventory("none"),
          images.inventory("a/b/c"),
          as("eve", "eves-password").inventory("team/app"),
        ])
          expect(await failure(inventory)).toBeInstanceOf(RepositoryUnknown);
      },
    ));

  it("names every repository that the user may see", () =>
    onSandbox(
      {
        accounts: { eve: { password: "eves-password" } },
        repositories: { "team/app": { visibility: "private" }, "team/open": { visibility: "public" } },
      },
      async ({ images, as }) => {
        expect((await Array.fromAsync(images.repositories())).sort()).toEqual(["team/app", "team/open"]);
        expect(await Array.fromAsync(as("eve", "eves-password").repositories())).toEqual(["team/open"]);
      },
    ));
});

describe("the API and /v2 have to agree", () => {
  const stale = { api: "dtr", path: "/api/v0/repositories/team/app/tags$", fault: "stale-list" } as const;

  it("on the tags and their digests; a moment's difference is none", () =>
    onSandbox({}, async ({ dtr, sandbox, images }) => {
      push(dtr.store, "team/app", "v1", both);
      await images.inventory("team/app");
      push(dtr.store, "team/app", "v1", other);
      sandbox.control.inject({ ...stale, times: 2 });
      expect((await failure(images.inventory("team/app"))).message).toBe(
        `The registry's API and its /v2 do not agree on team/app: the tag v1 is ${both.digest} in the API and ${other.digest} over /v2.`,
      );
      sandbox.control.clearFaults();
      await images.inventory("team/app");
      push(dtr.store, "team/app", "v2", other);
      sandbox.control.inject({ ...stale, times: 2 });
      expect((await failure(images.inventory("team/app"))).message).toContain("the tag v2 is only in the list of /v2");
      sandbox.control.clearFaults();
      sandbox.control.inject(stale);
      expect([...(await images.inventory("team/app")).tags.keys()].sort()).toEqual(["v1", "v2"]);
    }));

  it.each(["short-page", "looped-link", "broken-json", "html"] as const)("a list that is not whole deletes nothing: %s", (fault) =>
    onSandbox({}, async ({ dtr, sandbox, images, time, writes }) => {
      for (let n = 0; n < 250; n++) push(dtr.store, "team/app", `t${n}`, other);
      time.advance(60 * DAY);
      sandbox.control.inject({ api: "dtr", path: "/tags$", times: 100, fault });
      const now = () => time.now().getTime();
      const plan = await planCleanup({ registry: images, deleteTags: ["t*"], maxDeletionsPercent: 100, now });
      if (fault === "short-page") expect(plan.repositories[0]?.problem ?? "").toBe("");
      else {
        expect(plan.repositories[0]?.problem).toBeTruthy();
        expect(plan.repositories[0]?.deletions).toEqual([]);
        expect(writes()).toEqual([]);
      }
    }),
  );
});

describe("what may be deleted", () => {
  const accounts = { reader: { password: "readers-password" }, writer: { password: "writers-password" } };
  const organizations = {
    team: { teams: { readers: { members: ["reader"] }, writers: { members: ["writer"] } } },
  };

  it("is found out with a tag that nobody chose", () =>
    onSandbox({ accounts, organizations }, async ({ dtr, client, images, as }) => {
      await client.repositories.setTeamAccess({ namespace: "team", repository: "app", team: "readers", accessLevel: "read-only" });
      await client.repositories.setTeamAccess({ namespace: "team", repository: "app", team: "writers", accessLevel: "read-write" });
      push(dtr.store, "team/app", "v1", other);
      expect(await images.deletion("team/app")).toEqual({ manifest: "supported", tag: "supported" });
      expect(await as("writer", "writers-password").deletion("team/app")).toEqual({ manifest: "supported", tag: "supported" });
      expect(await as("reader", "readers-password").deletion("team/app")).toEqual({ manifest: "denied", tag: "denied" });
      expect([...(dtr.store.repository("team/app")?.tags.keys() ?? [])]).toEqual(["v1"]);
    }));

  it("is nothing where tags are immutable, and the plan says so", () =>
    onSandbox({ repositories: { "team/app": { immutableTags: true } } }, async ({ dtr, images, time, writes }) => {
      push(dtr.store, "team/app", "v1", other);
      time.advance(60 * DAY);
      const plan = await planCleanup({
        registry: images,
        deleteTags: ["v*"],
        minKeep: 0,
        maxDeletionsPercent: 100,
        now: () => time.now().getTime(),
      });
      expect(plan.repositories[0]).toMatchObject({
        deletions: [],
        warnings: ["1 image that is to go stays, because the repository's tags are immutable."],
      });
      expect(plan.repositories[0]?.images[0]?.reason.text).toContain("the tags of this repository are immutable");
      expect(writes()).toEqual([]);
    }));
});

describe("what the server's own pruning policies would do is said beside the plan", () => {
  const seen = async (rules: { field: string; operator: string; values: string[] }[][], enabled = true): Promise<readonly string[]> => {
    let warnings: readonly string[] = [];
    await onSandbox({}, async ({ dtr, client, images, time }) => {
      for (const tag of ["v1", "v2", "pr-1", "pr-2"]) push(dtr.store, "team/app", tag, image({ labels: { tag } }));
      for (const one of rules)
        await client.pruningPolicies.create({ namespace: "team", repository: "app", rules: one, enabled, initialEvaluation: false });
      time.advance(60 * DAY);
      const now = () => time.now().getTime();
      const plan = await planCleanup({ registry: images, repositories: ["team/app"], deleteTags: ["pr-*"], now });
      expect(plan.counts.digests).toBe(2);
      warnings = plan.repositories[0]?.warnings ?? [];
      expect([...(dtr.store.repository("team/app")?.tags.keys() ?? [])]).toHaveLength(4);
    });
    return warnings;
  };
  const startsWith = (text: string) => [{ field: "tag", operator: "sw", values: [text] }];

  it.each([
    ["the same", [startsWith("pr-1")], "The server's own pruning policy would delete 1 tag here, which this plan deletes, too."],
    [
      "more",
      [startsWith("pr-"), startsWith("v")],
      "The server's own 2 pruning policies would delete 4 tags here, of which this plan keeps 2: v1, v2.",
    ],
    ["something else", [startsWith("v1")], "The server's own pruning policy would delete 1 tag here, which this plan keeps: v1."],
    ["nothing", [startsWith("x")], "The server's own pruning policy would delete nothing here now."],
  ])("%s", async (_what, rules, sentence) => expect(await seen(rules)).toEqual([sentence]));

  it("but not what a policy that is off would, nor where there is none", async () => {
    expect(await seen([startsWith("v")], false)).toEqual([]);
    expect(await seen([])).toEqual([]);
  });

  it.each([
    { path: "/pruningPolicies$", status: 404, body: "" },
    { path: "/pruningPolicies/test$", status: 404, body: '{"errors":[{"code":"INVALID_PRUNING_POLICY"}]}' },
  ])(
    "and not where the server has no such call, or does not evaluate what it holds: the plan stands all the same: $path $status $body",
    ({ path, ...fault }) =>
      onSandbox({}, async ({ dtr, client, images, sandbox }) => {
        push(dtr.store, "team/app", "v1", other);
        await client.pruningPolicies.create({
          namespace: "team",
          repository: "app",
          rules: startsWith("v"),
          enabled: true,
          initialEvaluation: false,
        });
        sandbox.control.inject({ api: "dtr", path, times: 100, fault: { kind: "status", ...fault } });
        expect(await images.pruning?.("team/app")).toBeUndefined();
      }),
  );

  it("and not to users who may not see the policies", () =>
    onSandbox(
      { accounts: { eve: { password: "eves-password" } }, repositories: { "team/app": { visibility: "public" } } },
      async ({ dtr, client, as }) => {
        push(dtr.store, "team/app", "v1", other);
        await client.pruningPolicies.create({
          namespace: "team",
          repository: "app",
          rules: startsWith("v"),
          enabled: true,
          initialEvaluation: false,
        });
        expect(await as("eve", "eves-password").pruning?.("team/app")).toBeUndefined();
      },
    ));
});

describe("garbage", () => {
  it.each([
    ["onlinegc", true],
    ["gc", false],
  ])("is collected by the job %s, once, only where somebody asks for it, and frees the space", (action, onlineGCEnabled) =>
    onSandbox({}, async ({ dtr, sandbox, client, images, writes, forget }) => {
      push(dtr.store, "team/app", "v1", other);
      await images.delete("team/app", [{ kind: "manifest", digest: other.digest, tags: ["v1"] }], { placeholder: false });
      expect(dtr.store.repository("team/app")?.manifests.has(other.digest)).toBe(true);
      expect(images.garbageCollection?.automatic).toBe(false);
      const features = { ...(await client.meta.features()), onlineGCEnabled };
      const body = JSON.stringify(features);
      forget();
      sandbox.control.inject({ api: "dtr", path: "/meta/features$", fault: { kind: "status", status: 200, body } });
      const lines: string[] = [];
      await images.garbageCollection?.collect("", { onProgress: (line) => lines.push(line) });
      expect(writes()).toEqual(["POST jobs"]);
      expect(lines).toEqual([expect.stringContaining(`(${action}) collects it`)]);
      expect(dtr.store.repository("team/app")?.manifests.has(other.digest)).toBe(false);
    }),
  );

  it("that is being collected already is waited for, whatever becomes of it", () =>
    onSandbox({ jobPolls: 2 }, async ({ dtr, client, images, writes }) => {
      const lines: string[] = [];
      const running = await client.jobs.submit({ action: "onlinegc" });
      dtr.state.failNext("onlinegc", "the disk is full");
      await images.garbageCollection?.collect("", { onProgress: (line) => lines.push(line) });
      expect(lines).toEqual([expect.stringContaining(`waits for the job ${running.id}`), expect.stringContaining("collects it")]);
      expect(writes()).toEqual(["POST jobs", "POST jobs"]);
    }));

  it("that cannot be collected is an error with the end of the job's log", () =>
    onSandbox({}, async ({ dtr, images }) => {
      dtr.state.failNext("onlinegc", "the disk is full");
      await expect(images.garbageCollection?.collect("", {})).rejects.toThrow(/onlinegc.*the disk is full/);
    }));
});
