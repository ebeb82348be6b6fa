/** Times without a zone, as programs cut them out of `toISOString()` or write them by the local clock. */
import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { NOW } from "./cases";

jest.setTimeout(60_000);

const SCRIPT = `
const { registryPolicies } = require("./provider/policies");
const now = Number(process.argv[1]);
const policy = registryPolicies({}, { now: () => now }).find(({ name }) => name === "garbage-collection-is-rare");
const iso = new Date(now).toISOString();
const local = new Date(now - new Date(now).getTimezoneOffset() * 60_000).toISOString();
const later = new Date(now + 300_000).toISOString();
const found = {};
for (const at of [iso, iso.slice(0, 19), iso.slice(0, 16), iso.slice(0, 19).replace("T", " "), local.slice(0, 19), String(new Date(now)), new Date(now).toUTCString(), iso.slice(0, 10), later, later.slice(0, 19)]) {
  let said = 0;
  const type = "pulumi-nodejs:dynamic/registryui:GarbageCollection";
  policy.validateResource({ type, urn: "urn:pulumi:dev::p::" + type + "::gc", props: { triggers: { at } }, getConfig: () => ({}) }, () => said++);
  (found[said] ??= []).push(at);
}
console.log(JSON.stringify([found[1].length, found[0]]));
`;

describe("garbage-collection-is-rare", () => {
  it.each(["UTC", "Asia/Tokyo", "America/New_York", "Asia/Kolkata"])(
    "knows the time of this run, in UTC and by the clock of %s",
    (zone) => {
      const { JEST_WORKER_ID: _worker, NODE_OPTIONS: _options, ...env } = process.env;
      const answer = execFileSync(process.execPath, ["--import", "tsx", "-e", SCRIPT, String(NOW)], {
        cwd: path.join(__dirname, "..", ".."),
        env: { ...env, TZ: zone },
        encoding: "utf8",
      });
      // A day is no time, and five minutes from now is another time.
      expect(JSON.parse(answer)).toEqual([7, ["2030-01-01", "2030-01-01T12:05:00.000Z", "2030-01-01T12:05:00"]]);
    },
  );
});
