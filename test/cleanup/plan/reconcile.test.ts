import { reconcile } from "../../../provider/cleanup/plan/reconcile";
import { mostTops } from "../../../provider/cleanup/plan/tops-of";
import type { Policy } from "../../../provider/cleanup/policy/policy";
import { globs, ruleOf } from "../arbitraries";
import { applyDeletion, copyOf, digestOf, image, index, inventoryOf, type RepositoryState, referrer, repository } from "../model";
import { planOf } from "./run";

const amd64 = image("amd64");
const arm64 = image("arm64");
const multi = index("multi", [amd64.digest, arm64.digest]);
const shared = image("shared");
const state = repository([amd64, arm64, multi, shared, image("old")], { "pr-1": multi, "pr-2": image("old"), "pr-3": shared, v1: shared });
const policy: Partial<Policy> = { rules: [ruleOf({ tags: globs("pr-*") })] };
const plan = planOf(state, policy);
const digestsOf = (deletions: readonly { readonly kind: string; readonly digest?: string; readonly tag?: string }[]) =>
  new Set(deletions.map((deletion) => (deletion.kind === "manifest" ? deletion.digest : deletion.tag)));

/** What may still go after somebody else's change, and the phrases for the rest. */
function afterChange(change: (state: RepositoryState) => void, untagged: "listed" | "hidden" = "hidden", of = { state, plan }) {
  const fresh = copyOf(of.state);
  change(fresh);
  const { deletions, changed } = reconcile(of.plan, inventoryOf(fresh, { untagged }));
  return { goes: digestsOf(deletions), texts: changed.map(({ text }) => text), deletions };
}
const family = [multi.digest, amd64.digest, arm64.digest];
const rest = new Set(["pr-3", image("old").digest]);

it("the plan of these tests", () => {
  expect(digestsOf(plan.deletions)).toEqual(new Set(["pr-3", image("old").digest, ...family]));
});

describe("whatever has changed since the plan stays, with what belongs to it", () => {
  it.each<[string, (fresh: RepositoryState) => void, string]>([
    [
      "a release tag was put on it (ghcr-cleanup-manager deletes the release)",
      (fresh) => fresh.tags.set("v2", multi.digest),
      "it has got the tag v2",
    ],
    [
      "its tag was moved",
      (fresh) => fresh.manifests.set(digestOf("new"), image("new")) && fresh.tags.set("pr-1", digestOf("new")),
      "its tag pr-1 points to another image now",
    ],
    [
      "somebody signed it",
      (fresh) => {
        const signature = image("signature", { kind: "other" });
        fresh.manifests.set(signature.digest, signature);
        fresh.tags.set(`${multi.digest.replace(":", "-")}.sig`, signature.digest);
      },
      `${multi.digest.replace(":", "-")}.sig refers to it now`,
    ],
    [
      "somebody attached something to it",
      (fresh) => fresh.manifests.set(digestOf("sbom"), referrer("sbom", multi.digest)),
      "refers to it now",
    ],
    ["a tag was put on a child", (fresh) => fresh.tags.set("v2", amd64.digest), "it has got the tag v2"],
  ])("%s", (_, change, text) => {
    const { goes, texts } = afterChange(change);
    expect(goes).toEqual(rest);
    expect(texts.join("\n")).toContain(text);
    expect(texts).toHaveLength(3);
  });

  it("a new index holds a child (ghcr-cleanup-manager breaks the new release)", () => {
    const release = index("release", [amd64.digest]);
    const { goes, texts } = afterChange((fresh) => {
      fresh.manifests.set(release.digest, release);
      fresh.tags.set("v2", release.digest);
    });
    expect(goes).toEqual(new Set([...rest, multi.digest, arm64.digest]));
    expect(texts).toEqual(["it belongs to v2, which stays"]);
  });

  it("a doomed tag was moved to another image, or the tag that kept its image was", () => {
    expect(afterChange((fresh) => fresh.tags.set("pr-3", amd64.digest)).goes.has("pr-3")).toBe(false);
    const moved = afterChange((fresh) => fresh.tags.set("v1", image("old").digest));
    expect(moved.goes).toEqual(new Set(family));
    expect(moved.texts).toContain("nothing else keeps its image any more");
  });

  it("the index that kept the image of a doomed tag is gone, and the other one goes", () => {
    const going = index("going", [amd64.digest]);
    const of = { state: repository([amd64, multi, arm64, going], { v1: multi, "pr-1": going, "pr-2": amd64 }), plan };
    of.plan = planOf(of.state, policy);
    expect(digestsOf(of.plan.deletions)).toEqual(new Set(["pr-2", going.digest]));
    const without = (fresh: RepositoryState) => applyDeletion(fresh, { kind: "manifest", digest: multi.digest, tags: ["v1"] });
    expect(afterChange(without, "listed", of).goes).toEqual(new Set([going.digest]));
  });

  it("a child that more indexes share than a plan can name stays with any of them", () => {
    const indexes = Array.from({ length: mostTops + 5 }, (_, n) => index(`index ${n}`, [amd64.digest]));
    const shared = repository([amd64, image("new"), ...indexes], Object.fromEntries(indexes.map((one, n) => [`pr-${n}`, one])));
    shared.tags.set("latest", image("new").digest);
    const of = { state: shared, plan: planOf(shared, policy) };
    const named = of.plan.images.find(({ digest }) => digest === amd64.digest)?.of ?? [];
    expect(named).toHaveLength(mostTops);
    const unnamed = indexes.findIndex(({ digest }) => !named.includes(digest));
    const { goes } = afterChange((fresh) => fresh.tags.set(`pr-${unnamed}`, image("new").digest), "hidden", of);
    expect(goes.has(amd64.digest)).toBe(false);
    expect(goes.size).toBe(indexes.length - 1);
  });

  it("a tag points to nothing now: nobody knows what it needs", () => {
    const { goes, texts } = afterChange((fresh) => fresh.tags.set("broken", digestOf("nothing")));
    expect(goes).toEqual(new Set());
    expect(texts[0]).toBe("the tag broken points to nothing now, and nobody knows what it needs");
  });
});

describe("what is no longer what it was selected for stays", () => {
  const ghost = index("ghost", [amd64.digest]);
  const partial = index("partial", [arm64.digest, digestOf("gone")]);
  const orphan = referrer("orphan", digestOf("subject"));
  const broken = repository([ghost, partial, arm64, orphan], { ghost, partial, orphan, nothing: digestOf("nothing") });
  const all: Partial<Policy> = {
    deleteGhostImages: true,
    deletePartialImages: true,
    deleteOrphanedReferrers: true,
    deleteDanglingTags: true,
  };
  const of = { state: broken, plan: planOf(broken, all) };

  it("the plan of these tests", () => {
    expect(digestsOf(of.plan.deletions)).toEqual(new Set(["nothing", ghost.digest, partial.digest, arm64.digest, orphan.digest]));
  });

  it.each<[string, (fresh: RepositoryState) => void, string]>([
    ["a ghost whose child is there", (fresh) => fresh.manifests.set(amd64.digest, amd64), ghost.digest],
    ["a partial image that is whole", (fresh) => fresh.manifests.set(digestOf("gone"), image("gone")), partial.digest],
    ["an orphan whose subject is there", (fresh) => fresh.manifests.set(digestOf("subject"), image("subject")), orphan.digest],
    ["a tag that points to something", (fresh) => fresh.manifests.set(digestOf("nothing"), image("nothing")), "nothing"],
  ])("%s", (_, change, what) => {
    expect(digestsOf(of.plan.deletions).has(what)).toBe(true);
    const { goes } = afterChange(change, "listed", of);
    expect(goes.has(what)).toBe(false);
    expect(goes.size).toBeGreaterThan(0);
  });
});

describe("what is gone already is no change: two runs at once both end well", () => {
  it.each(["listed", "hidden"] as const)("another run is anywhere in the same plan (untagged: %s)", (untagged) => {
    for (let count = 0; count <= plan.deletions.length; count++) {
      const { goes, texts } = afterChange((fresh) => {
        for (const deletion of plan.deletions.slice(0, count)) applyDeletion(fresh, deletion);
      }, untagged);
      expect(texts).toEqual([]);
      expect(goes).toEqual(digestsOf(plan.deletions));
    }
  });
});
