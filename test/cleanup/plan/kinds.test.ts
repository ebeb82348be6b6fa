import type { Policy } from "../../../provider/cleanup/policy/policy";
import { globs, ruleOf } from "../arbitraries";
import { digestOf, image, index, referrer, repository } from "../model";
import { doomedTags, imageOf, planOf, tagOf } from "./run";

const all: Partial<Policy> = { rules: [ruleOf({ tags: globs("*") })], untagged: {} };
const switches: Partial<Policy> = {
  deleteGhostImages: true,
  deletePartialImages: true,
  deleteOrphanedReferrers: true,
  deleteDanglingTags: true,
};

describe("artifact-types", () => {
  const chart = image("chart", { kind: "helm" });
  const cache = image("cache", { kind: "other" });
  const untaggedCache = image("untagged cache", { kind: "other" });
  const state = repository([chart, cache, untaggedCache, image("app")], { "1.0.0": chart, buildcache: cache, app: image("app") });

  it.each<[Policy["artifactTypes"], string[]]>([
    [["image"], ["app"]],
    [["helm"], ["1.0.0"]],
    [
      ["image", "other"],
      ["app", "buildcache"],
    ],
    ["any", ["1.0.0", "app", "buildcache"]],
  ])("%s", (artifactTypes, expected) => {
    const plan = planOf(state, { ...all, artifactTypes });
    expect(doomedTags(plan)).toEqual(expected);
    for (const { tag, reason } of plan.images.flatMap(({ tags }) => tags)) {
      expect([tag, reason.code]).toEqual([tag, expected.includes(tag) ? "selected" : "artifact-type"]);
    }
    const goes = artifactTypes === "any" || artifactTypes.includes("other");
    expect(imageOf(plan, untaggedCache)?.action).toBe(goes ? "delete" : "keep");
  });

  it("what is of another kind takes no place in a quota", () => {
    const young = image("young cache", { kind: "other", age: 2 });
    const old = image("old", { age: 200 });
    const more = repository([young, image("app"), old], { cache: young, app: image("app"), old });
    expect(doomedTags(planOf(more, { rules: [ruleOf({ keepNewest: 1 })], minKeep: 1, artifactTypes: ["image"] }))).toEqual(["old"]);
  });

  it("are those of roots: what hangs on one goes with it, whatever it is", () => {
    const sbom = referrer("sbom", image("app").digest);
    expect(planOf(repository([image("app"), sbom], { app: image("app") }), { ...all, artifactTypes: ["image"] }).counts.digests).toBe(2);
  });
});

describe("ghosts and partial images", () => {
  const child = image("child");
  const ghost = index("ghost", [digestOf("gone"), digestOf("gone too")], { kind: "other", age: null });
  const partial = index("partial", [child.digest, digestOf("gone")]);
  const whole = index("whole", [child.digest]);
  const cache = { ...index("cache", [], { kind: "other" }), blobs: [{ digest: digestOf("layer"), size: 9 }] };
  const empty = index("empty", [], { kind: "other" });
  const state = repository([child, ghost, partial, whole, cache, empty], { ghost, partial, whole, cache, empty });

  it("stay without their switch", () => {
    expect(planOf(state, {}).deletions).toEqual([]);
  });

  it.each<[keyof Policy, string[]]>([
    ["deleteGhostImages", ["ghost"]],
    ["deletePartialImages", ["partial"]],
  ])("go with %s; a cache, whose entries are blobs, never (ghcr-cleanup-manager deletes it)", (key, expected) => {
    const plan = planOf(state, { [key]: true, minKeep: 1, artifactTypes: ["image"] });
    expect(doomedTags(plan)).toEqual(expected);
    expect(tagOf(plan, expected[0] ?? "")?.reason.code).toBe(expected[0]);
    expect(imageOf(plan, child)?.action).not.toBe("delete");
  });

  it("say that the switch took them, whatever else would have", () => {
    const plan = planOf(repository([ghost, image("app")], { ghost, app: image("app") }), { ...all, deleteGhostImages: true });
    expect([tagOf(plan, "ghost")?.reason.code, tagOf(plan, "app")?.reason.code]).toEqual(["ghost", "selected"]);
    expect([imageOf(plan, ghost)?.created, imageOf(plan, image("app"))?.created]).toEqual([undefined, "2026-08-07T12:00:00.000Z"]);
  });

  it("stay if they are young, with their tags", () => {
    const young = index("young", [digestOf("gone")], { age: 0.5 });
    const plan = planOf(repository([young], { "any-name": young }), switches);
    expect(plan.deletions).toEqual([]);
    expect(imageOf(plan, young)?.reason).toMatchObject({ code: "min-age", blocked: true });
    expect(tagOf(plan, "any-name")?.reason).toMatchObject({ code: "min-age", blocked: true });
    expect(plan.counts.blocked).toBe(1);
  });

  it("stay if they are excluded", () => {
    const plan = planOf(state, { ...switches, protect: [{ tags: globs("ghost", "partial") }] });
    expect(plan.deletions).toEqual([]);
  });

  it("are no candidates of rules then, and take no place", () => {
    const old = image("old", { age: 300 });
    const more = repository([child, partial, old, whole], { a: partial, b: old, c: whole });
    const rules = [ruleOf({ keepNewest: 1 })];
    expect(doomedTags(planOf(more, { rules, deletePartialImages: true }))).toEqual(["a", "b"]);
  });

  it("go with a broken index that they are in, whatever they are called: by themselves they would go the next time", () => {
    const outer = index("outer", [partial.digest, digestOf("gone")]);
    const nested = repository([child, partial, outer], { outer, "inner-one": partial });
    expect(doomedTags(planOf(nested, { deletePartialImages: true }))).toEqual(["inner-one", "outer"]);
    expect(doomedTags(planOf(nested, { rules: [ruleOf({ tags: globs("outer") })] }))).toEqual(["outer"]);
    const within = index("within", [partial.digest]);
    expect(planOf(repository([child, partial, within], { within, "inner-one": partial }), { deletePartialImages: true }).deletions).toEqual(
      [],
    );
  });

  it("untagged, they are young as long as nobody knows how old they are", () => {
    expect(planOf(repository([ghost], {}), switches).deletions).toEqual([]);
    expect(planOf(repository([ghost], {}), { ...switches, minAge: 0 }).counts).toMatchObject({ roots: 1, digests: 1 });
  });
});

describe("orphaned referrers", () => {
  const gone = digestOf("gone");
  const bySubject = referrer("by subject", gone);
  const signature = image("signature", { kind: "other", age: null });
  const listed = image("listed", { kind: "other" });
  const list = index("list", [listed.digest], { kind: "other" });
  const kept = referrer("kept", image("app").digest);
  const state = repository([bySubject, signature, list, listed, kept, image("app")], {
    sbom: bySubject,
    [`${gone.replace(":", "-")}.sig`]: signature,
    [gone.replace(":", "-")]: list,
    app: image("app"),
  });

  it("go with their switch, whatever their kind", () => {
    const plan = planOf(state, { deleteOrphanedReferrers: true, artifactTypes: ["image"], minKeep: 1 });
    const digests = plan.images.filter(({ action }) => action === "delete").map(({ digest }) => digest);
    expect(new Set(digests)).toEqual(new Set([bySubject, signature, list, listed].map(({ digest }) => digest)));
    expect(plan.counts).toMatchObject({ roots: 3, digests: 4, taggedRoots: 1, doomedTaggedRoots: 0 });
    expect(imageOf(plan, signature)).toMatchObject({ role: "signature", reason: { code: "orphaned" } });
  });

  it("stay without it, and with other switches", () => {
    expect(planOf(state, { ...switches, deleteOrphanedReferrers: false, ...all }).counts.digests).toBe(2);
  });

  it("stay as long as nobody has proven that their subject is gone", () => {
    const plan = planOf(state, { deleteOrphanedReferrers: true });
    expect(plan.deletions.length).toBeGreaterThan(0);
  });

  it("somebody's other name for a signature keeps it", () => {
    const named = repository([signature], { [`${gone.replace(":", "-")}.sig`]: signature, production: signature });
    expect(planOf(named, { deleteOrphanedReferrers: true }).deletions).toEqual([]);
  });

  it("an untagged one is young as long as nobody knows how old it is: it may be pushed before its subject", () => {
    const undated = referrer("undated", gone, { age: null });
    expect(planOf(repository([undated], {}), { deleteOrphanedReferrers: true }).deletions).toEqual([]);
    expect(planOf(repository([undated], {}), { deleteOrphanedReferrers: true, minAge: 0 }).deletions).toHaveLength(1);
  });
});

describe("tags that point to nothing", () => {
  const state = repository([image("app"), image("old")], { app: image("app"), "pr-1": image("old"), broken: digestOf("nothing") });
  const rules = [ruleOf({ tags: globs("pr-*") })];

  it("protect their repository, which says what to do", () => {
    const plan = planOf(state, { rules });
    expect(plan.deletions).toEqual([]);
    expect(plan.problem).toBe(
      "There is no manifest behind the tag broken. Nobody knows what it needs, so nothing is deleted in this repository. Push it again, or have it deleted: delete-dangling-tags: true.",
    );
    expect(plan.images.map(({ action, reason }) => [action, reason.code])).toEqual([
      ["keep", "unreadable"],
      ["keep", "unreadable"],
    ]);
    expect(plan.counts).toMatchObject({ kept: 2, digests: 0, untagged: 0 });
    expect(tagOf(plan, "broken")).toMatchObject({ action: "keep" });
  });

  it("are named, as far as five of them", () => {
    const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`t${n}`, digestOf("nothing")]));
    const problem = (count: number) => planOf(repository([], tags(count)), { rules }).problem;
    expect(problem(5)).toContain("behind the tags t0, t1, t2, t3, t4. ");
    expect(problem(7)).toContain("behind the tags t0, t1, t2, t3, t4 and 2 more. ");
  });

  it("go with their switch, and the rest as ever", () => {
    const plan = planOf(state, { rules, deleteDanglingTags: true });
    expect(plan.deletions).toEqual([
      { kind: "dangling", tag: "broken" },
      { kind: "manifest", digest: image("old").digest, tags: ["pr-1"] },
    ]);
    expect(plan.problem).toBeUndefined();
    expect(plan.counts).toMatchObject({ untagged: 1, digests: 1 });
  });

  it.each([
    ["excluded", { protect: [{ tags: globs("broken") }] }],
    ["on a keep-list", { keep: { digests: [], references: [{ repository: "app/web", tag: "broken" }] } }],
  ])("protect it all the same if they are %s", (_, policy) => {
    const plan = planOf(state, { rules, deleteDanglingTags: true, ...policy });
    expect(plan.deletions).toEqual([]);
    expect(plan.problem).toContain("broken");
  });

  it("stay where no tag can be removed alone", () => {
    const plan = planOf(state, { rules, deleteDanglingTags: true }, { deletion: { manifest: "supported", tag: "unsupported" } });
    expect(doomedTags(plan)).toEqual(["pr-1"]);
    expect(tagOf(plan, "broken")?.reason).toMatchObject({ code: "cannot-untag", blocked: true });
  });

  it("go by way of a placeholder without further ado: it takes nothing from any image", () => {
    const plan = planOf(state, { deleteDanglingTags: true }, { deletion: { manifest: "supported", tag: "placeholder" } });
    expect(doomedTags(plan)).toEqual(["broken"]);
  });
});
