import { readFileSync } from "node:fs";
import fc from "fast-check";
import { differenceOf, isTold, type OneSided, type RepositoryDifference } from "../../../provider/cleanup/plan/difference";
import type { Policy } from "../../../provider/cleanup/policy/policy";
import type { CompareOptions } from "../../../provider/cleanup/run/comparison";
import { type WritePlanOptions, writePlan } from "../../../provider/cleanup/run/write-plan";
import { globs, ruleOf } from "../arbitraries";
import { copyOf, day, image, modelNow, repository } from "../model";
import { type Behaviour, SimulatedRegistry } from "../simulated-registry";
import { folder } from "./plans";
import { anyPolicy, plan, registries, shuffled, unbounded } from "./world";

const path = folder();
const [release, preview, old] = [image("release", { age: 40 }), image("preview", { age: 50 }), image("old")];
const app = (name: string) => repository([release, preview, old], { "v1.0.0": release, "pr-1": preview, "pr-2": old }, name);
const deleting = (tags: string, policy: Partial<Policy> = {}) => unbounded({ rules: [ruleOf({ tags: globs(tags) })], ...policy });
const older = (tags: string, days: number, policy: Partial<Policy> = {}) =>
  unbounded({ rules: [ruleOf({ tags: globs(tags), olderThan: { ago: days * day } })], ...policy });

async function compared(
  registry: SimulatedRegistry,
  policy: Policy,
  other: Policy,
  options: Partial<WritePlanOptions> & Partial<CompareOptions> = {},
) {
  const differences: RepositoryDifference[] = [];
  const lines: string[] = [];
  const compare = { policy: other, onDifference: (difference: RepositoryDifference) => void differences.push(difference), ...options };
  const planned = await plan(registry, policy, options.planFile ?? path("compared"), {
    log: (line) => lines.push(line),
    ...options,
    compare,
  });
  return { ...planned, differences, lines };
}

const names = ({ items }: OneSided) => items.flatMap(({ tags }) => tags);
const told = (differences: readonly RepositoryDifference[]) =>
  differences.map(({ repository: name, deleted, kept, problem }) => `${name} -${names(deleted)} +${names(kept)} ${problem ?? ""}`.trim());

describe("the plan", () => {
  it("and the differences are those of two plans made apart, whatever the policies and the order in which things are listed", async () => {
    let differing = 0;
    await fc.assert(
      fc.asyncProperty(registries, anyPolicy, anyPolicy, fc.nat(), async (states, policy, other, seed) => {
        const apart = (one: Policy) => plan(new SimulatedRegistry(states), one, path("apart"));
        const { plans: theirs } = await apart(other);
        const { plans: ours } = await apart(policy);
        const file = readFileSync(path("apart"));
        const { differences } = await compared(new SimulatedRegistry(states, { order: shuffled(seed) }), policy, other);
        expect(readFileSync(path("compared")).equals(file)).toBe(true);
        const both = ours.map((one, at) => ({ one, two: theirs[at] }));
        const expected = both.flatMap(({ one, two }) => {
          const difference = differenceOf(one.repository, { plan: one, other: two }, 500);
          return isTold(difference) ? [difference] : [];
        });
        const keys = (found: readonly RepositoryDifference[]) =>
          found.map(({ repository: name, deleted, kept }) => ({ name, deleted: keysOf(deleted), kept: keysOf(kept) }));
        expect(keys(differences.filter(({ problem }) => problem === undefined))).toEqual(keys(expected));
        if (expected.length > 0) differing++;
      }),
      { numRuns: 60 },
    );
    expect(differing).toBeGreaterThan(15);
  });
  const keysOf = ({ digests, tags, items }: OneSided) => ({
    digests,
    tags,
    // Their order is that of dates, of which the one reading may know more than each of two.
    items: items.map((item) => `${item.role ?? ""} ${item.digest} ${item.tags}`).sort(),
  });

  it("is not worse for what goes wrong with the second policy alone", async () => {
    const failing: Behaviour["on"] = ({ at }) => {
      if (at === "detail") throw new Error("500 https://user:secret@host oops");
      return undefined;
    };
    // Tags by name, without a guard that asks for dates, and without referrers: nothing is asked for the first policy.
    const { summary, differences } = await compared(
      new SimulatedRegistry([app("a"), app("b")], { on: failing }),
      deleting("nothing"),
      older("pr-*", 60),
    );
    expect(summary.problems).toEqual([]);
    expect(told(differences)).toEqual(["a - + 500 https://***@host oops", "b - + 500 https://***@host oops"]);
  });

  it("is refused, and nothing is asked, if the second policy makes no sense", async () => {
    const registry = new SimulatedRegistry([app("a")]);
    await expect(compared(registry, deleting("pr-*"), deleting("["))).rejects.toThrow(/rules\[0\]/);
    expect(registry.asked.size).toBe(0);
  });
});

describe("a registry is asked no more for two policies than each of them needs, and nothing twice", () => {
  const asked = async (policy: Policy, other: Policy | undefined) => {
    const registry = new SimulatedRegistry([app("a"), app("b")]);
    const details: string[] = [];
    const detail = registry.detail.bind(registry);
    registry.detail = (inventory, wanted, signal) => {
      details.push(...[...wanted.created].map((digest) => `${inventory.repository} ${digest}`));
      if (wanted.referrers) details.push(`${inventory.repository} referrers`);
      return detail(inventory, wanted, signal);
    };
    if (other) await compared(registry, policy, other);
    else await plan(registry, policy, path("alone"));
    const counts = (["repositories", "inventory", "detail", "deletion", "listing", "delete"] as const).map((at) => registry.count(at));
    return { calls: counts.join(" "), details: details.sort() };
  };

  it.each<[string, Policy, Policy, string, string]>([
    // repositories, inventory, detail, deletion, listing, delete
    ["the second needs the same", older("pr-*", 60), older("pr-*", 10), "1 2 2 2 0 0", "1 2 2 2 0 0"],
    ["the second needs nothing", deleting("pr-*"), deleting("nothing"), "1 2 2 2 0 0", "1 2 2 2 0 0"],
    [
      "the second needs dates that the first did not",
      deleting("pr-1", { minAge: 0 }),
      older("*", 60, { minAge: 0 }),
      "1 2 2 2 0 0",
      "1 2 4 2 0 0",
    ],
    ["the first needs nothing", deleting("nothing"), deleting("pr-*"), "1 2 0 0 0 0", "1 2 2 2 0 0"],
    ["neither needs anything", deleting("nothing"), deleting("none"), "1 2 0 0 0 0", "1 2 0 0 0 0"],
    [
      "the second names a repository that the first has",
      deleting("pr-*"),
      deleting("pr-1", { repositories: ["a"] }),
      "1 2 2 2 0 0",
      "1 2 2 2 0 0",
    ],
    [
      "the catalog is needed for the second only",
      deleting("pr-*", { repositories: ["a"] }),
      deleting("pr-*"),
      "0 1 1 1 0 0",
      "1 2 2 2 0 0",
    ],
  ])("if %s", async (_, policy, other, alone, together) => {
    const first = await asked(policy, undefined);
    const second = await asked(other, undefined);
    const both = await asked(policy, other);
    expect([first.calls, both.calls]).toEqual([alone, together]);
    expect(new Set(both.details).size).toBe(both.details.length);
    expect(both.details).toEqual([...new Set([...first.details, ...second.details])].sort());
  });

  it("source control included, and what it does not tell for the second alone fails nothing", async () => {
    const numbers: (readonly number[])[] = [];
    const answers = {
      pullRequests: async (wanted: readonly number[]) => {
        numbers.push(wanted);
        return new Map(wanted.map((number) => [number, number === 1 ? ("closed" as const) : ("unknown" as const)]));
      },
      branches: async () => undefined,
    };
    const closed = (pattern: string) => unbounded({ rules: [ruleOf({ pullRequestTags: pattern })] });
    const { summary, differences } = await compared(new SimulatedRegistry([app("a"), app("b")]), deleting("pr-*"), closed("pr-{number}"), {
      answers,
    });
    expect(numbers.flat().sort()).toEqual([1, 2]);
    expect(summary.unanswered).toBeUndefined();
    expect(told(differences)).toEqual(["a -pr-2 +", "b -pr-2 +"]);
    const asked = await compared(new SimulatedRegistry([app("a")]), closed("pr-{number}"), closed("pr-{number}"), { answers });
    expect(asked.summary.unanswered).toContain("pull request 2");
    expect(asked.differences).toEqual([]);
  });
});

describe("policies about different repositories", () => {
  const registry = (behaviour: Behaviour = {}) => new SimulatedRegistry(["d", "c", "b", "a"].map(app), behaviour);

  it("are compared in all of them, in the order of names; the plan has those of the first", async () => {
    const { plans, differences } = await compared(
      registry({ on: async () => void (await new Promise((resolve) => setImmediate(resolve))) }),
      deleting("pr-1", { repositories: ["a", "b", "d"] }),
      deleting("pr-*", { repositories: ["{b,c}", "gone"] }),
    );
    expect(plans.map(({ repository: name }) => name)).toEqual(["a", "b", "d"]);
    // What one of them is not about stays under it; a repository that does not exist is none of them.
    expect(told(differences)).toEqual(
      ["a -pr-1 +", "b - +pr-2", "c - +pr-2,pr-1", "d -pr-1 +"].map((line) => expect.stringContaining(line)),
    );
    expect(differences[2]?.kept.items[0]?.stays?.text).toBe("the policy is not about this repository");
  });

  it("are compared in a shard's share only", async () => {
    const shares = await Promise.all(
      [1, 2].map((at) =>
        compared(registry(), deleting("none", { repositories: ["a"] }), deleting("pr-1"), {
          planFile: path(`${at}`),
          shard: { index: at, count: 2 },
        }),
      ),
    );
    expect(shares.flatMap(({ differences }) => differences.map(({ repository: name }) => name)).sort()).toEqual(["a", "b", "c", "d"]);
    for (const { differences } of shares) expect(differences.length).toBeLessThan(4);
  });

  it("are compared in those of the plan if the catalog is not shown for the second", async () => {
    const on: Behaviour["on"] = ({ at }) => {
      if (at === "repositories") throw new Error("403 denied");
      return undefined;
    };
    const { summary, differences, lines } = await compared(registry({ on }), deleting("pr-1", { repositories: ["a"] }), deleting("pr-*"));
    expect(summary.problems).toEqual([]);
    expect(told(differences)).toEqual(["a - +pr-2"]);
    expect(lines).toEqual([expect.stringMatching(/could not be listed, so only those of the plan are compared: 403 denied/)]);
  });
});

describe("a repository that cannot be read", () => {
  it("is told, and not taken for one without difference", async () => {
    const on: Behaviour["on"] = (moment) => {
      if (moment.at === "inventory" && moment.repository === "a") throw new Error("403");
      return undefined;
    };
    const registry = new SimulatedRegistry([app("a"), app("b")], { on });
    const { differences } = await compared(registry, deleting("pr-1"), deleting("pr-1"));
    expect(told(differences)).toEqual(["a - + 403"]);
    const other = await compared(registry, deleting("pr-1", { repositories: ["b"] }), deleting("pr-1"));
    expect([other.summary.problems, told(other.differences)]).toEqual([[], ["a - + 403"]]);
  });

  it("as its tags point to nothing is told only if both policies leave it alone for that", async () => {
    const state = copyOf(app("a"));
    state.tags.set("lost", release.digest.replace(/.{4}$/, "0000"));
    const registry = () => new SimulatedRegistry([state]);
    expect((await compared(registry(), deleting("pr-1"), deleting("pr-2"))).differences[0]?.problem).toContain("lost");
    const { differences } = await compared(registry(), deleting("pr-1", { deleteDanglingTags: true }), deleting("pr-1"));
    expect(told(differences)).toEqual(["a -pr-1,lost +"]);
  });
});

it("an interruption ends the run while it is at the second policy, too", async () => {
  const interrupted = new AbortController();
  const on: Behaviour["on"] = ({ at }) => void (at === "detail" && interrupted.abort(new Error("SIGINT")));
  const registry = new SimulatedRegistry([app("a"), app("b")], { on });
  const options = { registry, policy: deleting("none"), planFile: path("interrupted"), now: () => modelNow, signal: interrupted.signal };
  await expect(writePlan({ ...options, compare: { policy: deleting("pr-*"), onDifference: () => {} } })).rejects.toThrow(/interrupted/);
});
