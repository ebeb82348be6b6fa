import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Policy } from "../../../provider/cleanup/policy/policy";
import { applyPlan } from "../../../provider/cleanup/run/apply-plan";
import { writePlan } from "../../../provider/cleanup/run/write-plan";
import { isNotAuthorized } from "../../../provider/registries/dtr";
import type { Deletion } from "../../../provider/registries/image-registry";
import { emptyPolicy } from "../../cleanup/arbitraries";
import { artifact, image, index, push } from "../../sandbox/images";
import { DAY, onSandbox, type Rig } from "./images-rig";

const folder = mkdtempSync(join(tmpdir(), "dtr-run-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const arm = { os: "linux", architecture: "arm64" };
const amd = image({ layers: ["amd64"] });
const both = index([amd, image({ layers: ["arm64"], platform: arm })]);
const other = image({ layers: ["other"] });
const options = { placeholder: false };
const whole = (digest: string, ...tags: string[]): Deletion => ({ kind: "manifest", digest, tags });
const tagsOf = ({ dtr }: Rig) => [...(dtr.store.repository("team/app")?.tags.keys() ?? [])].sort();
const outcomes = async ({ images }: Rig, deletions: readonly Deletion[]) =>
  (await images.delete("team/app", deletions, options)).map(({ outcome, message }) =>
    message === undefined ? outcome : `${outcome}: ${message}`,
  );

describe("deleting removes names", () => {
  it("of a digest all, of a tag that one, and never a manifest", () =>
    onSandbox({}, async (rig) => {
      push(rig.dtr.store, "team/app", ["v1", "latest"], other);
      push(rig.dtr.store, "team/app", ["a", "b"], both);
      expect(await outcomes(rig, [{ kind: "tag", tag: "a", digest: both.digest }, whole(other.digest, "v1", "latest")])).toEqual([
        "deleted",
        "deleted",
      ]);
      expect(tagsOf(rig)).toEqual(["b"]);
      expect(
        rig
          .writes()
          .map((line) => line.split("?")[0])
          .sort(),
      ).toEqual([
        "DELETE repositories/team/app/tags/a",
        "DELETE repositories/team/app/tags/latest",
        "DELETE repositories/team/app/tags/v1",
      ]);
      // The server is told its own name, which it needs for trust data.
      expect(rig.writes().every((line) => line.includes("domain=127.0.0.1"))).toBe(true);
      expect(rig.dtr.store.repository("team/app")?.manifests.has(other.digest)).toBe(true);
      expect(await outcomes(rig, [{ kind: "tag", tag: "a", digest: both.digest }, whole(other.digest, "v1", "latest")])).toEqual([
        "absent",
        "absent",
      ]);
    }));

  it("and parts without a name go with what led to them, or stay with it", () =>
    onSandbox({}, async (rig) => {
      const parts = both.children.map(({ digest }) => whole(digest));
      push(rig.dtr.store, "team/app", "v1", both);
      push(rig.dtr.store, "team/app", "v2", index([amd, other]));
      expect(await outcomes(rig, [whole(both.digest, "v1"), ...parts])).toEqual([
        "deleted",
        "failed: It has no tag of its own, and what leads to it is still there.",
        "deleted",
      ]);
      const listing = await rig.images.listing("team/app");
      expect([...listing.tags]).toEqual(["v2"]);
      expect(await Promise.all([both, ...both.children].map(({ digest }) => listing.has(digest)))).toEqual([false, true, false]);
    }));

  it("of an index and of a part with a tag of its own alike, where the API calls the index by its part", () =>
    onSandbox({}, async (rig) => {
      push(rig.dtr.store, "team/app", "v1", both);
      push(rig.dtr.store, "team/app", "v1-amd64", amd);
      const tag = (name: string) => ({ name, digest: amd.digest, updatedAt: "2026-02-01T00:00:00Z" });
      const body = JSON.stringify([tag("v1"), tag("v1-amd64")]);
      rig.sandbox.control.inject({ api: "dtr", path: "/api/v0/repositories/team/app/tags$", fault: { kind: "status", status: 200, body } });
      expect(await outcomes(rig, [whole(both.digest, "v1"), whole(amd.digest, "v1-amd64")])).toEqual(["deleted", "deleted"]);
      expect(tagsOf(rig)).toEqual([]);
    }));

  it.each<[string, (rig: Rig) => void, Deletion, string]>([
    [
      "got another tag",
      ({ dtr }) => void push(dtr.store, "team/app", "new", other),
      whole(other.digest, "v1"),
      "changed: The tag new points to it, too.",
    ],
    [
      "lost its tag to something else",
      ({ dtr }) => void push(dtr.store, "team/app", "v1", both),
      whole(other.digest, "v1"),
      `changed: The tag v1 now points to ${both.digest}.`,
    ],
    [
      "is a tag that moved",
      ({ dtr }) => void push(dtr.store, "team/app", "v1", both),
      { kind: "tag", tag: "v1", digest: other.digest },
      `changed: The tag v1 now points to ${both.digest}.`,
    ],
    ["is signed", ({ dtr }) => dtr.state.sign("team/app", "v1"), whole(other.digest, "v1"), "failed: It is signed. "],
    ["is no dangling tag any more", () => {}, { kind: "dangling", tag: "v1" }, `changed: The tag v1 now points to ${other.digest}.`],
  ])("what %s stays", (_what, change, deletion, message) =>
    onSandbox({}, async (rig) => {
      push(rig.dtr.store, "team/app", "v1", other);
      change(rig);
      const before = tagsOf(rig);
      const [outcome] = await outcomes(rig, [deletion]);
      expect(outcome?.slice(0, message.length)).toBe(message);
      expect(tagsOf(rig)).toEqual(before);
    }),
  );

  it("only for those who may: one error, and nothing is half done", () =>
    onSandbox({ accounts: { eve: { password: "eves-password" } }, repositories: { "team/app": { visibility: "public" } } }, async (rig) => {
      push(rig.dtr.store, "team/app", ["v1", "v2"], other);
      const eve = rig.as("eve", "eves-password");
      const error: unknown = await eve.delete("team/app", [whole(other.digest, "v1", "v2")], options).catch((thrown: unknown) => thrown);
      expect(isNotAuthorized(error)).toBe(true);
      expect(tagsOf(rig)).toEqual(["v1", "v2"]);
    }));

  it.each(["reset-after", "truncated", { kind: "status", status: 504 }] as const)(
    "a lost answer is looked into, not repeated: %j",
    (fault) =>
      onSandbox({}, async (rig) => {
        push(rig.dtr.store, "team/app", "v1", other);
        rig.sandbox.control.inject({ api: "dtr", method: "DELETE", path: "/tags/v1$", fault });
        const [outcome] = await outcomes(rig, [whole(other.digest, "v1")]);
        const gone = !tagsOf(rig).includes("v1");
        expect(outcome?.split(":")[0]).toBe(gone ? "deleted" : "failed");
        expect(rig.writes()).toHaveLength(1);
      }),
  );

  it("and not in a repository whose tags became immutable since the plan", () =>
    onSandbox({}, async (rig) => {
      push(rig.dtr.store, "team/app", ["v1", "v2"], other);
      expect(await rig.images.deletion("team/app")).toEqual({ manifest: "supported", tag: "supported" });
      await rig.client.repositories.update({ namespace: "team", repository: "app", immutableTags: true });
      rig.forget();
      expect(await outcomes(rig, [whole(other.digest, "v1", "v2")])).toEqual(["failed: The tags of this repository are immutable by now."]);
      expect([rig.writes(), tagsOf(rig)]).toEqual([[], ["v1", "v2"]]);
    }));

  it("and stops between two of them when it is told to", () =>
    onSandbox({}, async (rig) => {
      push(rig.dtr.store, "team/app", "v1", other);
      const results = await rig.images.delete("team/app", [whole(other.digest, "v1")], { ...options, signal: AbortSignal.abort() });
      expect(results.map(({ outcome }) => outcome)).toEqual(["unattempted"]);
      expect(rig.writes()).toEqual([]);
    }));
});

describe("a whole run", () => {
  const policy = (parts: Partial<Policy>): Policy => ({
    ...emptyPolicy,
    minKeep: 0,
    bounds: { maxDeletions: 1_000_000, maxDeletionsPercent: 100 },
    ...parts,
  });
  const rules: Policy["rules"] = [{ name: "previews", groupBy: "none", sortBy: "created", tags: { syntax: "glob", patterns: ["pr-*"] } }];

  it("removes what the policy says, and what stays is complete: parts, signatures, other tags", () =>
    onSandbox({}, async (rig) => {
      const signature = artifact({ artifactType: "application/vnd.example.signature", subject: both });
      push(rig.dtr.store, "team/app", "v1", both);
      push(rig.dtr.store, "team/app", `sha256-${both.digest.slice(7)}`, index([signature]));
      push(rig.dtr.store, "team/app", "pr-part", amd);
      push(rig.dtr.store, "team/app", ["pr-1", "pr-2"], other);
      push(rig.dtr.store, "team/app", ["pr-3", "v3"], image({ layers: ["shared"] }));
      rig.time.advance(60 * DAY);
      const now = () => rig.time.now().getTime();
      const planFile = join(folder, "plan.jsonl");
      await writePlan({ registry: rig.images, policy: policy({ rules }), planFile, now });
      const apply = () => applyPlan({ registry: rig.images, planFile, reportFile: join(folder, "report.jsonl"), now });
      expect(await apply()).toMatchObject({ failed: 0, changed: 0, deleted: 1, untagged: 2, problems: [], garbageCollections: [] });
      expect(tagsOf(rig)).toEqual([`sha256-${both.digest.slice(7)}`, "v1", "v3"]);
      const asked = rig.sandbox.control.requests({ api: "dtr", method: "DELETE" }).map(({ path }) => path);
      expect(asked.filter((path) => path.includes("/manifests/"))).toEqual([]);
      // Twice is once.
      expect(await apply()).toMatchObject({ failed: 0, problems: [] });
      expect(tagsOf(rig)).toHaveLength(3);
    }));

  it("does not take a repository for gone that the applying user may not see", () =>
    onSandbox(
      { accounts: { eve: { password: "eves-password" } }, repositories: { "team/app": { visibility: "private" } } },
      async (rig) => {
        push(rig.dtr.store, "team/app", "pr-1", other);
        rig.time.advance(60 * DAY);
        const now = () => rig.time.now().getTime();
        const planFile = join(folder, "hidden.jsonl");
        await writePlan({ registry: rig.images, policy: policy({ rules }), planFile, now });
        const applyAs = (registry: typeof rig.images, name: string) =>
          applyPlan({ registry, planFile, reportFile: join(folder, `${name}-report.jsonl`), now });
        const report = await applyAs(rig.as("eve", "eves-password"), "hidden");
        expect(report).toMatchObject({ deleted: 0, untagged: 0 });
        expect(JSON.stringify(report.problems)).toContain("There is no repository team/app, or these credentials may not see it");
        expect(tagsOf(rig)).toEqual(["pr-1"]);
        // An administrator sees everything: to him it is gone.
        await rig.client.repositories.delete({ namespace: "team", repository: "app" });
        expect(await applyAs(rig.images, "gone")).toMatchObject({ failed: 0, problems: [] });
      },
    ));

  it("reports a signed tag that the server refuses, and goes on with the rest", () =>
    onSandbox({}, async (rig) => {
      push(rig.dtr.store, "team/app", "pr-signed", other);
      push(rig.dtr.store, "team/app", "pr-2", both);
      rig.dtr.state.sign("team/app", "pr-signed");
      rig.time.advance(60 * DAY);
      const now = () => rig.time.now().getTime();
      const planFile = join(folder, "signed.jsonl");
      await writePlan({ registry: rig.images, policy: policy({ rules }), planFile, now });
      const report = await applyPlan({ registry: rig.images, planFile, reportFile: join(folder, "signed-report.jsonl"), now });
      expect(report).toMatchObject({ failed: 1, problems: [] });
      expect(tagsOf(rig)).toEqual(["pr-signed"]);
    }));
});
