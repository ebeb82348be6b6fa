import { readFileSync } from "node:fs";
import * as path from "node:path";

interface Entry {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly os?: readonly string[];
}

const lockfile: { readonly packages: Readonly<Record<string, Entry>> } = JSON.parse(
  readFileSync(path.join(__dirname, "..", "..", "package-lock.json"), "utf8"),
);

/** Where Node finds a package from another one. */
function found(from: string, name: string): Entry | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    const entry = lockfile.packages[folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`];
    if (entry || folder === "" || !folder.includes("/node_modules/")) return entry ?? lockfile.packages[`node_modules/${name}`];
  }
}

describe("the lockfile", () => {
  // A registry that does not carry the packages of other systems makes `npm install` leave them out, and then `npm ci` fails everywhere.
  it("has the optional packages of every system, not only of the one on which it was written", () => {
    const wanted = Object.entries(lockfile.packages).flatMap(([from, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).map((name) => ({ from, name })),
    );
    expect(wanted.length).toBeGreaterThan(30);
    expect(
      wanted.filter(({ from, name }) => found(from, name)?.version === undefined).map(({ from, name }) => `${name} of ${from}`),
    ).toEqual([]);
  });
});
