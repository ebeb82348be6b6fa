import fc from "fast-check";
import { type Digest, deletionOrder, digestOf, type ManifestNode } from "../../../provider/registries/oci";

type Plan = { readonly children: readonly number[]; readonly subject: number | undefined };

/** Manifests that refer to earlier ones only, as content addressing has it; the order in which they are found is anything. */
const graphs = fc
  .integer({ min: 0, max: 12 })
  .chain((size) =>
    fc.tuple(
      fc.tuple(
        ...Array.from({ length: size }, (_, index) =>
          fc.record<Plan>({
            children: fc.subarray(Array.from({ length: index }, (_, earlier) => earlier)),
            subject: index === 0 ? fc.constant(undefined) : fc.option(fc.integer({ min: 0, max: index - 1 }), { nil: undefined }),
          }),
        ),
      ),
      fc.shuffledSubarray(
        Array.from({ length: size }, (_, index) => index),
        { minLength: 0 },
      ),
    ),
  )
  .map(([plans, found]) => {
    const digest = (index: number): Digest => digestOf(`manifest ${index}`);
    const nodes = found.map((index): [Digest, ManifestNode] => {
      const { children = [], subject } = plans[index] ?? {};
      const node = {
        digest: digest(index),
        tags: [],
        children: children.map(digest),
        ...(subject !== undefined && { subject: digest(subject) }),
      };
      return [digest(index), node];
    });
    return new Map(nodes);
  });

describe("the order in which manifests are deleted", () => {
  it("holds each one once, referrers before their subjects and indexes before their children, in every graph", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const order = deletionOrder(graph);
        expect([...order].sort()).toEqual([...graph.keys()].sort());
        const place = new Map(order.map((digest, index) => [digest, index]));
        for (const { digest, children, subject } of graph.values()) {
          for (const later of [...children, ...(subject ? [subject] : [])]) {
            if (graph.has(later)) expect(place.get(digest)).toBeLessThan(place.get(later) ?? -1);
          }
        }
      }),
    );
  });

  it("ends on a graph that cannot be, where manifests refer to each other", () => {
    const [a, b] = [digestOf("a"), digestOf("b")];
    const node = (digest: Digest, child: Digest): [Digest, ManifestNode] => [digest, { digest, tags: [], children: [child] }];
    expect(deletionOrder(new Map([node(a, b), node(b, a)])).sort()).toEqual([a, b].sort());
  });

  it("does not depend on how deep indexes are nested", () => {
    const chain = Array.from({ length: 20_000 }, (_, index) => digestOf(String(index)));
    const graph = new Map(chain.map((digest, index) => [digest, { digest, tags: [], children: chain.slice(index + 1, index + 2) }]));
    expect(deletionOrder(new Map([...graph].reverse()))).toEqual(chain);
  });
});
