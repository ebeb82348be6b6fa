/**
 * `npm run bench`: what this package costs, beside what is done without it, in one run. The tables go to stdout, everything as JSON to
 * `.cache/bench.json` (`--json <file>`: elsewhere). `--quick` shows within seconds that it works. With `--check` the exit code is 1 if a goal was missed.
 * `--only <part>` measures one of state, http, noop and cleanup (may be repeated). What cleanup is compared with comes by `npm run setup -- --bench`.
 * `--package <tarball>` measures a packed package in place of what was built in this checkout.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { cacheFolder } from "../setup/tools";
import { bench, PARTS } from "./bench";

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    quick: { type: "boolean" },
    check: { type: "boolean" },
    package: { type: "string" },
    only: { type: "string", multiple: true },
  },
});
const unknown = values.only?.find((part) => !PARTS.some((known) => known === part));
if (unknown !== undefined) throw new Error(`--only ${unknown} is not known. There are ${PARTS.join(", ")}.`);
const file = path.resolve(values.json ?? path.join(cacheFolder(), "bench.json"));

// Everything is on loopback; a proxy of the person's environment must not see it.
process.env.NO_PROXY = process.env.no_proxy = "127.0.0.1,localhost";

bench({
  quick: values.quick === true,
  ...(values.package === undefined ? {} : { tarball: path.resolve(values.package) }),
  ...(values.only && { parts: PARTS.filter((part) => values.only?.includes(part)) }),
  env: process.env,
  now: () => performance.now(),
  date: Date.now(),
  write: (text) => void process.stdout.write(text),
}).then(
  (result) => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
    process.stdout.write(`\n${path.relative(process.cwd(), file)} has all of it.\n`);
    if (values.check && !result.met) process.exitCode = 1;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
