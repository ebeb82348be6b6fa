import fc from "fast-check";
import type { RepositoryPlan } from "../../../provider/cleanup/plan/plan";
import { questions } from "../../../provider/cleanup/plan/questions";
import { reconcile } from "../../../provider/cleanup/plan/reconcile";
import { compilePolicy } from "../../../provider/cleanup/policy/compile";
import type { Policy } from "../../../provider/cleanup/policy/policy";
import type { DeletionSupport } from "../../../provider/registries/image-registry";
import { policies, protections, repositories } from "../arbitraries";
import { changed, changes } from "../changes";
import { day, inventoryOf, modelNow, needsOf, type RepositoryState } from "../model";
import { afterDeletions, lostDigests, lostTags, planOf } from "./run";

/** More where somebody has changed the planner and has time: `CLEANUP_RUNS=50000`. */
const runs = Number(process.env.CLEANUP_RUNS ?? (process.env.CI === "true" ? 1_000 : 200));
const supports: fc.Arbitrary<DeletionSupport | undefined> = fc.option(
  fc.record({
    manifest: fc.constantFrom("supported" as const, "supported" as const, "disabled" as const, "readonly" as const, "denied" as const),
    tag: fc.constantFrom("supported" as const, "placeholder" as const, "unsupported" as const, "denied" as const),
  }),
  { nil: undefined },
);
const views = fc.constantFrom("listed" as const, "hidden" as const);

const holds = <T extends [unknown, ...unknown[]]>(arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> }, check: (...values: T) => void) =>
  fc.assert(
    fc.property(fc.tuple(...arbitraries) as unknown as fc.Arbitrary<T>, (values) => check(...values)),
    { numRuns: runs },
  );

describe("rule 1: what is kept is whole after each deletion", () => {
  it("each tag that is not taken away keeps all that it needs, and its satellites", () => {
    holds([repositories(), policies(), views, supports], (state, policy, untagged, deletion) => {
      const plan = planOf(state, policy, { view: { untagged }, ...(deletion && { deletion }) });
      const gone = new Set(lostTags(state, afterDeletions(state, plan)));
      const needs = [...state.tags.keys()].filter((tag) => !gone.has(tag)).map((tag) => ({ tag, ...needsOf(state, tag) }));
      const broken: string[] = [];
      for (let count = 0; count <= plan.deletions.length; count++) {
        const now = afterDeletions(state, plan, count);
        for (const { tag, digests, tags } of needs) {
          if (now.tags.get(tag) !== state.tags.get(tag)) broken.push(`${tag} itself`);
          for (const digest of digests) if (!now.manifests.has(digest)) broken.push(`${tag} needs ${digest}`);
          for (const other of tags) if (!now.tags.has(other)) broken.push(`${tag} needs ${other}`);
        }
      }
      expect(broken).toEqual([]);
    });
  });

  it("what is still to go is whole, too: an index goes before its children, and a referrer before its subject", () => {
    holds([repositories(), policies()], (state, policy) => {
      const place = new Map<string, number>();
      planOf(state, policy).deletions.forEach((deletion, at) => {
        if (deletion.kind === "manifest") place.set(deletion.digest, at);
      });
      for (const [digest, at] of place) {
        const manifest = state.manifests.get(digest);
        for (const child of manifest?.children ?? []) if (place.has(child)) expect(place.get(child)).toBeGreaterThan(at);
        const subject = place.get(manifest?.subject ?? "");
        if (subject !== undefined) expect(subject).toBeGreaterThan(at);
      }
    });
  });
});

describe("rule 2: what is planned is what goes", () => {
  it("in a world that has not changed, reconciling changes nothing", () => {
    holds([repositories({ dangling: true }), policies(), views], (state, policy, untagged) => {
      const plan = planOf(state, policy, { view: { untagged } });
      expect(reconcile(plan, inventoryOf(state, { untagged }))).toEqual({ deletions: plan.deletions, changed: [] });
    });
  });

  it("nor does it while the plan itself is being applied", () => {
    holds([repositories({ dangling: true }), policies(), views, fc.nat(20)], (state, policy, untagged, count) => {
      const plan = planOf(state, policy, { view: { untagged } });
      const rest = plan.deletions.slice(count);
      const fresh = inventoryOf(afterDeletions(state, plan, count), { untagged });
      expect(reconcile({ ...plan, deletions: rest }, fresh)).toEqual({ deletions: rest, changed: [] });
    });
  });

  it("the plan names every tag and digest that is lost, and nothing else", () => {
    holds([repositories({ dangling: true }), policies(), supports], (state, policy, deletion) => {
      const plan = planOf(state, policy, deletion ? { deletion } : {});
      const after = afterDeletions(state, plan);
      const going = plan.images.filter(({ action }) => action === "delete");
      const tags = [...plan.images.flatMap((image) => image.tags), ...plan.dangling].filter(({ action }) => action !== "keep");
      expect(going.map(({ digest }) => digest).sort()).toEqual(lostDigests(state, after));
      expect(tags.map(({ tag }) => tag).sort()).toEqual(lostTags(state, after));
      expect(plan.counts.digests).toBe(going.length);
    });
  });
});

describe("rule 2: whatever has changed since the plan stays", () => {
  it("each tag that is not taken away keeps all that it needs in the new world, and nothing else goes than was planned", () => {
    holds([repositories(), policies(), views, changes(), fc.nat(6)], (state, policy, untagged, change, done) => {
      const plan = planOf(state, policy, { view: { untagged } });
      const fresh = changed(afterDeletions(state, plan, done), change);
      const rest = { ...plan, deletions: plan.deletions.slice(done) };
      const reconciled = reconcile(rest, inventoryOf(fresh, { untagged }));
      expect(reconciled.deletions.length + reconciled.changed.length).toBe(rest.deletions.length);
      const gone = lostTags(fresh, afterDeletions(fresh, reconciled));
      const planned = new Set(lostTags(state, afterDeletions(state, plan)).map((tag) => `${tag} of ${state.tags.get(tag)}`));
      expect(gone.filter((tag) => !planned.has(`${tag} of ${fresh.tags.get(tag)}`))).toEqual([]);
      const needs = [...fresh.tags.keys()].filter((tag) => !gone.includes(tag)).map((tag) => ({ tag, ...needsOf(fresh, tag) }));
      const broken: string[] = [];
      for (let count = 0; count <= reconciled.deletions.length; count++) {
        const now = afterDeletions(fresh, reconciled, count);
        for (const { tag, digests, tags } of needs) {
          for (const digest of digests)
            if (fresh.manifests.has(digest) && !now.manifests.has(digest)) broken.push(`${tag} needs ${digest}`);
          for (const other of tags) if (!now.tags.has(other)) broken.push(`${tag} needs ${other}`);
        }
      }
      expect(broken).toEqual([]);
    });
  });
});

describe("rule 3: the result is one and the same", () => {
  it("does not depend on the order in which things are listed", () => {
    holds([repositories({ dangling: true }), policies(), fc.nat(1000)], (state, policy, seed) => {
      const shuffled = <T>(items: readonly T[]): readonly T[] =>
        items
          .map((item, at) => [(at * 7919 + seed) % 101, item] as const)
          .sort((a, b) => a[0] - b[0])
          .map(([, item]) => item);
      const plan = planOf(state, policy);
      expect(planOf(state, policy, { view: { order: (items) => [...items].reverse() } })).toEqual(plan);
      expect(planOf(state, policy, { view: { order: shuffled } })).toEqual(plan);
    });
  });

  it("applying twice is applying once", () => {
    holds([repositories({ dangling: true }), policies(), views, supports], (state, policy, untagged, deletion) => {
      const options = { view: { untagged }, ...(deletion && { deletion }) };
      const after = afterDeletions(state, planOf(state, policy, options));
      expect(planOf(after, policy, options).deletions).toEqual([]);
    });
  });
});

describe("rule 4: exclusion is absolute", () => {
  it("what is excluded loses nothing", () => {
    holds([repositories(), policies(), protections()], (state, policy, exclude) => {
      const after = afterDeletions(state, planOf(state, excluding(policy, exclude)));
      const { tags } = exclude;
      const matches = (tag: string) =>
        tags.patterns.some((pattern) => (pattern.endsWith("*") ? tag.startsWith(pattern.slice(0, -1)) : tag === pattern));
      for (const [tag, digest] of state.tags) {
        if (!matches(tag)) continue;
        const { digests } = needsOf(state, tag);
        for (const needed of digests) expect(after.manifests.has(needed)).toBe(true);
        for (const [other, its] of state.tags) if (its === digest || digests.has(its)) expect(after.tags.has(other)).toBe(true);
      }
    });
  });

  it("excluding more lets nothing more go", () => {
    holds([repositories({ dangling: true }), policies(), protections()], (state, policy, exclude) => {
      const before = afterDeletions(state, planOf(state, policy));
      const after = afterDeletions(state, planOf(state, excluding(policy, exclude)));
      expect(lostDigests(before, after)).toEqual([]);
      expect(lostTags(before, after)).toEqual([]);
    });
  });
});

describe("rule 6: a digest with a tag that stays, stays", () => {
  it("and its doomed tag goes by itself, or stays where tags cannot go by themselves", () => {
    holds([repositories(), policies(), supports], (state, policy, deletion) => {
      const plan = planOf(state, policy, deletion ? { deletion } : {});
      for (const { action, tags, digest } of plan.images) {
        if (tags.some((tag) => tag.action === "keep")) expect(action).toBe("keep");
        if (action === "delete") expect(tags.every((tag) => tag.action === "delete")).toBe(true);
        const left = tags.filter((tag) => tag.action === "keep").length;
        const isChild = [...state.manifests.values()].some(({ children }) => children.includes(digest));
        if (tags.some((tag) => tag.action === "untag")) expect(left > 0 || isChild).toBe(true);
      }
      const able =
        !deletion ||
        deletion.tag === "supported" ||
        deletion.tag === "denied" ||
        (deletion.tag === "placeholder" && policy.allowPlaceholderUntag);
      if (!able) expect(plan.counts.untagged).toBe(0);
    });
  });
});

describe("rule 7: nothing young is touched", () => {
  it("neither manifests nor their tags", () => {
    holds([repositories(), policies()], (state, policy) => {
      const after = afterDeletions(state, planOf(state, policy));
      for (const { digest, created } of state.manifests.values()) {
        const age = modelNow - (created?.time ?? Number.NaN);
        const young = age < policy.minAge && age >= -day && policy.minAge > 0;
        if (!young) continue;
        expect(after.manifests.has(digest)).toBe(true);
        for (const [tag, its] of state.tags) if (its === digest) expect(after.tags.has(tag)).toBe(true);
      }
    });
  });
});

describe("min-keep", () => {
  it("so many tagged roots stay, however the rules are", () => {
    holds([repositories(), policies()], (state, policy) => {
      const plan = planOf(state, { ...policy, artifactTypes: "any" });
      const { taggedRoots, doomedTaggedRoots } = plan.counts;
      expect(taggedRoots - doomedTaggedRoots).toBeGreaterThanOrEqual(Math.min(policy.minKeep, taggedRoots));
    });
  });
});

describe("questions", () => {
  it("the plan depends on no other dates than those that were asked for, and on nothing where nothing is a candidate", () => {
    holds([repositories({ dangling: true }), policies()], (state, policy) => {
      const compiled = compilePolicy(policy);
      const created = new Set<string>();
      let asked = questions(inventoryOf(state, { created }), compiled, modelNow);
      for (let before = -1; before !== created.size; asked = questions(inventoryOf(state, { created }), compiled, modelNow)) {
        before = created.size;
        for (const digest of asked.created) created.add(digest);
      }
      const plan = planOf(state, policy);
      const going = ({ deletions }: RepositoryPlan) => new Set(deletions.map((one) => (one.kind === "manifest" ? one.digest : one.tag)));
      expect(going(planOf(state, policy, { view: { created } }))).toEqual(going(plan));
      if (!asked.candidates) expect(plan.deletions).toEqual([]);
    });
  });
});

describe("counts", () => {
  it("add up", () => {
    holds([repositories(), policies()], (state, policy) => {
      const plan: RepositoryPlan = planOf(state, policy);
      const roots = plan.images.filter(({ role }) => role === "root");
      expect(plan.counts.kept).toBe(roots.filter(({ action }) => action === "keep").length);
      expect(plan.counts.taggedRoots).toBe(roots.filter(({ tags }) => tags.length > 0).length);
      expect(plan.counts.bytesFreed + plan.counts.bytesKept).toBe(bytesOf(state));
      expect(plan.counts.bytesKept).toBe(bytesOf(afterDeletions(state, plan)));
      const freed = plan.images.filter(({ action }) => action === "delete").reduce((sum, { bytes }) => sum + bytes, 0);
      expect(freed).toBe(plan.counts.bytesFreed);
    });
  });
});

const excluding = (policy: Policy, exclude: Policy["protect"][number]): Policy => ({ ...policy, protect: [...policy.protect, exclude] });

function bytesOf({ manifests }: RepositoryState): number {
  const blobs = new Map([...manifests.values()].flatMap((manifest) => manifest.blobs.map(({ digest, size }) => [digest, size] as const)));
  return [...manifests.values()].reduce((sum, { size }) => sum + size, 0) + [...blobs.values()].reduce((sum, size) => sum + size, 0);
}
