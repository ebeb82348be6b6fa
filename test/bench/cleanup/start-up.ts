import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { buildSync } from "esbuild";
import { bundle as builtAction, Runner } from "../../action/process";
import { median, takeTurns } from "../rounds";

/** Milliseconds that the action may take longer to begin its work than an action that does nothing. */
export const START_UP_GOAL = 50;
/** Bytes. */
export const SIZE_GOAL = 1_300_000;

export interface StartUp {
  readonly rounds: number;
  /** Milliseconds from the start of the process to its first connection to the registry, median. */
  readonly ours: number;
  /** Milliseconds until an action with nothing but @actions/core has read an input and says so, median. */
  readonly empty: number;
  /** The middle of the differences. */
  readonly difference: number;
  readonly goal: number;
  readonly met: boolean;
}

export interface Bundle {
  readonly bytes: number;
  /** That of an action with nothing but @actions/core, bundled alike. */
  readonly empty: number;
  readonly goal: number;
  /** Copies of undici in it; one is wanted. */
  readonly undici: number;
  readonly met: boolean;
}

const EMPTY = `
import { getInput, info, setOutput } from "@actions/core";
setOutput("registry", getInput("registry", { required: true }));
info("ready");
`;

/** The bundle beside an action that does nothing, in turns. */
export async function measureStartUp(rounds: number): Promise<{ startUp: StartUp; bundle: Bundle }> {
  const scratch = mkdtempSync(path.join(tmpdir(), "start-up-"));
  const empty = path.join(scratch, "index.js");
  buildSync({
    stdin: { contents: EMPTY, resolveDir: __dirname },
    outfile: empty,
    bundle: true,
    minify: true,
    platform: "node",
    target: "node24",
    logLevel: "error",
  });
  const runner = new Runner();
  const server = createServer().listen(0, "127.0.0.1");
  try {
    await once(server, "listening");
    const { port } = server.address() as AddressInfo; // a TCP server has an address and no path
    const env = runner.prepare({
      inputs: { registry: `127.0.0.1:${port}`, repositories: "team/app", "delete-tags": "build-*", "older-than": "30d" },
    }).env;
    const ours = () => untilItBegins(builtAction, env, server);
    const theirs = () => untilItBegins(empty, env);
    await takeTurns(1, ours, theirs); // until both are in memory
    const pairs = await takeTurns(rounds, ours, theirs);
    const difference = median(pairs.ours.map((took, round) => took - (pairs.theirs[round] ?? Number.NaN)));
    const startUp = { rounds, ours: median(pairs.ours), empty: median(pairs.theirs), difference };
    return {
      startUp: { ...startUp, goal: START_UP_GOAL, met: difference <= START_UP_GOAL },
      bundle: measureBundle(statSync(empty).size),
    };
  } finally {
    server.close();
    runner.remove();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Milliseconds until it connects to the server, or says something where there is none. It is ended then. */
async function untilItBegins(script: string, env: NodeJS.ProcessEnv, server?: Server): Promise<number> {
  const begun = performance.now();
  const child = spawn(process.execPath, [script], { env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const connected = (await Promise.race([
    server ? once(server, "connection") : once(child.stdout, "data"),
    ended.then(([status]) => {
      throw new Error(`${script} ended with ${status} before it began its work`);
    }),
  ])) as readonly { destroy?(): void }[]; // a socket, or text
  const took = performance.now() - begun;
  child.kill("SIGKILL");
  await ended;
  connected[0]?.destroy?.();
  return took;
}

function measureBundle(empty: number): Bundle {
  const text = readFileSync(builtAction, "utf8");
  // The place where each copy keeps its dispatcher is written once in its source.
  const undici = text.split("undici.globalDispatcher.1").length - 1;
  const bytes = Buffer.byteLength(text);
  return { bytes, empty, goal: SIZE_GOAL, undici, met: bytes < SIZE_GOAL && undici === 1 };
}
