import type { Deletion } from "../../../provider/registries/image-registry";
import { isNotAuthorized } from "../../../provider/registries/registryui";
import { image, index, push } from "../../sandbox/images";
import { failure } from "./connected";
import { onSandbox, type Rig, whole, withoutV2Deletion } from "./images-rig";

const arm = { os: "linux", architecture: "arm64" };
const amd = image({ layers: ["amd64"] });
const both = index([amd, image({ layers: ["arm64"], platform: arm })]);
const again = index([amd, image({ layers: ["another arm64"], platform: arm })]);
const other = image({ layers: ["other"] });

const options = { placeholder: false };
const tagsOf = ({ ui }: Rig, repository = "team/app") => [...(ui.store.repository(repository)?.tags.keys() ?? [])].sort();
const has = ({ ui }: Rig, { digest }: { readonly digest: string }) => ui.store.repository("team/app")?.manifests.has(digest) === true;
const outcomes = async ({ images }: Rig, deletions: readonly Deletion[]) =>
  (await images.delete("team/app", deletions, options)).map(({ outcome, message }) =>
    message === undefined ? outcome : `${outcome}: ${message}`,
  );

describe("where /v2 deletes", () => {
  it("manifests go by digest, and a tag alone by a placeholder or not at all", () =>
    onSandbox({}, async (rig) => {
      push(rig.ui.store, "team/app", ["v1", "latest"], other);
      push(rig.ui.store, "team/app", "v2", both);
      const inventory = await rig.images.inventory("team/app");
      expect(await rig.images.deletion("team/app")).toEqual({ manifest: "supported", tag: "placeholder" });
      expect(await outcomes(rig, [{ kind: "tag", tag: "v1", digest: other.digest }])).toEqual([
        expect.stringMatching(/^failed: .*placeholder/),
      ]);
      expect(await outcomes(rig, [whole(inventory, both.digest), whole(inventory, amd.digest)])).toEqual(["deleted", "deleted"]);
      expect([tagsOf(rig), has(rig, both), has(rig, amd)]).toEqual([["latest", "v1"], false, false]);
      // RegistryUI's own call, which could take siblings along, was never used.
      expect(rig.writes().filter((line) => line.includes("taginfo"))).toEqual([]);
    }));
});

describe("where /v2 deletes nothing, RegistryUI's own call is taken", () => {
  it("if the user is an administrator; a tag alone it never takes", () =>
    onSandbox(
      { ...withoutV2Deletion, users: { writer: { token: "writer-token", update: ["team/*"] } }, projects: { "team/app": {} } },
      async (rig) => {
        push(rig.ui.store, "team/app", ["v1", "latest"], other);
        const before = tagsOf(rig);
        expect(await rig.images.deletion("team/app")).toEqual({ manifest: "supported", tag: "unsupported" });
        expect(await outcomes(rig, [{ kind: "tag", tag: "v1", digest: other.digest }])).toEqual([
          expect.stringMatching(/^failed: .*a tag alone/),
        ]);
        const writer = rig.as("writer", "writer-token");
        expect(await writer.deletion("team/app")).toEqual({ manifest: "denied", tag: "denied" });
        const error = await failure(
          writer.delete("team/app", [{ kind: "manifest", digest: other.digest, tags: ["v1", "latest"] }], options),
        );
        expect([isNotAuthorized(error), error.message]).toEqual([true, expect.stringContaining("administrator rights")]);
        expect(tagsOf(rig)).toEqual(before);
      },
    ));

  it.each(["text", "silent"] as const)("a tag that nobody chose shows it, however that is answered: %s", (unknown) =>
    onSandbox({ ...withoutV2Deletion, unknown }, async ({ ui, images }) => {
      push(ui.store, "team/app", "v1", other);
      expect(await images.deletion("team/app")).toEqual({ manifest: "supported", tag: "unsupported" });
    }),
  );

  it("a digest goes with all its tags in one call where that call takes siblings", () =>
    onSandbox({ ...withoutV2Deletion, siblings: "deleted" }, async (rig) => {
      push(rig.ui.store, "team/app", ["v1", "latest"], other);
      push(rig.ui.store, "team/app", "v2", both);
      const deletion = whole(await rig.images.inventory("team/app"), other.digest);
      expect(await outcomes(rig, [deletion])).toEqual(["deleted"]);
      expect([tagsOf(rig), has(rig, other), has(rig, amd)]).toEqual([["v2"], false, true]);
      expect(rig.writes().filter((line) => line.startsWith("DELETE taginfo"))).toHaveLength(1);
      expect(await outcomes(rig, [deletion])).toEqual(["absent"]);
    }));

  it("each tag goes by itself where siblings stay, and the manifest that is left is said to be", () =>
    onSandbox({ ...withoutV2Deletion, siblings: "kept" }, async (rig) => {
      push(rig.ui.store, "team/app", ["v1", "latest"], other);
      const deletion = whole(await rig.images.inventory("team/app"), other.digest);
      expect(await outcomes(rig, [deletion])).toEqual([
        "failed: Its tags are gone, but RegistryUI has left the manifest, which nothing can delete here.",
      ]);
      expect([tagsOf(rig), has(rig, other)]).toEqual([[], true]);
    }));

  it.each<[string, (rig: Rig) => void, Deletion, RegExp]>([
    [
      "has another tag",
      () => {},
      { kind: "manifest", digest: other.digest, tags: ["v1"] },
      /^changed: The tag latest points to it, too\.$/,
    ],
    [
      "is a part of an index that stays",
      ({ ui }) => void push(ui.store, "team/app", "amd", amd),
      { kind: "manifest", digest: amd.digest, tags: ["amd"] },
      /^failed: It belongs to sha256:\w+, which is still there\.$/,
    ],
    [
      "shares a part with an index that stays",
      ({ ui }) => void push(ui.store, "team/app", "v3", again),
      { kind: "manifest", digest: both.digest, tags: ["v2"] },
      /^failed: Its part .* belongs to .* as well, which stays/,
    ],
    [
      "has a part with a tag that stays",
      ({ ui }) => void push(ui.store, "team/app", "amd", amd),
      { kind: "manifest", digest: both.digest, tags: ["v2"] },
      /^failed: Its part .* has the tag amd, which stays/,
    ],
    [
      "was under a tag that moved",
      ({ ui }) => void push(ui.store, "team/app", ["v1", "latest"], again),
      { kind: "manifest", digest: other.digest, tags: ["v1", "latest"] },
      /^changed: The tag v1 now points to /,
    ],
  ])("what %s stays", (_what, prepare, deletion, message) =>
    // RegistryUI shows the digest of a part for that of the index, and might delete that.
    onSandbox({ ...withoutV2Deletion, indexDetails: "child" }, async (rig) => {
      push(rig.ui.store, "team/app", ["v1", "latest"], other);
      push(rig.ui.store, "team/app", "v2", both);
      prepare(rig);
      const before = tagsOf(rig);
      expect(await outcomes(rig, [deletion])).toEqual([expect.stringMatching(message)]);
      expect(tagsOf(rig)).toEqual(before);
      expect(rig.writes().filter((line) => line.startsWith("DELETE taginfo"))).toEqual([]);
    }),
  );

  it("an index that RegistryUI knows by its own digest goes, whoever shares its parts", () =>
    onSandbox(withoutV2Deletion, async (rig) => {
      push(rig.ui.store, "team/app", "v2", both);
      push(rig.ui.store, "team/app", "v3", again);
      push(rig.ui.store, "team/app", "amd", amd);
      expect(await outcomes(rig, [{ kind: "manifest", digest: both.digest, tags: ["v2"] }])).toEqual(["deleted"]);
      expect([tagsOf(rig), has(rig, amd)]).toEqual([["amd", "v3"], true]);
    }));

  it("an index goes before its parts; what no tag leads to cannot be deleted, and stays without harm", () =>
    onSandbox(withoutV2Deletion, async (rig) => {
      push(rig.ui.store, "team/app", "v2", both);
      push(rig.ui.store, "team/app", "amd", amd);
      const inventory = await rig.images.inventory("team/app");
      const parts = both.children.map(({ digest }) => whole(inventory, digest));
      expect(await outcomes(rig, [whole(inventory, both.digest), ...parts])).toEqual([
        "deleted",
        "deleted",
        expect.stringMatching(/^failed: RegistryUI deletes by tag, no tag leads to it/),
      ]);
      expect(tagsOf(rig)).toEqual([]);
    }));

  it("a lost answer is looked into, and nothing is sent twice", () =>
    onSandbox(withoutV2Deletion, async (rig) => {
      push(rig.ui.store, "team/app", ["v1", "latest"], other);
      const deletion = whole(await rig.images.inventory("team/app"), other.digest);
      rig.sandbox.control.inject({ api: "registryui", method: "DELETE", path: "taginfo", fault: "reset-after" });
      expect(await outcomes(rig, [deletion])).toEqual(["deleted"]);
      expect(rig.writes().filter((line) => line.startsWith("DELETE taginfo"))).toHaveLength(1);
    }));

  it("an interruption leaves the rest unattempted", () =>
    onSandbox(withoutV2Deletion, async (rig) => {
      push(rig.ui.store, "team/app", "v1", other);
      push(rig.ui.store, "team/app", "v2", both);
      const inventory = await rig.images.inventory("team/app");
      const stop = new AbortController();
      const deletions = [whole(inventory, other.digest), whole(inventory, both.digest)];
      const results = await rig.images.delete("team/app", deletions, { ...options, signal: stop.signal, onProgress: () => stop.abort() });
      expect(results.map(({ outcome }) => outcome)).toEqual(["deleted", "unattempted"]);
      expect(tagsOf(rig)).toEqual(["v2"]);
    }));

  it("a refusal after the first deletion ends the rest", () =>
    onSandbox(withoutV2Deletion, async (rig) => {
      push(rig.ui.store, "team/app", "v1", other);
      push(rig.ui.store, "team/app", "v2", both);
      push(rig.ui.store, "team/app", "v3", image({ layers: ["third"] }));
      const inventory = await rig.images.inventory("team/app");
      const deletions = ["v1", "v2", "v3"].map((tag) => whole(inventory, inventory.tags.get(tag) ?? ""));
      rig.sandbox.control.inject({ api: "registryui", method: "DELETE", path: "taginfo", skip: 1, fault: "expired-session" });
      const results = await outcomes(rig, deletions);
      expect(results).toEqual([
        "deleted",
        expect.stringMatching(/^failed: .*NOTAUTHORIZED/),
        expect.stringMatching(/^failed: .*not attempted/),
      ]);
      expect(tagsOf(rig)).toEqual(["v2", "v3"]);
    }));
});
