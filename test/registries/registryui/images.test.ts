import { planCleanup } from "../../../provider/cleanup";
import { collectAfter } from "../../../provider/cleanup/run/garbage";
import { RepositoryUnknown } from "../../../provider/registries/image-registry";
import { isNotAuthorized, isOffline } from "../../../provider/registries/registryui";
import { artifact, image, index, push } from "../../sandbox/images";
import { failure } from "./connected";
import { minute, onSandbox, START } from "./images-rig";

const arm = { os: "linux", architecture: "arm64" };
const amd = image({ layers: ["amd64"], created: "1970-01-01T00:00:00Z" });
const both = index([amd, image({ layers: ["arm64"], platform: arm })]);
const other = image({ layers: ["other"] });
const start = { time: Date.parse(START), source: "registry" };

describe("the inventory is what /v2 says, with the time of the push", () => {
  it.each(["index", "child", "null"] as const)("of an image for several platforms, whatever RegistryUI shows of it: %s", (indexDetails) =>
    onSandbox({ indexDetails }, async ({ ui, images, time }) => {
      push(ui.store, "team/app", ["v1", "latest"], both);
      time.advance(60 * minute);
      push(ui.store, "team/app", "latest", both);
      push(ui.store, "team/app", "old", other);
      const { manifests, tags, missing } = await images.inventory("team/app");
      expect(Object.fromEntries(tags)).toEqual({ v1: both.digest, latest: both.digest, old: other.digest });
      expect([...manifests.keys()].sort()).toEqual([both.digest, ...both.children.map(({ digest }) => digest), other.digest].sort());
      expect(missing).toEqual(new Set());
      // The latest push counts, for the parts as well: builds that say 1970 are as young as their push.
      const later = { ...start, time: start.time + 60 * minute };
      expect([both, amd, other].map(({ digest }) => manifests.get(digest)?.created)).toEqual([later, later, later]);
      expect(images.capabilities).toMatchObject({ untagged: "hidden", creationTime: "push" });
    }),
  );

  it("and asks for no build times of what has one", () =>
    onSandbox({}, async ({ ui, images, asked, forget }) => {
      push(ui.store, "team/app", "v1", both);
      const inventory = await images.inventory("team/app");
      forget();
      const detailed = await images.detail(inventory, { created: new Set(inventory.manifests.keys()), referrers: false });
      expect(detailed.manifests).toEqual(inventory.manifests);
      expect(asked()).toEqual([]);
      // An inventory of somebody else is read anew.
      expect((await images.detail({ ...inventory }, { created: new Set([amd.digest]), referrers: true })).tags).toEqual(inventory.tags);
    }));

  it("of referrers too, and of those that no tag leads to with what they say themselves", () =>
    onSandbox({ host: { referrersApi: true } }, async ({ ui, images }) => {
      const annotations = { "org.opencontainers.image.created": "2026-01-05T00:00:00Z" };
      const signature = artifact({ artifactType: "application/vnd.example.signature", subject: both, annotations });
      push(ui.store, "team/app", "v1", both);
      push(ui.store, "team/app", undefined, signature);
      const inventory = await images.detail(await images.inventory("team/app"), { created: new Set([signature.digest]), referrers: true });
      expect(inventory.manifests.get(signature.digest)).toMatchObject({
        subject: both.digest,
        created: { time: Date.parse("2026-01-05T00:00:00Z"), source: "annotation" },
      });
    }));

  it("throws RepositoryUnknown for what neither knows, and gives nothing for a project without images", () =>
    onSandbox({ projects: { "team/empty": {} } }, async ({ images }) => {
      expect(await failure(images.inventory("team/none"))).toBeInstanceOf(RepositoryUnknown);
      expect(await failure(images.inventory("team/empty"))).toBeInstanceOf(RepositoryUnknown);
    }));
});

describe("RegistryUI and /v2 have to agree", () => {
  const stale = { api: "registryui", path: "/udr/v1api/tags$", fault: "stale-list" } as const;

  it("on the digest of a tag", () =>
    onSandbox({}, async ({ ui, sandbox, images }) => {
      push(ui.store, "team/app", "v1", both);
      await images.inventory("team/app");
      push(ui.store, "team/app", "v1", other);
      sandbox.control.inject({ ...stale, times: 2 });
      expect((await failure(images.inventory("team/app"))).message).toBe(
        `RegistryUI and its registry do not agree on team/app: the tag v1 is ${both.digest} in RegistryUI and ${other.digest} over /v2`,
      );
      // Read a second time, the lists of a moment are no disagreement.
      sandbox.control.inject(stale);
      expect((await images.inventory("team/app")).tags.get("v1")).toBe(other.digest);
    }));

  it("on which tags there are: an empty list may mean that the user may not read them", () =>
    onSandbox({}, async ({ ui, sandbox, images }) => {
      push(ui.store, "team/app", ["v1", "v2"], other);
      sandbox.control.inject({ ...stale, times: 2 });
      expect((await failure(images.inventory("team/app"))).message).toMatch(/shows no tags to the user admin, but \/v2 has 2\. Check/);
      await images.inventory("team/app");
      push(ui.store, "team/app", "v3", other);
      sandbox.control.inject({ ...stale, times: 2 });
      expect((await failure(images.inventory("team/app"))).message).toMatch(/shows no tag v3 to the user admin, but \/v2 has it/);
    }));

  it("and one that RegistryUI remembers and /v2 proves to be gone is none", () =>
    onSandbox({}, async ({ ui, sandbox, images, lines }) => {
      push(ui.store, "team/app", ["v1", "v2"], other);
      await images.inventory("team/app");
      ui.store.deleteTag("team/app", "v2");
      sandbox.control.inject(stale);
      expect([...(await images.inventory("team/app")).tags.keys()]).toEqual(["v1"]);
      expect(lines).toEqual(["team/app: RegistryUI still shows 1 tags that are gone, such as v2."]);
    }));
});

describe("what the user may not read is never nothing", () => {
  const users = { reader: { token: "reader-token", read: ["team/*"] }, nobody: { token: "nobody-token" } };

  it.each(["empty", "NOTAUTHORIZED"] as const)("of a repository: %s", (unreadable) =>
    onSandbox({ users, unreadable }, async ({ ui, as }) => {
      push(ui.store, "other/app", "v1", other);
      const error = await failure(as("reader", "reader-token").inventory("other/app"));
      expect([isNotAuthorized(error), error.message]).toEqual([true, expect.stringMatching(/other(?:\/|%2F)app.*\b(?:403|NOTAUTHORIZED)/)]);
    }),
  );

  it("of all: an empty list is believed of an empty registry only", () =>
    onSandbox({ users, projects: { "team/app": {} } }, async ({ ui, images, as }) => {
      push(ui.store, "team/app", "v1", other);
      expect(await Array.fromAsync(images.repositories())).toEqual(["team/app"]);
      expect(await Array.fromAsync(as("reader", "reader-token").repositories())).toEqual(["team/app"]);
      const error = await failure(Array.fromAsync(as("nobody", "nobody-token").repositories()));
      expect(error.message).toMatch(
        /shows no repository to the user nobody, and nobody says whether there is none: .*_catalog.*Give the user rights/,
      );
    }));

  it("and an empty registry is empty", () =>
    onSandbox({}, async ({ images }) => expect(await Array.fromAsync(images.repositories())).toEqual([])));
});

describe("an offline registry", () => {
  it.each(["503", "html", "403"] as const)("is waited for once, for ten minutes, and is an error then (host: %s)", (hostOffline) =>
    onSandbox({ hostOffline }, async ({ ui, images, time, lines }) => {
      push(ui.store, "team/app", "v1", other);
      await images.inventory("team/app");
      ui.state.setOffline(true);
      const before = time.now().getTime();
      for (const attempt of [
        () => images.inventory("team/app"),
        () => Array.fromAsync(images.repositories()),
        () => images.listing("team/app"),
      ]) {
        const error = await failure(attempt());
        expect([isOffline(error), error.message]).toEqual([true, expect.stringContaining("offline")]);
      }
      expect((time.now().getTime() - before) / minute).toBeCloseTo(10, 0);
      expect(lines).toEqual([expect.stringMatching(/is offline; waiting for it, 10 minutes at the most\.$/)]);
    }),
  );

  it("that collects garbage is waited for to the end", () =>
    onSandbox({ gcPolls: 4 }, async ({ ui, client, images }) => {
      push(ui.store, "team/app", "v1", other);
      const collection = client.garbageCollection.run();
      while (!ui.state.collecting) await new Promise((done) => setImmediate(done));
      expect([...(await images.inventory("team/app")).tags.keys()]).toEqual(["v1"]);
      await collection;
    }));
});

describe("garbage", () => {
  const lost = { visited: ["team/app"], lost: ["team/app"] };

  it("is collected when somebody asks for it, once for the whole registry, and never otherwise", () =>
    onSandbox({ gcPolls: 2 }, async ({ ui, images, writes }) => {
      expect(await collectAfter(images, "auto", lost, {})).toEqual([]);
      expect(writes()).toEqual([]);
      const visited = ["team/app", "team/web"];
      const running = collectAfter(images, "true", { visited, lost: visited }, {});
      while (!ui.state.collecting && ui.state.collections === 0) await new Promise((done) => setImmediate(done));
      if (ui.state.collecting) ui.state.endGarbageCollection();
      expect(await running).toEqual([{ scope: images.name }]);
      expect([ui.state.collections, writes()]).toEqual([1, ["POST garbagecollection"]]);
      expect(await Array.fromAsync(images.garbageCollection?.scopes() ?? [])).toEqual([images.name]);
    }));
});

describe("a plan", () => {
  it("counts ages from the push, and keeps what belongs to what stays", () =>
    onSandbox({}, async ({ ui, images, time, writes }) => {
      push(ui.store, "team/app", ["pr-1", "pr-1-amd64"], amd);
      push(ui.store, "team/app", "v1", both);
      push(ui.store, "team/app", "pr-2", other);
      time.advance(40 * 24 * 60 * minute);
      // Built in 1970, pushed today.
      push(ui.store, "team/app", "pr-3", image({ layers: ["third"], created: "1970-01-01T00:00:00Z" }));
      const { repositories } = await planCleanup({
        registry: images,
        deleteTags: ["pr-*"],
        olderThan: "30d",
        maxDeletionsPercent: 100,
        now: () => time.now().getTime(),
      });
      // Both tags of the part of v1 stay: RegistryUI and its registry delete by digest.
      expect(repositories.flatMap(({ deletions }) => deletions)).toEqual([{ kind: "manifest", digest: other.digest, tags: ["pr-2"] }]);
      expect(writes().filter((line) => !/0{64}|registry-as-code-probe/.test(line))).toEqual([]);
    }));
});
