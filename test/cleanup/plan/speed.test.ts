import { planRepository } from "../../../provider/cleanup/plan/plan-repository";
import { questions } from "../../../provider/cleanup/plan/questions";
import { reconcile } from "../../../provider/cleanup/plan/reconcile";
import { noAnswers } from "../../../provider/cleanup/plan/source-control";
import { compilePolicy } from "../../../provider/cleanup/policy/compile";
import type { Inventory } from "../../../provider/registries/image-registry";
import { emptyPolicy, globs, ruleOf } from "../arbitraries";
import { day, digestOf, image, index, inventoryOf, modelNow, type RepositoryState, repository, type StoredManifest } from "../model";

const policy = compilePolicy({
  ...emptyPolicy,
  minKeep: 1,
  protect: [{ tags: globs("latest", "v1.1.*") }],
  rules: [
    ruleOf({ tags: globs("v*"), keepNewest: 3, groupBy: "semver-minor", sortBy: "semver", olderThan: { ago: 30 * day } }),
    ruleOf({ tags: globs("pr-*"), keepNewest: 5, olderThan: { ago: 14 * day } }),
  ],
  untagged: {},
});

/** So many tags, of releases and previews, on images of six layers, of which they share some. */
function singles(count: number): RepositoryState {
  const images = Array.from({ length: count }, (_, n) => {
    const blobs = [`config ${n}`, `base ${n % 500}`, `base ${(n * 7) % 500}`, `layer ${n}`, `top ${n}`, `pair ${n >> 1}`];
    const age = { time: modelNow - (n % 90) * day - n, source: "config" } as const;
    return {
      ...image(`image ${n}`, { age, blobs: [] }),
      blobs: blobs.map((name) => ({ digest: `sha256:${name.padStart(64)}`, size: 1000 })),
    };
  });
  return repository(images, Object.fromEntries(images.map((one, n) => [n % 2 ? `pr-${n}` : `v1.${n % 100}.${n}`, one])));
}

/** Milliseconds of CPU that planning takes, from the first question to the plan. */
function cost(state: RepositoryState): { readonly cpu: number; readonly digests: number } {
  // As adapters make it: texts that were parsed, not pieced together.
  const inventory: Inventory = structuredClone(inventoryOf(state));
  const before = process.cpuUsage();
  expect(questions(inventory, policy, modelNow).created.size).toBe(0);
  const { counts } = planRepository({ inventory, policy, now: modelNow, answers: noAnswers });
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1000, digests: counts.digests };
}

describe("planning is fast", () => {
  // On a quiet machine 10,000 tags take about 60 ms, and 100,000 about a second; shared ones take several times as long.
  it("10,000 tags", () => {
    const state = singles(10_000);
    expect(cost(state).digests).toBeGreaterThan(5000);
    // The best of some: other work on the machine only adds.
    expect(Math.min(...Array.from({ length: 3 }, () => cost(state).cpu))).toBeLessThan(750);
  });

  // The real figure in CI; a third of it elsewhere.
  const many = process.env.CI === "true" ? 100_000 : 30_000;
  it(`${many} tags, in less than 5 kB of memory each`, () => {
    const state = singles(many);
    const before = process.memoryUsage().heapUsed;
    expect(cost(state).cpu).toBeLessThan(many / 10);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(many * 5_000);
  });

  it.each<[string, (count: number) => RepositoryState]>([
    ["a child that all indexes share", sharedChild],
    ["an index of very many children", wide],
    ["indexes in indexes in indexes", deep],
    ["shared children in layers", layers],
    ["very many names of one image", names],
  ])("without quadratic steps: %s", (_, make) => {
    const small = make(1000);
    const large = make(8000);
    const deleting = compilePolicy({ ...emptyPolicy, rules: [ruleOf({ tags: globs("*", "!latest") })] });
    const run = (state: RepositoryState) => {
      const inventory = inventoryOf(state);
      const before = process.cpuUsage();
      const plan = planRepository({ inventory, policy: deleting, now: modelNow, answers: noAnswers });
      const fresh = copyOf(inventory);
      expect(reconcile(plan, fresh).changed).toEqual([]);
      const { user, system } = process.cpuUsage(before);
      return { cpu: (user + system) / 1000, deletions: plan.deletions.length };
    };
    expect(run(small).deletions).toBeGreaterThan(900);
    const short = run(small).cpu;
    // Eight times as many: 64 times as long if it were quadratic. The best of some: other work on the machine only adds.
    const long = Math.min(...Array.from({ length: 3 }, () => run(large).cpu));
    expect(long).toBeLessThan(Math.max(300, short * 30));
  });
});

const copyOf = (inventory: Inventory): Inventory => ({ ...inventory });
const named = (list: readonly StoredManifest[], prefix: string) => Object.fromEntries(list.map((one, n) => [`${prefix}${n}`, one]));

function sharedChild(count: number): RepositoryState {
  const child = image("child");
  const indexes = Array.from({ length: count }, (_, n) => index(`index ${n}`, [child.digest]));
  return repository([child, ...indexes], named(indexes, "v"));
}

function wide(count: number): RepositoryState {
  const children = Array.from({ length: count }, (_, n) => image(`child ${n}`));
  const indexes = [0, 1, 2].map((n) =>
    index(
      `index ${n}`,
      children.map(({ digest }) => digest),
    ),
  );
  return repository([...children, ...indexes], named(indexes, "v"));
}

function deep(count: number): RepositoryState {
  const all = [image("leaf")];
  for (let n = 0; n < count; n++) all.push(index(`index ${n}`, [digestOf(n === 0 ? "leaf" : `index ${n - 1}`)]));
  return repository(all, { v1: digestOf(`index ${count - 1}`) });
}

function layers(count: number): RepositoryState {
  const width = 40;
  const all: StoredManifest[] = [];
  for (let n = 0; n < count; n++) {
    const row = Math.floor(n / width);
    const below = row === 0 ? [] : [0, 1, 2].map((step) => digestOf(`node ${(row - 1) * width + ((n + step) % width)}`));
    all.push(row === 0 ? image(`node ${n}`) : index(`node ${n}`, below));
  }
  return repository(all, named(all.slice(-width), "v"));
}

function names(count: number): RepositoryState {
  const one = image("one");
  return repository([one], {
    ...named(
      Array.from({ length: count }, () => one),
      "v",
    ),
    latest: one,
  });
}
