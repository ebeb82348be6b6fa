import fc from "fast-check";
import { type Digest, deletionOrder, parseDigest } from "../../../../provider/registries/oci";
import { artifact, type Fixture, image, index, push } from "../../../sandbox/images";
import { whole, world } from "./world";

type Plan = { readonly is: "image" | "index" | "referrer"; readonly to: readonly number[] };

/** Manifests that refer to earlier ones only, as content addressing has it. */
const plans = fc.integer({ min: 1, max: 9 }).chain((size) =>
  fc.tuple(
    ...Array.from({ length: size }, (_, at) =>
      fc.record<Plan>({
        is: at === 0 ? fc.constant("image") : fc.constantFrom("image", "index", "referrer"),
        to: fc.subarray(Array.from({ length: at }, (_, earlier) => earlier)),
      }),
    ),
  ),
);

function build(list: readonly Plan[]): Fixture[] {
  const made: Fixture[] = [];
  for (const [at, { is, to }] of list.entries()) {
    const targets = to.flatMap((place) => made[place] ?? []);
    const [subject] = targets;
    if (is === "image" || !subject) made.push(image({ layers: [`${at}`] }));
    else if (is === "index") made.push(index(targets, { annotations: { at: `${at}` } }));
    else made.push(artifact({ artifactType: "application/x.y", subject, content: `${at}` }));
  }
  return made;
}

const leads = ({ children, bytes }: Fixture): string[] => {
  const { subject } = JSON.parse(bytes.toString()) as { subject?: { digest: string } }; // what build() wrote
  return [...children.map(({ digest }) => digest), ...(subject ? [subject.digest] : [])];
};

describe("At every moment of a deletion, whatever fails", () => {
  it("nothing that is still there has lost a child or a subject", async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.array(fc.nat(8)), fc.array(fc.nat(8)), async (list, broken, slow) => {
        const made = await world({ referrersApi: false });
        const fixtures = new Map(build(list).map((fixture) => [fixture.digest, fixture]));
        for (const [at, fixture] of [...fixtures.values()].entries()) push(made.store, "team/app", `v${at}`, fixture);
        const inventory = await made.registry.inventory("team/app");
        const nodes = [...fixtures.values()].map((fixture) => {
          const digest = parseDigest(fixture.digest);
          return [digest, { digest, tags: [], children: leads(fixture).map(parseDigest) }] as const;
        });
        const order: Digest[] = deletionOrder(new Map(nodes));
        const fault = (at: number, what: Parameters<typeof made.sandbox.control.inject>[0]["fault"]) => {
          const digest = order[at];
          if (digest) made.sandbox.control.inject({ api: "oci", method: "DELETE", path: digest, times: 2, fault: what });
        };
        for (const at of new Set(broken)) fault(at, { kind: "status", status: 500 });
        for (const at of new Set(slow)) if (!broken.includes(at)) fault(at, { kind: "delay", ms: 4 });
        const real = made.store.deleteManifest.bind(made.store);
        const torn: string[] = [];
        made.store.deleteManifest = (name, digest) => {
          const done = real(name, digest);
          const left = made.store.repository(name)?.manifests;
          for (const fixture of fixtures.values()) {
            if (left?.has(fixture.digest) && leads(fixture).some((lead) => !left.has(lead))) torn.push(fixture.digest);
          }
          return done;
        };
        const results = await made.registry.delete(
          "team/app",
          order.map((digest) => whole(inventory, digest)),
          { placeholder: false },
        );
        expect(torn).toEqual([]);
        for (const { deletion, outcome } of results) {
          const there = deletion.kind === "manifest" && made.store.repository("team/app")?.manifests.has(deletion.digest);
          expect(outcome).toBe(there ? "failed" : "deleted");
        }
        await made.sandbox.close();
      }),
      { numRuns: 40 },
    );
  });
});
