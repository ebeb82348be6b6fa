import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
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

// `| head` ends when it has enough: that is no failure of ours.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(code ?? process.exitCode ?? 0);
  });

runCommandLine(process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  now: Date.now,
  random: () => randomBytes(8),
  sleep: (milliseconds) => setTimeout(milliseconds, undefined, { signal: interrupted.signal }),
  signal: interrupted.signal,
  hurry: hurry.signal,
  startSandbox: (options) => (require("./sandbox") as { startSandbox(options: object): Promise<RunningSandbox> }).startSandbox(options),
}).then((ended) => {
  process.exitCode = code ?? ended;
  if (hurry.signal.aborted) process.exit();
});
