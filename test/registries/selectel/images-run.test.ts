import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Policy } from "../../../provider/cleanup/policy/policy";
import { applyPlan } from "../../../provider/cleanup/run/apply-plan";
import { writePlan } from "../../../provider/cleanup/run/write-plan";
import { emptyPolicy } from "../../cleanup/arbitraries";
import type { Sandbox } from "../../sandbox";
import { artifact, type Fixture, image, index, push } from "../../sandbox/images";
import type { SelectelSwitches } from "../../sandbox/selectel";
import { day, onSandbox, type Rig } from "./images-rig";

const folder = mkdtempSync(join(tmpdir(), "selectel-run-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

const rule = { name: "old", groupBy: "none", sortBy: "created" } as const;
const policy = (parts: Partial<Policy>): Policy => ({
  ...emptyPolicy,
  minKeep: 0,
  bounds: { maxDeletions: 1_000_000, maxDeletionsPercent: 100 },
  ...parts,
});
const glob = (...patterns: string[]) => ({ syntax: "glob" as const, patterns });

async function clean({ another, clock }: Rig, rules: Policy) {
  const planFile = join(folder, `${++files}.plan`);
  const registry = another();
  const now = () => clock.now();
  try {
    const summary = await writePlan({ registry, policy: rules, planFile, now });
    const report = await applyPlan({ registry, planFile, reportFile: `${planFile}.report`, now });
    return { summary, report, plan: readFileSync(planFile, "utf8") };
  } finally {
    await registry.close();
  }
}

const tagsOf = ({ store }: Sandbox, repository = "team/app") => [...(store.repository(repository)?.tags.keys() ?? [])].sort();
const digests = ({ store }: Sandbox, repository = "team/app") => [...(store.repository(repository)?.manifests.keys() ?? [])].sort();
const sorted = (...fixtures: readonly Fixture[]) => fixtures.map(({ digest }) => digest).sort();

describe("a whole run", () => {
  it("of a repository of 10,000 single-arch tags, half of them to go, takes at most 70 requests and no token", async () => {
    // One layer for all: only manifests and configs differ.
    const layers = [Buffer.from("layer")];
    const fill = ({ store }: Sandbox) => {
      for (let at = 0; at < 10_000; at++) {
        push(store, "team/app", `${at % 2 === 0 ? "pr" : "v"}-${at}`, image({ layers, labels: { at: String(at) } }));
      }
    };
    // With a wildcard, which needs more requests than a name does.
    await onSandbox({}, fill, async (rig) => {
      const { report } = await clean(rig, policy({ rules: [{ ...rule, tags: glob("pr-*") }] }));
      expect(report).toMatchObject({ deleted: 5_000, failed: 0, changed: 0, problems: [], garbageCollections: [{ scope: "team" }] });
      expect(tagsOf(rig.sandbox)).toHaveLength(5_000);
      const asked = rig.asked();
      expect(asked.filter((line) => line === "POST cleanup")).toHaveLength(50);
      expect(asked.filter((line) => line.includes("token") || line.startsWith("host"))).toEqual([]);
      expect(asked.length).toBeLessThanOrEqual(70);
    });
  }, 60_000);

  const amd = image({ layers: ["amd"] });
  const arm = image({ layers: ["arm"], platform: { os: "linux", architecture: "arm64" } });
  const other = image({ layers: ["other"] });
  const release = index([amd, arm]);
  const preview = index([arm, other]);
  const signature = artifact({ artifactType: "application/vnd.example.signature", subject: release });
  const doomedSignature = artifact({ artifactType: "application/vnd.example.signature", subject: preview });
  const loose = image({ layers: ["loose"] });

  it.each<Partial<SelectelSwitches>>([
    { layersShape: "object" },
    { layersShape: "array" },
    { layersShape: "array", hostAuth: "bearer", offset: "pages", undocumentedPaging: true, maxLimit: 2 },
    { errorBody: "empty", emptyList: "200" },
  ])("leaves what a kept index needs, whatever is asked to go: %j", async (selectel) => {
    const fill = ({ store }: Sandbox) => {
      push(store, "team/app", "v1", release);
      push(store, "team/app", "pr-1", preview);
      push(store, "team/app", undefined, signature);
      push(store, "team/app", undefined, doomedSignature);
      push(store, "team/app", undefined, loose);
    };
    await onSandbox({ selectel, pageSize: 3 }, fill, async (rig) => {
      const { report, plan } = await clean(rig, policy({ rules: [{ ...rule, tags: glob("pr-*") }], untagged: {} }));
      expect(report).toMatchObject({ failed: 0, problems: [] });
      expect(tagsOf(rig.sandbox)).toEqual(["v1"]);
      expect(digests(rig.sandbox)).toEqual(sorted(release, amd, arm, signature));
      expect(plan).toContain(loose.digest);
      expect(await rig.tokens()).toEqual([]);
      // Once more: nothing is left to do.
      const again = await clean(rig, policy({ rules: [{ ...rule, tags: glob("pr-*") }], untagged: {} }));
      expect(again.report).toMatchObject({ deleted: 0, failed: 0, problems: [] });
    });
  });

  it("of many indexes puts a hundred digests into two calls: indexes, then what they consist of", async () => {
    const previews = Array.from({ length: 40 }, (_, at) =>
      index([image({ layers: [`amd ${at}`] }), image({ layers: [`arm ${at}`], platform: { os: "linux", architecture: "arm64" } })]),
    );
    const fill = ({ store }: Sandbox) => {
      push(store, "team/app", "v1", release);
      for (const [at, one] of previews.entries()) push(store, "team/app", `pr-${at}`, one);
    };
    await onSandbox({}, fill, async (rig) => {
      const { report } = await clean(rig, policy({ rules: [{ ...rule, tags: glob("pr-*") }] }));
      expect(report).toMatchObject({ deleted: 120, failed: 0, problems: [] });
      expect(digests(rig.sandbox)).toEqual(sorted(release, amd, arm));
      expect(rig.asked().filter((line) => line === "POST cleanup").length).toBeLessThanOrEqual(4);
    });
  });

  it("spares the untagged children of an index whose push is not done, although they were built long ago", async () => {
    const fill = ({ store }: Sandbox) => push(store, "team/app", "v1", other);
    await onSandbox({}, fill, async (rig) => {
      rig.sandbox.clock.advance(100 * day);
      push(rig.sandbox.store, "team/app", undefined, amd);
      const { report } = await clean(rig, policy({ untagged: {}, minAge: day }));
      expect(report.deleted).toBe(0);
      expect(digests(rig.sandbox)).toEqual(sorted(other, amd));
      rig.sandbox.clock.advance(day);
      expect((await clean(rig, policy({ untagged: {}, minAge: day }))).report.deleted).toBe(1);
    });
  });

  it("takes signatures whose subject is gone", async () => {
    const orphan = artifact({ artifactType: "application/vnd.example.signature", subject: loose });
    const fill = ({ store }: Sandbox) => {
      push(store, "team/app", "v1", release);
      push(store, "team/app", undefined, signature);
      push(store, "team/app", undefined, orphan);
      push(store, "team/app", `${loose.digest.replace(":", "-")}.sig`, artifact({ artifactType: "application/vnd.dev.cosign" }));
    };
    await onSandbox({}, fill, async (rig) => {
      const { report } = await clean(rig, policy({ deleteOrphanedReferrers: true, artifactTypes: "any" }));
      expect(report).toMatchObject({ deleted: 2, failed: 0, problems: [] });
      expect(digests(rig.sandbox)).toEqual(sorted(release, amd, arm, signature));
    });
  });

  it("keeps a digest that has a tag to keep, since the service cannot untag", async () => {
    await onSandbox(
      {},
      ({ store }) => push(store, "team/app", ["v1", "pr-1"], amd),
      async (rig) => {
        const { plan } = await clean(rig, policy({ rules: [{ ...rule, tags: glob("pr-*") }] }));
        expect(plan).toContain("shares its digest with v1, and this registry cannot remove a tag alone");
        expect(tagsOf(rig.sandbox)).toEqual(["pr-1", "v1"]);
        expect(rig.asked()).not.toContain("POST cleanup");
      },
    );
  });

  it.each([
    "/images$",
    "/tags$",
    "sha256",
    "/cleanup$",
    "/garbage-collection$",
    "/v2/tokens",
    "/repositories$",
    "/registries$",
    "/manifests/",
  ])("never breaks a kept tag, whatever fails: %s", async (path) => {
    const faults = [
      { kind: "status", status: 500 },
      { kind: "status", status: 404 },
      { kind: "status", status: 403 },
      { kind: "html" },
      { kind: "reset-after" },
      "short-page",
      "stale-list",
      "expired-session",
    ] as const;
    for (const fault of faults) {
      for (const [skip, times] of [
        [0, 99],
        [1, 1],
        [2, 99],
      ] as const) {
        const fill = ({ store }: Sandbox) => {
          push(store, "team/app", "v1", release);
          push(store, "team/app", "pr-1", preview);
          push(store, "team/app", undefined, signature);
          push(store, "team/app", undefined, loose);
        };
        await onSandbox({ selectel: { layersShape: "array" }, pageSize: 2 }, fill, async (rig) => {
          rig.sandbox.control.inject({ path, skip, times, fault });
          await clean(rig, policy({ rules: [{ ...rule, tags: glob("pr-*") }], untagged: {} })).catch(() => undefined);
          rig.sandbox.control.clearFaults();
          expect(tagsOf(rig.sandbox)).toContain("v1");
          expect(digests(rig.sandbox)).toEqual(expect.arrayContaining(sorted(release, amd, arm, signature)));
        });
      }
    }
  });
});
