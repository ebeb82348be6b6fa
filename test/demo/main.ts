/**
 * `npm run demo`: a Pulumi program on two simulated registries, from the first preview to the last destroy, told step by step. Each step is
 * checked; the exit code is 1 if one did not do what is said. `--out <folder>` says where state and full output are kept (default `.demo`); `--package <tarball>`
 * runs a packed package in place of what was built in this checkout.
 */
import { constants } from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { demo } from "./demo";
import { paintFor } from "./paint";
import { Interrupted } from "./play";

const { values } = parseArgs({ options: { out: { type: "string" }, package: { type: "string" } } });
const interruption = new AbortController();
let close: () => Promise<void> = async () => undefined;

// Everything is on loopback; a proxy of the person's environment must not see it, nor the engine's own connections.
process.env.NO_PROXY = process.env.no_proxy = "127.0.0.1,localhost";

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  // In a terminal the signal comes twice: to the whole process group, and from npm.
  process.on(signal, () => {
    if (interruption.signal.aborted) return;
    interruption.abort();
    void close().finally(() => {
      process.stderr.write(`\n${signal}: stopped. Nothing is left running, and nothing is left behind.\n`);
      process.exit(128 + constants.signals[signal]);
    });
  });
}

demo({
  folder: path.resolve(values.out ?? path.join(__dirname, "..", "..", ".demo")),
  ...(values.package === undefined ? {} : { tarball: path.resolve(values.package) }),
  env: process.env,
  write: (text) => void process.stdout.write(text),
  paint: paintFor(process.stdout, process.env),
  now: () => performance.now(),
  interrupted: interruption.signal,
  opened: (given) => {
    close = given;
  },
}).then(
  (good) => {
    process.exitCode = good ? 0 : 1;
  },
  async (error: unknown) => {
    if (error instanceof Interrupted || interruption.signal.aborted) return; // the handler above ends the process
    await close();
    console.error(error);
    process.exitCode = 1;
  },
);
