/**
 * Plans a simulated registry in a process of its own, and prints what that took as JSON. The first argument says what: `plan <tags>`, one
 * repository; `registry <repositories> <tags in each>`, planned and applied from the file. The last one is a folder for its files.
 */
import * as path from "node:path";
import { applyPlan } from "../../../provider/cleanup/apply-plan";
import type { Policy } from "../../../provider/cleanup/policy";
import { writePlan } from "../../../provider/cleanup/write-plan";
import type { ImageRegistry } from "../../../provider/registries/image-registry";
import { day, image, modelNow, type RepositoryState, repository } from "../../cleanup/model";
import { SimulatedRegistry } from "../../cleanup/simulated-registry";
import type { PlannerRun } from "./planner";

/** Repositories that the registry has made up and still knows. Many more than are worked on at a time. */
const KNOWN = 40;

const policy: Policy = {
  repositories: ["**"],
  protect: [{ tags: { syntax: "glob", patterns: ["v*"] } }],
  keep: { digests: [], references: [] },
  rules: [
    {
      name: "builds",
      tags: { syntax: "glob", patterns: ["build-*", "sha-*"] },
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
  bounds: { maxDeletions: 10_000_000, maxDeletionsPercent: 100 },
};

async function main([what, ...rest]: readonly string[]): Promise<void> {
  const folder = rest.at(-1) ?? "";
  const [first = 0, second = 0] = rest.map(Number);
  const files = { planFile: path.join(folder, "plan.jsonl"), reportFile: path.join(folder, "report.jsonl") };
  const simulated = what === "plan" ? oneRepository(first) : manyRepositories(first, second);
  const { registry, spent } = metered(simulated);
  const options = { registry, policy, ...files, now: () => modelNow };
  const begun = process.cpuUsage();
  const { end, problems } = await writePlan(options);
  const cpu = total(process.cpuUsage(begun)) - spent();
  if (problems.length > 0) throw new Error(JSON.stringify(problems[0]));
  const deleted = what === "plan" ? 0 : (await applyPlan(options)).deleted;
  const run: PlannerRun = { cpu: cpu / 1000, planned: end.counts.digests, deleted, peak: process.resourceUsage().maxRSS * 1024 };
  console.log(JSON.stringify(run));
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

function oneRepository(tags: number): SimulatedRegistry {
  return new SimulatedRegistry([repositoryOf("team/app", tags)]);
}

/** Holds no more than a few of its repositories: they are the same each time they are asked for, less what was deleted since. */
function manyRepositories(repositories: number, tags: number): SimulatedRegistry {
  const names = Array.from({ length: repositories }, (_, n) => `team/app-${String(n).padStart(5, "0")}`);
  const known: string[] = [];
  return new SimulatedRegistry(
    names.map((name) => repository([], {}, name)),
    {
      batchSize: 100,
      on: (moment, registry) => {
        registry.deletions.length = 0;
        if (moment.at !== "inventory" || known.includes(moment.repository)) return undefined;
        registry.states.set(moment.repository, repositoryOf(moment.repository, tags));
        const forgotten = known.push(moment.repository) > KNOWN ? known.shift() : undefined;
        if (forgotten !== undefined) registry.states.set(forgotten, repository([], {}, forgotten));
        return undefined;
      },
    },
  );
}

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
