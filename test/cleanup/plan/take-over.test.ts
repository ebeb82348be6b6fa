import fc from "fast-check";
import { takeOver } from "../../../provider/cleanup/plan/facts";
import { graphOf, redated } from "../../../provider/cleanup/plan/graph";
import { type Entry, foremost, newestOf, orderBy, raise, rankByTime } from "../../../provider/cleanup/plan/newest";
import { planRepository } from "../../../provider/cleanup/plan/plan-repository";
import { questions } from "../../../provider/cleanup/plan/questions";
import { noAnswers } from "../../../provider/cleanup/plan/source-control";
import { compilePolicy } from "../../../provider/cleanup/policy/compile";
import { isAnswered, openQuestions } from "../../../provider/cleanup/run/open-questions";
import type { Inventory } from "../../../provider/registries/image-registry";
import { policies, repositories } from "../arbitraries";
import { changed, changes } from "../changes";
import { inventoryOf, modelNow, type RepositoryState } from "../model";

const views = fc.constantFrom("listed" as const, "hidden" as const);
const reversed = <T>(items: readonly T[]) => [...items].reverse();
const undated = (state: RepositoryState, untagged: "listed" | "hidden"): Inventory =>
  inventoryOf(state, { untagged, created: new Set(), referrers: false });
const dated = (state: RepositoryState, untagged: "listed" | "hidden", referrers: boolean): Inventory =>
  inventoryOf(state, { untagged, created: new Set(state.manifests.keys()), referrers, order: reversed });

describe("what was found out without dates", () => {
  it("gives the same plan when it is taken over as when everything is found out anew", () => {
    fc.assert(
      fc.property(repositories(), policies(), views, fc.boolean(), (state, policy, untagged, referrers) => {
        const compiled = compilePolicy(policy);
        const plan = (inventory: Inventory) => planRepository({ inventory, policy: compiled, now: modelNow, answers: noAnswers });
        const [before, after, anew] = [undated(state, untagged), dated(state, untagged, referrers), dated(state, untagged, referrers)];
        questions(before, compiled, modelNow);
        takeOver(before, after, compiled, modelNow);
        expect(plan(after)).toEqual(plan(anew));
      }),
      { numRuns: 300 },
    );
  });

  it("is not taken over from what was something else", () => {
    let others = 0;
    fc.assert(
      fc.property(repositories(), changes(), policies(), (state, change, policy) => {
        const other = changed(state, change);
        const compiled = compilePolicy(policy);
        const plan = (inventory: Inventory) => planRepository({ inventory, policy: compiled, now: modelNow, answers: noAnswers });
        const [before, after, anew] = [undated(state, "listed"), dated(other, "listed", false), dated(other, "listed", false)];
        questions(before, compiled, modelNow);
        takeOver(before, after, compiled, modelNow);
        if (!redated(graphOf(before), before, dated(other, "listed", false))) others++;
        expect(plan(after)).toEqual(plan(anew));
      }),
      { numRuns: 300 },
    );
    expect(others).toBeGreaterThan(50);
  });

  it("keeps the edges, and the nodes are those of the new inventory", () => {
    fc.assert(
      fc.property(repositories(), (state) => {
        const [before, after] = [undated(state, "listed"), dated(state, "listed", false)];
        const graph = redated(graphOf(before), before, after);
        const built = graphOf(dated(state, "listed", false));
        expect(graph?.nodes).toEqual(built.nodes);
        expect([...(graph?.byDigest.keys() ?? [])].sort()).toEqual([...built.byDigest.keys()].sort());
        for (const node of graph?.nodes ?? []) {
          for (const other of [...node.children, ...node.parents, ...node.attached, ...node.subjects]) {
            expect(graph?.nodes[other.id] === other).toBe(true);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("questions that are not asked again", () => {
  it("would have found nothing to ask", () => {
    let spared = 0;
    fc.assert(
      fc.property(repositories(), policies(), views, fc.boolean(), (state, policy, untagged, referrers) => {
        const compiled = compilePolicy(policy);
        const ask = openQuestions(questions(undated(state, untagged), compiled, modelNow), {
          dated: new Set(),
          named: new Set(),
          referrers: false,
        });
        if (!ask) return;
        const inventory = inventoryOf(state, { untagged, created: ask.created, referrers });
        const known = { dated: new Set(ask.created), named: new Set(ask.digests ?? []), referrers: ask.referrers };
        if (!isAnswered(inventory, compiled, known)) return;
        spared++;
        expect(openQuestions(questions(inventory, compiled, modelNow), known)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
    expect(spared).toBeGreaterThan(10);
  });
});

describe("the foremost of a competition", () => {
  const entries = fc.array(
    fc.record({
      tag: fc.constantFrom("v1", "v1.1", "v2", "latest", "a"),
      others: fc.option(fc.array(fc.constantFrom("v3", "v0.1", "b"), { minLength: 1, maxLength: 3 }), { nil: undefined }),
      time: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      place: fc.constantFrom("candidate" as const, "excluded" as const, "part" as const),
    }),
    { maxLength: 12 },
  );

  it("are all that decides who is among the newest", () => {
    fc.assert(
      fc.property(entries, fc.integer({ min: 0, max: 5 }), (given, count) => {
        const make = () =>
          given.map((one, id): Entry => ({ ...one, others: one.others && [...one.others], node: node(id), version: undefined }));
        const result = (some: Entry[]) => {
          for (const entry of some) raise(entry, "created");
          const { within, parts } = newestOf(some, count, orderBy("created"));
          return { within: [...within].map((entry) => [entry.node.id, entry.tag]), parts: parts.map((entry) => entry.node.id) };
        };
        expect(result(foremost(make(), count, rankByTime))).toEqual(result(make()));
      }),
      { numRuns: 2_000 },
    );
  });

  const node = (id: number) => ({ ...template, id });
  const [template] = graphOf({
    repository: "r",
    manifests: new Map([["d", { digest: "d", mediaType: "m", size: 1, kind: "image", children: [], blobs: [], index: false }]]),
    tags: new Map(),
    dangling: [],
    missing: new Set(),
  }).nodes as [ReturnType<typeof graphOf>["nodes"][number]];
});
