import { globs, ruleOf } from "../arbitraries";
import { digestOf, image, index, referrer, repository, type StoredManifest } from "../model";
import { doomedTags, imageOf, planOf, tagOf } from "./run";

const amd64 = image("amd64");
const arm64 = image("arm64");
const multi = index("multi", [amd64.digest, arm64.digest]);
const other = image("other");
const deleting = (...patterns: string[]) => ({ rules: [ruleOf({ tags: globs(...patterns) })] });
const excluding = (...patterns: string[]) => ({ protect: [{ tags: globs(...patterns) }] });
const satellite = ({ digest }: StoredManifest, suffix: string, prefix = "") => `${prefix}${digest.replace(":", "-")}${suffix}`;
const gone = (plan: ReturnType<typeof planOf>) => plan.images.filter(({ action }) => action === "delete").map(({ digest }) => digest);

describe("an index goes with its children", () => {
  const state = repository([amd64, arm64, multi, other], { v1: multi, latest: other });

  it("which follow it, and come after it", () => {
    const plan = planOf(state, deleting("v1"));
    expect(gone(plan)[0]).toBe(multi.digest);
    expect(new Set(gone(plan))).toEqual(new Set([multi.digest, amd64.digest, arm64.digest]));
    expect(imageOf(plan, multi)).toMatchObject({ role: "root", reason: { code: "selected" } });
    expect(imageOf(plan, amd64)).toMatchObject({ role: "child", of: [multi.digest], reason: { code: "follows-root" } });
    expect(plan.counts).toMatchObject({ roots: 1, digests: 3, taggedRoots: 2, doomedTaggedRoots: 1, untagged: 0, kept: 1 });
  });

  it("but not with one that an index that stays has, too", () => {
    const shared = index("shared", [amd64.digest]);
    const plan = planOf(repository([...state.manifests.values(), shared], { v1: multi, v2: shared }), deleting("v1"));
    expect(new Set(gone(plan))).toEqual(new Set([multi.digest, arm64.digest]));
  });

  it("nor with one that has a name of its own that no rule selects", () => {
    const plan = planOf(repository([amd64, arm64, multi, other], { v1: multi, production: arm64, latest: other }), deleting("v1"));
    expect(new Set(gone(plan))).toEqual(new Set([multi.digest, amd64.digest]));
    expect(imageOf(plan, arm64)).toMatchObject({ action: "keep", role: "child", reason: { code: "not-selected" } });
  });

  it("nor with ones whose tags are excluded (dataaxiom/ghcr-cleanup-action deletes them)", () => {
    const tagged = repository([amd64, arm64, multi, other], { v1: multi, "v1-amd64": amd64, "v1-arm64": arm64, latest: other });
    const plan = planOf(tagged, { ...deleting("*"), ...excluding("v1-*", "latest") });
    expect(doomedTags(plan)).toEqual(["v1"]);
    expect(gone(plan)).toEqual([multi.digest]);
  });
});

describe("a child whose own tag is selected stays while an index that holds it stays", () => {
  const state = repository([amd64, arm64, multi], { v1: multi, "v1-amd64": amd64 });

  it("and only its tag goes", () => {
    const plan = planOf(state, deleting("*-amd64"));
    expect(plan.deletions).toEqual([{ kind: "tag", tag: "v1-amd64", digest: amd64.digest }]);
    expect(tagOf(plan, "v1-amd64")).toMatchObject({ action: "untag", reason: { code: "selected" } });
    expect(plan.counts).toMatchObject({ untagged: 1, digests: 0, roots: 0, blocked: 0 });
  });

  it("with its tag where an excluded index holds it", () => {
    const plan = planOf(state, { ...deleting("*"), ...excluding("v1") });
    expect(plan.deletions).toEqual([]);
    expect(tagOf(plan, "v1-amd64")).toMatchObject({ action: "keep", reason: { code: "part-of" } });
  });

  it("with its tag where a quota keeps the index: quotas count roots", () => {
    const old = image("old", { age: 300 });
    const plan = planOf(repository([...state.manifests.values(), old], { v1: multi, "v1-amd64": amd64, v0: old }), {
      rules: [ruleOf({ tags: globs("v*"), keepNewest: 1 })],
    });
    expect(doomedTags(plan)).toEqual(["v0"]);
    expect(tagOf(plan, "v1-amd64")).toMatchObject({ action: "keep", reason: { code: "part-of" } });
  });

  it("with its tag where that is all that leads to it and its index: both would be out of sight", () => {
    const unnamed = repository([amd64, arm64, multi], { "v1-amd64": amd64, "v1-arm64": arm64 });
    const plan = planOf(unnamed, deleting("*-amd64", "*-arm64"));
    expect(plan.deletions).toEqual([]);
    expect(tagOf(plan, "v1-amd64")).toMatchObject({ action: "keep", reason: { code: "part-of", blocked: true } });
    expect(doomedTags(planOf(unnamed, deleting("*-amd64")))).toEqual([]);
  });

  it("with its tag where the index stays against its rule", () => {
    const plan = planOf(repository([amd64, arm64, multi], { v1: multi, "pr-1": amd64 }), { ...deleting("*"), minKeep: 1 });
    expect(plan.deletions).toEqual([]);
    expect(tagOf(plan, "pr-1")).toMatchObject({ reason: { code: "part-of", blocked: true } });
    expect(imageOf(plan, multi)?.reason).toMatchObject({ code: "min-keep", blocked: true });
  });

  it("and goes with an index that a quota lets go", () => {
    const young = image("young", { age: 3 });
    const plan = planOf(repository([...state.manifests.values(), young], { v1: multi, "v1-amd64": amd64, v2: young }), {
      rules: [ruleOf({ tags: globs("v*"), keepNewest: 1 })],
    });
    expect(doomedTags(plan)).toEqual(["v1", "v1-amd64"]);
  });
});

describe("indexes nest", () => {
  const inner = index("inner", [amd64.digest]);
  const outer = index("outer", [inner.digest]);

  it.each([
    ["nothing in an outer one that stays is taken for an untagged image", { untagged: {} }, []],
    ["all goes with the outer one", deleting("outer"), [outer.digest, inner.digest, amd64.digest]],
  ])("%s (dataaxiom, snok lose the leaves)", (_, policy, expected) => {
    for (const order of [<T>(items: readonly T[]) => items, <T>(items: readonly T[]) => items.toReversed()]) {
      const state = repository([amd64, inner, outer, other], { outer, latest: other });
      expect(gone(planOf(state, policy, { view: { order } }))).toEqual(expected);
    }
  });

  it("and a child of a kept untagged index stays (acr purge, snok lose it)", () => {
    const plan = planOf(repository([amd64, inner, outer], {}), { untagged: { keepNewest: 1 } });
    expect(plan.deletions).toEqual([]);
  });
});

describe("referrers and signatures", () => {
  const sbom = referrer("sbom", amd64.digest);
  const ofSbom = referrer("signature of the sbom", sbom.digest);
  const signature = image("signature", { kind: "other" });
  const list = index("list of referrers", [sbom.digest], { kind: "other" });
  const state = repository([amd64, arm64, multi, other, sbom, ofSbom, signature, list], {
    v1: multi,
    latest: other,
    [satellite(amd64, ".sig")]: signature,
    [satellite(amd64, "")]: list,
  });

  it("stay with what stays, at any depth, tagged or not", () => {
    const plan = planOf(state, { ...deleting("latest", "sha256-*"), untagged: {}, deleteOrphanedReferrers: true });
    expect(gone(plan)).toEqual([other.digest]);
  });

  it("go with what goes, also those of children and of referrers (dataaxiom leaves them behind)", () => {
    const plan = planOf(state, deleting("v1"));
    const expected = [multi, amd64, arm64, sbom, ofSbom, signature, list].map(({ digest }) => digest);
    expect(new Set(gone(plan))).toEqual(new Set(expected));
    const place = (manifest: StoredManifest) => gone(plan).indexOf(manifest.digest);
    for (const [first, second] of [
      [ofSbom, sbom],
      [sbom, amd64],
      [signature, amd64],
      [list, amd64],
      [multi, amd64],
    ] as const) {
      expect(place(first)).toBeLessThan(place(second));
    }
    expect(imageOf(plan, signature)).toMatchObject({ role: "signature", of: [multi.digest] });
    expect(plan.counts).toMatchObject({ roots: 1, digests: 7 });
  });

  it("are no candidates and use up no quota (dataaxiom deletes the image and keeps the signature)", () => {
    const v2 = image("v2", { age: 50 });
    const fresh = image("fresh signature", { kind: "other", age: 2 });
    const plan = planOf(repository([other, v2, fresh], { v1: other, v2, [satellite(v2, ".sig")]: fresh }), {
      rules: [ruleOf({ keepNewest: 1 })],
    });
    expect(doomedTags(plan)).toEqual(["v1"]);
  });

  it("with a prefix, too; but a tag that only looks like a list of referrers is somebody's tag", () => {
    const prefixed = planOf(
      repository([other, signature], { v1: other, [satellite(other, ".att", "mirror-")]: signature }),
      deleting("v1"),
    );
    expect(gone(prefixed)).toEqual([signature.digest, other.digest]);
    const lookalike = planOf(repository([other, amd64], { v1: other, [satellite(other, "")]: amd64 }), deleting("v1"));
    expect(gone(lookalike)).toEqual([other.digest]);
    expect(imageOf(lookalike, amd64)).toMatchObject({ role: "root", action: "keep" });
    const elsewhere = repository([other, multi, amd64, arm64], { v1: other, [satellite(other, "", "mirror-")]: multi });
    expect(gone(planOf(elsewhere, deleting("v1")))).toEqual([other.digest]);
    expect(gone(planOf(elsewhere, deleting("mirror-*")))).toHaveLength(3);
  });

  it("with a name of their own that no rule selects stay behind", () => {
    const plan = planOf(repository([other, sbom, amd64], { v1: amd64, "sbom-of-v1": sbom, latest: other }), deleting("v1"));
    expect(gone(plan)).toEqual([amd64.digest]);
    expect(imageOf(plan, sbom)).toMatchObject({ action: "keep", role: "referrer" });
  });

  it("keep a tag that a rule selects as long as their subject stays: it may be all that leads to them", () => {
    const plan = planOf(repository([amd64, sbom], { v1: amd64, "sbom-of-v1": sbom }), deleting("sbom-*"));
    expect(plan.deletions).toEqual([]);
    expect(tagOf(plan, "sbom-of-v1")).toMatchObject({ reason: { code: "refers-to-kept", blocked: true } });
    const two = repository([amd64, sbom], { v1: amd64, "sbom-of-v1": sbom, "sbom-too": sbom });
    expect(planOf(two, deleting("sbom-of-*")).deletions).toEqual([]);
  });

  it("make no circles: a tag may say that an index is a signature of its own child", () => {
    const plan = planOf(repository([amd64, arm64, multi], { v1: multi, [satellite(multi, ".sig")]: amd64 }), deleting("v1"));
    expect(gone(plan)[0]).toBe(multi.digest);
    expect(new Set(gone(plan))).toEqual(new Set([multi, amd64, arm64].map(({ digest }) => digest)));
    expect(planOf(repository([other], { [satellite(other, ".sig")]: other }), { ...deleting("*"), untagged: {} }).deletions).toEqual([]);
  });
});

describe("a digest with a tag that stays", () => {
  const state = repository([other, amd64], { "pr-1": other, "v1.0.0": other, "pr-2": amd64 });

  it("stays; the doomed tag goes alone (Harbor #2663, BroCodeX lose the release)", () => {
    const plan = planOf(state, deleting("pr-*"));
    expect(plan.deletions).toEqual([
      { kind: "tag", tag: "pr-1", digest: other.digest },
      { kind: "manifest", digest: amd64.digest, tags: ["pr-2"] },
    ]);
    expect(imageOf(plan, other)).toMatchObject({ action: "keep", reason: { code: "not-selected" } });
    expect(tagOf(plan, "v1.0.0")).toMatchObject({ action: "keep", reason: { code: "not-selected" } });
  });

  it("keeps all its tags if one of them is excluded", () => {
    const plan = planOf(state, { ...deleting("*"), ...excluding("v1.*") });
    expect(doomedTags(plan)).toEqual(["pr-2"]);
    expect(tagOf(plan, "v1.0.0")).toEqual({ tag: "v1.0.0", action: "keep", reason: { code: "excluded", text: "v1.0.0 is excluded" } });
    expect(tagOf(plan, "pr-1")?.reason).toMatchObject({ code: "excluded" });
  });
});

describe("keep-lists", () => {
  const sbom = referrer("sbom", multi.digest);
  const state = repository([amd64, arm64, multi, other, sbom], { v1: multi, "v1-too": multi, latest: other });
  const all = { ...deleting("*"), untagged: {} };

  it.each([
    ["a digest, for every repository", { digests: [multi.digest], references: [] }],
    ["a reference by tag", { digests: [], references: [{ repository: "app/web", tag: "v1" }] }],
    ["a reference by digest", { digests: [], references: [{ repository: "app/web", digest: multi.digest }] }],
  ])("keep %s, with its tags, children and referrers", (_, keep) => {
    const plan = planOf(state, { ...all, keep });
    expect(gone(plan)).toEqual([other.digest]);
    expect(imageOf(plan, multi)).toMatchObject({ action: "keep", reason: { code: "keep-list" } });
  });

  it("keep a child alone, without its index", () => {
    const plan = planOf(state, { ...all, keep: { digests: [amd64.digest], references: [] } });
    expect(gone(plan)).not.toContain(amd64.digest);
    expect(gone(plan)).toContain(multi.digest);
  });

  it("name other repositories without effect here", () => {
    const references = [
      { repository: "app/other", tag: "v1" },
      { repository: "app/other", digest: other.digest },
    ];
    expect(planOf(state, { ...all, keep: { digests: [digestOf("elsewhere")], references } }).counts.kept).toBe(0);
  });
});
