/** Plans one repository in a process of its own: `<folder> <tags>`. Prints one line of JSON: what it took. */
import * as path from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Policy } from "../../../provider/cleanup/policy/policy";
import { writePlan } from "../../../provider/cleanup/run/write-plan";
import type { ImageRegistry } from "../../../provider/registries/image-registry";
import { day, image, modelNow, type RepositoryState, repository } from "../../cleanup/model";
import { SimulatedRegistry } from "../../cleanup/simulated-registry";

export interface PlannerRun {
  /** Digests that go. */
  readonly planned: number;
  /** Milliseconds of processor time for the plan, all threads, without that of the registry's answers. Nothing has planned before in this process. */
  readonly cpu: number;
  /** Milliseconds of processor time before: the start of Node, the modules, and the simulated registry's contents. */
  readonly before: number;
  /** Bytes that the process held at most, the simulated registry included. */
  readonly peak: number;
}

const globs = (...patterns: string[]) => ({ syntax: "glob", patterns }) as const;

// Not made of the tests' own policies: those come with fast-check, whose memory would count.
const policy: Policy = {
  repositories: ["**"],
  protect: [{ tags: globs("v*") }],
  keep: { digests: [], references: [] },
  rules: [
    {
      name: "builds",
      tags: globs("build-*", "sha-*"),
      keepNewest: 10,
      groupBy: "none",
      sortBy: "created",
      olderThan: { ago: 30 * day },
    },
  ],
  deleteGhostImages: false,
  deletePartialImages: false,
  deleteOrphanedReferrers: false,
  deleteDanglingTags: false,
  minAge: day,
  minKeep: 1,
  artifactTypes: ["image"],
  allowPlaceholderUntag: false,
  bounds: { maxDeletions: Number.MAX_SAFE_INTEGER, maxDeletionsPercent: 100 },
};

async function main([folder = "", tags = ""]: readonly string[]): Promise<void> {
  const { registry, spent } = metered(new SimulatedRegistry([repositoryOf("team/app", Number(tags))]));
  await calm();
  const begun = process.cpuUsage();
  const { end, problems } = await writePlan({ registry, policy, planFile: path.join(folder, "plan.jsonl"), now: () => modelNow });
  const cpu = (total(process.cpuUsage(begun)) - spent()) / 1000;
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const run: PlannerRun = { planned: end.counts.digests, cpu, before: total(begun) / 1000, peak: process.resourceUsage().maxRSS * 1024 };
  console.log(JSON.stringify(run));
}

/** Until V8 has compiled and collected in the background what making the registry's contents left to it: none of that is the planner's. */
async function calm(): Promise<void> {
  for (let round = 0, quiet = 0; round < 100 && quiet < 3; round++) {
    const begun = process.cpuUsage();
    await setTimeout(20);
    quiet = total(process.cpuUsage(begun)) < 2_000 ? quiet + 1 : 0;
  }
}

/** A registry that accounts for the processor time that it takes to answer: real ones take it elsewhere. Right for one question at a time only. */
function metered(registry: ImageRegistry): { registry: ImageRegistry; spent: () => number } {
  let spent = 0;
  const meter = async <T>(ask: () => Promise<T>): Promise<T> => {
    const begun = process.cpuUsage();
    const answer = await ask();
    spent += total(process.cpuUsage(begun));
    return answer;
  };
  return {
    registry: Object.assign(Object.create(registry), {
      inventory: (name: string) => meter(() => registry.inventory(name)),
      detail: (...asked: Parameters<ImageRegistry["detail"]>) => meter(() => registry.detail(...asked)),
    }),
    spent: () => spent,
  };
}

const total = ({ user, system }: NodeJS.CpuUsage): number => user + system;

/** Two tags an image, the oldest of 500 days, every tenth a release; layers shared by ten. */
function repositoryOf(name: string, tags: number): RepositoryState {
  const images = Array.from({ length: tags / 2 }, (_, n) =>
    image(`${name} ${n}`, {
      age: 2 + (1_000 * n) / tags,
      blobs: [
        [`config of ${name} ${n}`, 1_500],
        [`base of ${name}`, 30_000_000],
        [`dependencies ${Math.floor(n / 10)} of ${name}`, 5_000_000],
        [`layer of ${name} ${n}`, 100_000],
      ],
    }),
  );
  const named = images.flatMap((each, n) => [
    [`build-${n}`, each] as const,
    [n % 10 === 0 ? `v1.${n}.0` : `sha-${each.digest.slice(7, 17)}`, each] as const,
  ]);
  return repository(images, Object.fromEntries(named), name);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
