import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { configuration } from "../e2e/world";
import { type Engine, makeProgram, preferredEngine, type Stack } from "../engine";
import { type Sandbox, startSandbox } from "../sandbox";

const ROOT = path.join(__dirname, "..", "..");
export const PROGRAM = path.join("test", "demo", "program");

/** Servers, a copy of the program in a scratch folder, and a stack of it. */
export interface Stage {
  readonly engine: Engine;
  readonly sandbox: Sandbox;
  readonly stack: Stack;
  /** Ends all processes and removes all scratch folders. May be called at any time, also twice, also before the stage is complete. */
  close(): Promise<void>;
}

/**
 * `tarball`: the packed package to run, else what was built in this checkout. `opened` is called at once, so that what is half built can be
 * taken down as well.
 */
export async function buildStage(
  env: NodeJS.ProcessEnv,
  tarball: string | undefined,
  opened: (close: Stage["close"]) => void,
): Promise<Stage> {
  const cleanups: (() => void | Promise<void>)[] = [];
  const close = async () => {
    for (let cleanup = cleanups.pop(); cleanup !== undefined; cleanup = cleanups.pop()) await cleanup();
  };
  opened(close);
  const engine = await preferredEngine(env);
  const sandbox = await startSandbox({ selectel: { createPolls: 1, deletePolls: 1, gcPolls: 1 } });
  cleanups.push(() => sandbox.close());
  // Linked is enough: the program's own SDK is the project's, so both find the same one.
  const program = makeProgram({
    files: programFiles(),
    ...(tarball === undefined ? { links: { "registry-as-code": ROOT } } : { tarball }),
  });
  cleanups.push(() => program.remove());
  const home = mkdtempSync(path.join(tmpdir(), "demo-home-"));
  cleanups.push(() => rmSync(home, { recursive: true, force: true }));
  const stack = await engine.open({
    dir: program.dir,
    config: configuration(sandbox),
    // Nothing of the person's own accounts takes part, and nothing is written into their home.
    env: { PULUMI_HOME: home, HOME: home, DOCKER_CONFIG: home },
  });
  cleanups.push(() => stack.close());
  return { engine, sandbox, stack, close };
}

function programFiles(): Record<string, string> {
  const folder = path.join(ROOT, PROGRAM);
  return Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(path.join(folder, file), "utf8")]));
}
