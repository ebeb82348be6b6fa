import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { install, packOnce } from "../engine";

jest.setTimeout(120_000);

const root = path.join(__dirname, "..", "..");

describe("the tarball", () => {
  const scratch = mkdtempSync(path.join(tmpdir(), "tarball-"));
  const folder = path.join(scratch, "node_modules", "registry-as-code");
  let tarball: string;
  let files: string[];
  beforeAll(async () => {
    tarball = await packOnce();
    install(scratch, tarball);
    files = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => statSync(path.join(folder, file)).isFile())
      .map((file) => file.replaceAll("\\", "/"))
      .sort();
  });
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  it("holds licence, texts, programs and their types, and nothing else", () => {
    const beside = files.filter((file) => !file.startsWith("dist/"));
    expect(beside).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "package.json",
      "schemas/plan.schema.json",
      "schemas/policy.schema.json",
    ]);
    expect(files.filter((file) => file.startsWith("dist/") && !/\.(js|js\.map|d\.ts)$/.test(file))).toEqual([
      "dist/command-line.cjs",
      "dist/command-line.licenses.txt",
    ]);
  });

  it("holds only what its entries need: no tests, nor what tests alone use", () => {
    const entries = Object.values(manifest().exports).flatMap((target) => (typeof target === "string" ? [] : Object.values(target)));
    const needed = new Set<string>();
    const visit = (file: string): void => {
      if (needed.has(file) || !files.includes(file)) return;
      needed.add(file);
      const text = readFileSync(path.join(folder, file), "utf8");
      for (const [, target = ""] of text.matchAll(/(?:from|require\(|import\()\s*"(\.{1,2}(?:\/[^"]*)?)"/g)) {
        const named = path.posix.join(path.posix.dirname(file), target);
        for (const end of [".js", ".d.ts", "/index.js", "/index.d.ts"]) visit(`${named}${end}`);
      }
    };
    for (const entry of [...entries, ...Object.values(manifest().bin).map((file) => `./${file}`)]) visit(entry.slice(2));
    expect(files.filter((file) => /\.(js|d\.ts)$/.test(file) && !needed.has(file))).toEqual([]);
  });

  it("has types for every program, and a source for both", () => {
    const programs = files.filter((file) => file.endsWith(".js"));
    expect(programs.length).toBeGreaterThan(50);
    expect(programs.filter((file) => !files.includes(file.replace(/\.js$/, ".d.ts")))).toEqual([]);
    const sourceOf = (file: string) =>
      file
        .replace(/^dist\/sandbox\//, "test/sandbox/")
        .replace(/^dist\//, "provider/")
        .replace(/\.js$/, ".ts");
    // What is left over from an earlier build has none.
    expect(programs.filter((file) => !existsSync(path.join(root, sourceOf(file))))).toEqual([]);
  });

  it("gives every subpath of its exports map, types first", () => {
    const { exports, typesVersions } = manifest();
    for (const [subpath, target] of Object.entries(exports)) {
      const targets = typeof target === "string" ? [target] : Object.values(target);
      const isGiven = (file: string) => {
        const [before = "", after] = file.slice(2).split("*");
        return files.some((given) => (after === undefined ? given === before : given.startsWith(before) && given.endsWith(after)));
      };
      expect(targets.filter((file) => !isGiven(file))).toEqual([]);
      if (typeof target !== "string") expect(Object.keys(target)).toEqual(["types", "default"]);
      const name = subpath.slice(2);
      // For moduleResolution node10, which knows no exports map.
      if (typeof target !== "string" && name !== "") expect(typesVersions["*"][name]).toEqual([target.types?.slice(2)]);
    }
  });

  it("names no path of the machine that it was built on", () => {
    const naming = files.filter((file) => {
      const text = readFileSync(path.join(folder, file), "utf8");
      return text.includes(root) || text.includes(root.replaceAll("\\", "\\\\"));
    });
    expect(naming).toEqual([]);
  });

  it("needs few packages and Pulumi itself, and runs no script when it is installed", () => {
    const { dependencies, peerDependencies, peerDependenciesMeta, scripts } = manifest();
    expect(Object.keys(dependencies).sort()).toEqual(["picomatch", "re2js", "semver", "undici", "yaml", "zod"]);
    expect(Object.keys(peerDependencies)).toEqual(["@pulumi/policy", "@pulumi/pulumi"]);
    expect(Object.keys(peerDependenciesMeta)).toEqual(["@pulumi/policy"]);
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
  });

  it("stays small", () => {
    expect(statSync(tarball).size).toBeLessThan(2_400_000);
    expect(files.reduce((sum, file) => sum + statSync(path.join(folder, file)).size, 0)).toBeLessThan(8_500_000);
  });

  /** Written by us, checked by npm. */
  const manifest = () =>
    JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as {
      exports: Record<string, string | Record<string, string>>;
      typesVersions: { "*": Record<string, string[]> };
      dependencies: Record<string, string>;
      peerDependencies: Record<string, string>;
      peerDependenciesMeta: Record<string, { optional: boolean }>;
      bin: Record<string, string>;
      scripts: Record<string, string>;
    };
});
