import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { Narrator } from "./narrator";
import { outsiderOf } from "./outsider";
import type { Paint } from "./paint";
import { Interrupted, Play } from "./play";
import { buildStage, PROGRAM, type Stage } from "./stage";
import { tell } from "./story";
import { type StepOptions, workflowStep } from "./workflow-step";

export interface DemoOptions {
  /** Where state and full output are kept for those who want to look. */
  readonly folder: string;
  /** The packed package to run; without it, what was built in this checkout. */
  readonly tarball?: string;
  readonly env: NodeJS.ProcessEnv;
  readonly write: (text: string) => void;
  readonly paint: Paint;
  /** Milliseconds. */
  readonly now: () => number;
  /** Aborted on Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** Told how to take everything down, as soon as there is something. */
  readonly opened: (close: Stage["close"]) => void;
}

/** Runs the demo. False when something was not as told; throws Interrupted. */
export async function demo(options: DemoOptions): Promise<boolean> {
  const { folder, now, interrupted } = options;
  const begun = now();
  const narrator = new Narrator((text) => interrupted.aborted || options.write(text), options.paint);
  const stage = await buildStage(options.env, options.tarball, options.opened);
  const play = new Play(stage, narrator, interrupted, now);
  const shown = path.relative(process.cwd(), folder) || ".";
  const { dtr, oci, registryui, selectel } = stage.sandbox.info;
  narrator.title("registry-as-code: container registries as a Pulumi program");
  narrator.pairs([
    ["program", path.join(PROGRAM, "index.js")],
    [
      "servers",
      `Docker registry ${oci?.url}, Docker Trusted Registry ${dtr?.url}, Selectel ${new URL(selectel?.v1 ?? "").origin} and RegistryUI ${registryui?.url}, simulated in memory`,
    ],
    ["engine", stage.engine.description],
  ]);
  rmSync(folder, { recursive: true, force: true });
  const keep = (file: string, text: string) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, file), text);
  };
  const keepState = async () => keep("state.json", `${JSON.stringify(await stage.stack.export(), null, 2)}\n`);
  const steps: string[] = [];
  const work = async (options: StepOptions) => {
    const step = await workflowStep(options, interrupted);
    if (options.action === "cleanup") {
      keep("cleanup-plan.jsonl", step.plan);
      keep("cleanup-summary.md", step.summary);
    }
    // What a runner prints of such lines is ***; the file must not have them either.
    steps.push(step.log.replace(/^::add-mask::.*$/gm, "::add-mask::***"));
    return step;
  };
  let good = true;
  try {
    await tell(stage, play, narrator, outsiderOf(stage.sandbox.info), keepState, work);
  } catch (error) {
    if (interrupted.aborted || error instanceof Interrupted) throw new Interrupted();
    good = false;
    await keepState().catch(() => undefined); // the first error is the one to tell
    narrator.error(`This is not what should have happened: ${error instanceof Error ? error.message : String(error)}`);
  }
  keep("output.log", [play.transcript, ...steps].join("\n"));
  await stage.close();
  const seconds = ((now() - begun) / 1000).toFixed(0);
  narrator.end(good ? `Done in ${seconds} s. Each step was checked.` : "The demo failed.", good);
  narrator.pairs([
    ["state", `${path.join(shown, "state.json")}: Pulumi's state ${good ? "after step 12" : "at the end"}; secrets are ciphertext`],
    ["plan", `${path.join(shown, "cleanup-plan.jsonl")}, and what the job's page shows: ${path.join(shown, "cleanup-summary.md")}`],
    ["output", `${path.join(shown, "output.log")}: everything that the engine and the action printed`],
  ]);
  return good;
}
