import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { exitCodes } from "./exit-codes";
import { runCommandLine } from "./run-command-line";
import type { RunningSandbox } from "./world";

const interrupted = new AbortController();
const hurry = new AbortController();
let code: number | undefined;

/** Milliseconds that a run has to say what it did, after a second signal. */
const lastWords = 500;

for (const [signal, exitCode] of [["SIGINT", 130] as const, ["SIGTERM", 143] as const]) {
  process.on(signal, () => {
    if (code !== undefined) {
      hurry.abort();
      globalThis.setTimeout(() => process.exit(code), lastWords);
    }
    code ??= exitCode;
    interrupted.abort(new Error(`${signal} was received`));
  });
}

// A reader that has enough (`| head`) or a full disk must not end the program in the middle of a deletion: Terminal hears of it, too.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

/** As `engines` in package.json, of which npx warns at most. An older one fails in the middle of its work with words that help nobody. */
const leastNode = 22;

const { node } = process.versions;
const runs: Promise<number> = Number.parseInt(node, 10) >= leastNode ? run() : Promise.resolve(tooOld());

runs.then((ended) => {
  process.exitCode = code ?? ended;
  if (hurry.signal.aborted) process.exit();
});

function tooOld(): number {
  process.stderr.write(`Error: registry-as-code needs Node ${leastNode} or newer, and this is ${node}.\n`);
  return exitCodes.wrongUsage;
}

function run(): Promise<number> {
  return runCommandLine(process.argv.slice(2), {
    env: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    now: Date.now,
    random: () => randomBytes(8),
    sleep: (milliseconds) => setTimeout(milliseconds, undefined, { signal: interrupted.signal }),
    signal: interrupted.signal,
    interruption: () => code,
    hurry: hurry.signal,
    startSandbox: (options) => (require("./sandbox") as { startSandbox(options: object): Promise<RunningSandbox> }).startSandbox(options),
  });
}
