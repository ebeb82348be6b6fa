import { readFileSync } from "node:fs";
import fc from "fast-check";
import { BoundsExceeded } from "../../../provider/cleanup/run/bounds";
import { keyOf } from "../../../provider/cleanup/run/ledger";
import { copyOf, image, index, needsOf, type RepositoryState, referrer } from "../model";
import { type Behaviour, SimulatedRegistry } from "../simulated-registry";
import { folder } from "./plans";
import { anyPolicy, apply, contents, damage, plan, registries, reportLines, shuffled, without } from "./world";

const path = folder();
/** On a machine that is busy with other things fewer have to do: the seed is another one each time. */
/** In CI all of them, elsewhere a third. */
const share = process.env.CI === "true" ? 1 : 1 / 3;
const runs = (numRuns: number): fc.Parameters<unknown> => ({ numRuns: Math.ceil(numRuns * share), interruptAfterTimeLimit: 15_000 });

const behaviours: fc.Arbitrary<Behaviour> = fc
  .record({
    untagged: fc.constantFrom("listed" as const, "hidden" as const),
    batchSize: fc.constantFrom(1, 2, 7),
    support: fc.record({ tag: fc.constantFrom("supported" as const, "placeholder" as const, "unsupported" as const) }),
    refusesChildren: fc.boolean(),
  })
  // A server that hides an index and refuses to delete what it consists of cannot be planned for: such deletions fail.
  .map((behaviour) => ({ ...behaviour, refusesChildren: behaviour.refusesChildren && behaviour.untagged === "listed" }));

describe("rule 1: at any point, also after a crash, every kept tag is whole", () => {
  it("after each single deletion, which is what a crash there leaves", async () => {
    const property = fc.asyncProperty(registries, anyPolicy, behaviours, async (states, policy, behaviour) => {
      const wounds: string[] = [];
      const check = (registry: SimulatedRegistry) => {
        for (const before of states) {
          const planned = plans.find(({ repository }) => repository === before.name)?.deletions ?? [];
          wounds.push(...damage(before, registry.state(before.name), planned));
        }
      };
      const on: Behaviour["on"] = ({ at }, registry) => {
        if (at === "deleted") check(registry);
        return undefined;
      };
      const registry = new SimulatedRegistry(states, { ...behaviour, on });
      const { plans, file } = await plan(registry, policy, path("plan-1"));
      const { report } = await apply(registry, file);
      check(registry);
      expect(wounds).toEqual([]);
      expect(report).toMatchObject({ failed: 0, changed: 0, problems: [], interrupted: false });
    });
    await fc.assert(property, runs(60));
  });

  it("after a crash and whatever the next run does", async () => {
    const property = fc.asyncProperty(
      registries,
      anyPolicy,
      behaviours,
      fc.integer({ min: 1, max: 12 }),
      async (states, policy, behaviour, k) => {
        let deletions = 0;
        const crash: Behaviour["on"] = ({ at }) => {
          if (at === "deleted") deletions += 1;
          if (deletions >= k && at !== "deleted") throw new Error("the process is dead");
          return undefined;
        };
        const registry = new SimulatedRegistry(states, { ...behaviour, on: crash });
        const first = await plan(registry, policy, path("plan-2"));
        await apply(registry, first.file);
        const second = new SimulatedRegistry(registry.states.values(), behaviour);
        const next = await plan(second, policy, path("plan-2"));
        await apply(second, next.file);
        for (const before of [...registry.states.values()]) {
          const planned = next.plans.find(({ repository }) => repository === before.name)?.deletions ?? [];
          expect(damage(before, second.state(before.name), planned)).toEqual([]);
        }
      },
    );
    await fc.assert(property, runs(40));
  });

  it("whatever the server refuses, or only says that it did", async () => {
    const mishaps = fc.array(fc.constantFrom(undefined, undefined, "fail" as const, "lie" as const), { minLength: 1, maxLength: 5 });
    const property = fc.asyncProperty(registries, anyPolicy, behaviours, mishaps, async (states, policy, behaviour, list) => {
      const went: string[] = [];
      const lies = new Set<string>();
      const on: Behaviour["on"] = (moment) => {
        if (moment.at !== "deleting") return undefined;
        const mishap = list[moment.number % list.length];
        if (mishap) went.push(mishap);
        if (mishap === "lie") lies.add(keyOf(moment.deletion));
        return mishap;
      };
      const registry = new SimulatedRegistry(states, { ...behaviour, on });
      const { plans, file } = await plan(registry, policy, path("plan-3"));
      const { report, repositories } = await apply(registry, file);
      for (const before of states) {
        const now = registry.state(before.name);
        const planned = plans.find(({ repository }) => repository === before.name)?.deletions ?? [];
        expect(damage(before, now, planned)).toEqual([]);
        const results = repositories.find(({ repository }) => repository === before.name)?.results ?? [];
        // What the report says is what there is.
        for (const { deletion, outcome } of results) {
          const isThere = deletion.kind === "manifest" ? now.manifests.has(deletion.digest) : now.tags.has(deletion.tag);
          expect({ deletion, isThere }).toEqual({ deletion, isThere: outcome !== "deleted" });
        }
        // An index that could not be deleted is as whole as it was, unless the server said that it was gone.
        for (const { deletion, outcome } of results) {
          if (deletion.kind !== "manifest" || outcome !== "failed" || lies.has(deletion.digest)) continue;
          const parts = before.manifests.get(deletion.digest)?.children.filter((child) => before.manifests.has(child)) ?? [];
          expect(parts.filter((child) => !now.manifests.has(child))).toEqual([]);
        }
      }
      expect(report.failed > 0).toBe(went.length > 0);
    });
    await fc.assert(property, runs(60));
  });
});

describe("rule 2: what the plan lists is what goes", () => {
  it("all of it and nothing else, if nothing changed", async () => {
    const property = fc.asyncProperty(registries, anyPolicy, behaviours, async (states, policy, behaviour) => {
      const registry = new SimulatedRegistry(states, behaviour);
      const { plans, file, summary } = await plan(registry, policy, path("plan-4"));
      const { report, repositories } = await apply(registry, file);
      const rest = states.map((state) => without(state, plans.find(({ repository }) => repository === state.name)?.deletions ?? []));
      expect(contents(registry)).toEqual(contents(new SimulatedRegistry(rest)));
      expect(report).toMatchObject({
        planned: summary.end.counts,
        deleted: summary.end.counts.digests,
        untagged: summary.end.counts.untagged,
        bytesFreed: repositories.reduce((sum, { bytesFreed }) => sum + bytesFreed, 0),
      });
      expect(repositories.flatMap(({ results }) => results.map(({ deletion }) => deletion))).toEqual(
        plans.flatMap(({ deletions }) => deletions),
      );
    });
    await fc.assert(property, runs(60));
  });

  it("but nothing that somebody has begun to use since, before or between the deletions", async () => {
    const pushes = fc.array(
      fc.record({ kind: fc.constantFrom("tag", "move", "index", "referrer", "image"), on: fc.nat(20), before: fc.nat(6) }),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    const property = fc.asyncProperty(registries, anyPolicy, behaviours, pushes, async (states, policy, behaviour, list) => {
      let applying = false;
      let steps = 0;
      const pushed: { state: RepositoryState; tag: string; needs: ReturnType<typeof needsOf> }[] = [];
      const on: Behaviour["on"] = (moment, registry) => {
        if (!applying || moment.at !== "inventory") return undefined;
        for (const push of list.filter(({ before }) => before === steps)) {
          const state = registry.state(moment.repository);
          const tag = pushInto(state, push, pushed.length);
          if (tag !== undefined) pushed.push({ state, tag, needs: needsOf(copyOf(state), tag) });
        }
        steps += 1;
        return undefined;
      };
      // So slow that each batch is preceded by a look.
      let time = 0;
      const slow = () => {
        time += 31_000;
        return time;
      };
      const registry = new SimulatedRegistry(states, { ...behaviour, on });
      const { plans, file } = await plan(registry, policy, path("plan-5"));
      applying = true;
      const { report, repositories } = await apply(registry, file, { now: slow, concurrency: 1 });
      for (const { state, tag, needs } of pushed) {
        const lost = [...needs.digests].filter((digest) => !state.manifests.has(digest));
        expect({ tag, lost, there: state.tags.has(tag) }).toEqual({ tag, lost: [], there: true });
      }
      for (const { repository, results } of repositories) {
        const planned = plans.find((one) => one.repository === repository)?.deletions ?? [];
        expect(results.map(({ deletion }) => deletion)).toEqual(planned);
        for (const { outcome, reason } of results)
          expect(["deleted", "kept changed-since-plan"]).toContain(reason ? `${outcome} ${reason}` : outcome);
      }
      const gone = registry.deletions.map(({ deletion }) => (deletion.kind === "manifest" ? deletion.digest : deletion.tag));
      const planned = plans.flatMap(({ deletions }) =>
        deletions.map((deletion) => (deletion.kind === "manifest" ? deletion.digest : deletion.tag)),
      );
      expect(gone.filter((one) => !planned.includes(one))).toEqual([]);
      expect(report.failed).toBe(0);
      expect(report.changed).toBe(repositories.flatMap(({ results }) => results).filter(({ outcome }) => outcome === "kept").length);
    });
    await fc.assert(property, runs(100));
  });
});

/** Somebody else is at work. Gives the tag that has to be whole from now on. */
function pushInto(
  state: RepositoryState,
  { kind, on }: { readonly kind: string; readonly on: number },
  number: number,
): string | undefined {
  const target = [...state.manifests.keys()].sort()[on % Math.max(1, state.manifests.size)];
  const tag = `pushed-${number}`;
  if (target === undefined || kind === "image") {
    const pushed = image(`pushed ${number}`, { age: 0 });
    state.manifests.set(pushed.digest, pushed);
    state.tags.set(tag, pushed.digest);
    return tag;
  }
  switch (kind) {
    case "tag":
      state.tags.set(tag, target);
      return tag;
    case "move": {
      const moved = [...state.tags.keys()].filter((name) => !name.includes("sha256-")).sort()[on % Math.max(1, state.tags.size)];
      if (moved === undefined) return undefined;
      const pushed = image(`pushed ${number}`, { age: 0 });
      state.manifests.set(pushed.digest, pushed);
      state.tags.set(moved, pushed.digest);
      return moved;
    }
    case "index": {
      const pushed = index(`pushed ${number}`, [target], { age: 0 });
      state.manifests.set(pushed.digest, pushed);
      state.tags.set(tag, pushed.digest);
      return tag;
    }
    default: {
      const pushed = referrer(`pushed ${number}`, target, { age: 0 });
      state.manifests.set(pushed.digest, pushed);
      state.tags.set(tag, pushed.digest);
      return tag;
    }
  }
}

describe("rule 3: neither the order of lists nor concurrency matters", () => {
  it("for the plan, the report and the registry", async () => {
    const property = fc.asyncProperty(registries, anyPolicy, behaviours, fc.nat(1000), async (states, policy, behaviour, seed) => {
      const outcome = async (order: Behaviour["order"], concurrency: number) => {
        const registry = new SimulatedRegistry(states, { ...behaviour, order });
        const { file } = await plan(registry, policy, path("plan-6"), { concurrency });
        const planned = readFileSync(file, "utf8");
        const { report } = await apply(registry, file, { concurrency });
        return { planned, report, reported: reportLines(file), left: contents(registry) };
      };
      expect(await outcome(shuffled(seed), 8)).toEqual(await outcome(undefined, 1));
    });
    await fc.assert(property, runs(40));
  });

  it("and a plan that is applied twice does nothing the second time, and fails nowhere", async () => {
    const property = fc.asyncProperty(registries, anyPolicy, behaviours, async (states, policy, behaviour) => {
      const registry = new SimulatedRegistry(states, behaviour);
      const { file } = await plan(registry, policy, path("plan-7"));
      const once = await apply(registry, file);
      const left = contents(registry);
      const { length } = registry.deletions;
      const twice = await apply(registry, file);
      expect(contents(registry)).toEqual(left);
      expect(registry.deletions).toHaveLength(length);
      expect(twice.report).toEqual(once.report);
    });
    await fc.assert(property, runs(40));
  });

  it("and two runs at once both end well", async () => {
    const property = fc.asyncProperty(
      registries,
      anyPolicy,
      behaviours,
      fc.infiniteStream(fc.nat(4)),
      async (states, policy, behaviour, ticks) => {
        const on: Behaviour["on"] = async () => {
          for (let left = ticks.next().value ?? 0; left > 0; left--) await null;
          return undefined;
        };
        const registry = new SimulatedRegistry(states, { ...behaviour, on });
        const [one, other] = await Promise.all(["one", "other"].map((name) => plan(registry, policy, path(`${name}-8`))));
        if (!one || !other) throw new Error("two plans");
        const both = await Promise.all([one, other].map(({ file }) => apply(registry, file)));
        for (const { report } of both) expect(report).toMatchObject({ failed: 0, changed: 0, problems: [] });
        const rest = states.map((state) => without(state, one.plans.find(({ repository }) => repository === state.name)?.deletions ?? []));
        expect(contents(registry)).toEqual(contents(new SimulatedRegistry(rest)));
      },
    );
    await fc.assert(property, runs(40));
  });
});

describe("rule 5: a repository that cannot be read completely loses nothing, and the others go on", () => {
  it("whatever call fails, before or after the plan", async () => {
    const faults = fc.record({
      at: fc.constantFrom("inventory" as const, "detail" as const, "deletion" as const, "listing" as const),
      repository: fc.constantFrom("app/web", "base", "team/db"),
      applying: fc.boolean(),
    });
    const property = fc.asyncProperty(registries, anyPolicy, behaviours, faults, async (states, policy, behaviour, fault) => {
      let applying = false;
      let hit = false;
      const on: Behaviour["on"] = (moment) => {
        if (moment.at !== fault.at || !("repository" in moment) || moment.repository !== fault.repository || applying !== fault.applying)
          return undefined;
        hit = true;
        throw new Error("503 Bearer abcdefgh12345678");
      };
      const registry = new SimulatedRegistry(states, { ...behaviour, on });
      const { plans, file, summary } = await plan(registry, policy, path("plan-9"));
      applying = true;
      const { report } = await apply(registry, file);
      const healthy = new SimulatedRegistry(states, behaviour);
      await apply(healthy, (await plan(healthy, policy, path("healthy-9"))).file);
      for (const before of states) {
        const now = registry.state(before.name);
        const affected = hit && before.name === fault.repository && fault.at !== "listing";
        const expected = affected ? before : healthy.state(before.name);
        expect([...now.manifests.keys()].sort()).toEqual([...expected.manifests.keys()].sort());
        expect([...now.tags].sort()).toEqual([...expected.tags].sort());
      }
      expect(report.problems).toEqual(hit ? [{ repository: fault.repository, problem: expect.stringMatching(/503 Bearer \*\*\*/) }] : []);
      expect(summary.problems).toHaveLength(hit && !fault.applying ? 1 : 0);
      expect(plans).toHaveLength(states.length);
    });
    await fc.assert(property, runs(60));
  });
});

describe("rule 8: bounds are checked before the first deletion", () => {
  it("and one that is exceeded anywhere stops everything", async () => {
    const property = fc.asyncProperty(
      registries,
      anyPolicy,
      fc.nat(6),
      fc.nat(100),
      async (states, policy, maxDeletions, maxDeletionsPercent) => {
        const registry = new SimulatedRegistry(states);
        const bounded = { ...policy, bounds: { maxDeletions, maxDeletionsPercent } };
        const { plans, file, summary } = await plan(registry, bounded, path("plan-10"));
        // Counted once more, from what is listed; a referrer that goes without following anything counts like a root.
        const roots = plans.flatMap(({ images }) => images.filter(({ action, role }) => action === "delete" && role === "root"));
        const tags = plans.flatMap(({ deletions }) => deletions.filter(({ kind }) => kind !== "manifest"));
        expect(summary.end.counts.roots).toBeGreaterThanOrEqual(roots.length);
        if (!bounded.deleteOrphanedReferrers) expect(summary.end.counts.roots).toBe(roots.length);
        const planned = summary.end.counts.roots + tags.length;
        const over = plans.some(({ images }) => {
          const tagged = images.filter((one) => one.role === "root" && one.tags.length > 0);
          return tagged.filter(({ action }) => action === "delete").length * 100 > maxDeletionsPercent * tagged.length;
        });
        const exceeded = planned > maxDeletions || over;
        expect(summary.bounds.excesses.length > 0).toBe(exceeded);
        const before = contents(registry);
        const outcome = await apply(registry, file).catch((error) => error);
        if (exceeded) {
          expect(outcome).toBeInstanceOf(BoundsExceeded);
          expect(contents(registry)).toEqual(before);
          expect(registry.count("delete")).toBe(0);
        } else expect(outcome.report).toMatchObject({ deleted: summary.end.counts.digests });
      },
    );
    await fc.assert(property, runs(60));
  });
});
