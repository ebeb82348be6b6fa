import { randomBytes } from "node:crypto";
import * as core from "@actions/core";
import { openMinter } from "./open-minter";
import { runMain } from "./run-main";

const interrupted = new AbortController();
let code: number | undefined;

// A runner that cancels sends SIGINT, after 7.5 seconds SIGTERM, and kills 2.5 seconds later: until then a token can be taken back.
for (const [signal, exitCode] of [["SIGINT", 130] as const, ["SIGTERM", 143] as const]) {
  process.on(signal, () => {
    code ??= exitCode;
    interrupted.abort(new Error(`${signal} was received`));
  });
}

runMain({
  workflow: core,
  env: process.env,
  now: Date.now,
  random: () => randomBytes(8),
  signal: interrupted.signal,
  openMinter,
}).then((failed) => {
  process.exitCode = code ?? failed;
});
