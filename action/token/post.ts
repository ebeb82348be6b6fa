import * as core from "@actions/core";
import { openMinter } from "./open-minter";
import { runPost } from "./run-post";

// A job that is cancelled now still has the time to end its token: the runner kills in the end.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);

/** Milliseconds. A registry that is out of order must not hold up the job; the token ends by its expiry. */
const patience = 120_000;

runPost({ workflow: core, env: process.env, now: Date.now, deadline: AbortSignal.timeout(patience), openMinter });
