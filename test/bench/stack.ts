import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { configuration } from "../e2e/world";
import { type Engine, makeProgram, type Stack } from "../engine";
import { startSandbox } from "../sandbox";
import { image, push } from "../sandbox/images";

const ROOT = path.join(__dirname, "..", "..");

/** What is measured. */
export interface Subject {
  readonly engine: Engine;
  /** The packed package; without it, what was built in this checkout. */
  readonly tarball: string | undefined;
}

/** A program of `programs/` on servers of its own, brought up once, for the time of `work`. */
export async function withStack<T>(
  { engine, tarball }: Subject,
  program: "ours" | "nothing" | "types",
  config: Readonly<Record<string, string>>,
  work: (stack: Stack) => Promise<T>,
): Promise<T> {
  const sandbox = await startSandbox({ selectel: { createPolls: 1, deletePolls: 1, gcPolls: 1 } });
  const { digest } = push(sandbox.store, "team/app", "v1", image());
  const { dir, remove } = makeProgram({
    files: { "index.js": readFileSync(path.join(__dirname, "programs", `${program}.js`), "utf8") },
    ...(tarball === undefined ? {} : { tarball }),
    links: {
      "nothing-as-code": path.join(__dirname, "programs", "nothing"),
      ...(tarball === undefined ? { "registry-as-code": ROOT } : {}),
    },
  });
  const home = mkdtempSync(path.join(tmpdir(), "bench-home-"));
  const stack = await engine.open({
    dir,
    config: { ...configuration(sandbox), digest, ...config },
    env: { HOME: home, PULUMI_HOME: home, DOCKER_CONFIG: home },
  });
  try {
    await succeeded(stack.up());
    return await work(stack);
  } finally {
    await stack.close();
    remove();
    await sandbox.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** The operation's result; throws with all that was said when it failed. */
export async function succeeded(operation: ReturnType<Stack["up"]>) {
  const result = await operation;
  if (!result.ok) throw new Error(`the operation failed:\n${result.stdout}\n${result.stderr}`);
  return result;
}
