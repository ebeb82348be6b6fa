import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import * as path from "node:path";

const root = path.join(__dirname, "..", "..");

/** Committed files and those that would be; undefined where the project is no git checkout. */
function committed(): string[] | undefined {
  try {
    const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return listed.split("\0").filter((file) => file !== "" && statSync(path.join(root, file), { throwIfNoEntry: false })?.isFile());
  } catch {
    return undefined;
  }
}

const files = committed();
const rule = files ? it : it.skip;
const holding = (pattern: RegExp): string[] => (files ?? []).filter((file) => pattern.test(readFileSync(path.join(root, file), "utf8")));
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

describe(`committed files${files ? "" : " (not a git checkout)"}`, () => {
  rule("leave it to the machine where packages come from", () => {
    // Put together here, or this file would be found.
    const hosts = [
      ["registry", "npmjs", "org"],
      ["registry", "yarnpkg", "com"],
      ["pypi", "org"],
      ["proxy", "golang", "org"],
      ["deb", "debian", "org"],
    ].map((host) => host.join("."));
    expect(holding(new RegExp(hosts.map(escaped).join("|")))).toEqual([]);
    expect(holding(/"resolved": "/).filter((file) => file.endsWith("package-lock.json"))).toEqual([]);
  });

  rule("name no folder of the machine that they were written on", () => {
    expect(holding(new RegExp(`${escaped(root)}(?![\\w-])`))).toEqual([]);
  });

  rule("hold nothing that is built", () => {
    expect((files ?? []).filter((file) => /(^|\/)(node_modules|\.cache|bin)\/|^dist\/|\.tgz$/.test(file))).toEqual([]);
  });
});
