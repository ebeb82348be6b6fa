import { setTimeout } from "node:timers/promises";
import * as core from "@actions/core";
import type * as OpenRegistry from "../../provider/cleanup/open-registry";
import type * as Octokit from "./octokit";
import { run } from "./run";

const interrupted = new AbortController();
const hurry = new AbortController();
let code: number | undefined;

// A runner that cancels sends SIGINT, after 7.5 seconds SIGTERM, and kills 2.5 seconds later.
for (const [signal, exitCode] of [["SIGINT", 130] as const, ["SIGTERM", 143] as const]) {
  process.on(signal, () => {
    if (code !== undefined) hurry.abort();
    code ??= exitCode;
    interrupted.abort(new Error(`${signal} was received`));
  });
}

run({
  workflow: core,
  env: process.env,
  now: Date.now,
  sleep: (milliseconds) => setTimeout(milliseconds, undefined, { signal: interrupted.signal }),
  signal: interrupted.signal,
  hurry: hurry.signal,
  // As in later.ts.
  openRegistry: (...given) => (require("../../provider/cleanup/open-registry") as typeof OpenRegistry).openImageRegistry(...given),
  openGitHub: (options) => (require("./octokit") as typeof Octokit).openOctokit(options),
}).then((failed) => {
  process.exitCode = code ?? failed;
  if (hurry.signal.aborted) process.exit();
});
