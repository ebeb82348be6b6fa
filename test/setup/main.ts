/**
 * `npm run setup`: brings the programs that the tests use and that are not npm packages into the cache.
 * `npm run setup -- --bench` also brings what only the benchmark uses; `npm run setup -- --check` says what is there and what is missing;
 * `npm run setup -- pulumi crane` brings these only.
 */
import { debianPeers, debianSteps } from "./debian";
import { goPeers, goSteps } from "./go";
import { run } from "./run";
import { perform, type Step, type Surroundings, table } from "./step";
import { binFolder } from "./tools";

export const steps: readonly Step[] = [...goSteps, ...debianSteps];
/** For the benchmark: nothing else needs them, so that a set-up of the tests does not take longer for them. */
export const peers: readonly Step[] = [...goPeers, ...debianPeers];
const FLAGS: readonly string[] = ["--check", "--bench"];

/** The exit code: 0 when everything that is not optional is there. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const all = [...steps, ...peers];
  const names = args.filter((arg) => !arg.startsWith("--"));
  const unknown = [
    ...names.filter((name) => !all.some(({ tool }) => tool === name)),
    ...args.filter((arg) => arg.startsWith("--") && !FLAGS.includes(arg)),
  ];
  if (unknown.length > 0) {
    surroundings.say(
      `Not known: ${unknown.join(", ")}. Usage: npm run setup -- [--check] [--bench] [${all.map(({ tool }) => tool).join("] [")}]`,
    );
    return 2;
  }
  const wanted = names.length > 0 ? all.filter(({ tool }) => names.includes(tool)) : args.includes("--bench") ? all : steps;
  if (args.includes("--check")) {
    const { lines, complete } = table(wanted, surroundings.env);
    for (const line of lines) surroundings.say(line);
    if (lines.some((line) => line.includes("missing*"))) surroundings.say("* optional");
    return complete ? 0 : 1;
  }
  const lanes = [...new Set(wanted.map(({ lane }) => lane))].map((lane) => wanted.filter((step) => step.lane === lane));
  const missing = (await Promise.all(lanes.map((lane) => oneByOne(lane, surroundings)))).flat();
  return missing.some(({ optional }) => optional !== true) ? 1 : 0;
}

async function oneByOne(lane: readonly Step[], surroundings: Surroundings): Promise<Step[]> {
  const missing: Step[] = [];
  for (const step of lane) if (!(await perform(step, surroundings))) missing.push(step);
  return missing;
}

if (require.main === module) {
  const { env } = process;
  void main(process.argv.slice(2), { env, bin: binFolder(env), run, say: (line) => console.log(line) }).then((code) => {
    process.exitCode = code;
  });
}
