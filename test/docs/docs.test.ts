import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import * as path from "node:path";
import ts from "typescript";
import { makeProgram, packOnce } from "../engine";
import { functionsOf } from "./functions";
import { anchors, blocks, links, type Page, page, paths, scripts, variables } from "./markdown";
import { readSources, root } from "./program";
import { reference } from "./reference";
import { resourcesOf } from "./resources";

jest.setTimeout(120_000);

const pages = [
  "README.md",
  "CHANGELOG.md",
  "provider/README.md",
  "provider/dtr-operations.md",
  "provider/policies.md",
  "provider/import/README.md",
  "action/command-line/README.md",
  ".github/CONTRIBUTING.md",
  "examples/docker-registry/README.md",
  "examples/dtr/README.md",
  "examples/policy-pack/README.md",
  "examples/registryui/README.md",
  "examples/selectel/README.md",
].map(page);
const readme = page("README.md");
/** What a policy pack has installed beside this package. */
const policySdk = { "@pulumi/policy": path.join(root, "node_modules", "@pulumi", "policy") };

describe("provider/README.md", () => {
  it("is what `npm run docs` makes of the sources", () => {
    expect(page("provider/README.md").text).toBe(reference());
  });
});

describe("the README", () => {
  it("lists every resource and every read function, and none that is not there", () => {
    const sources = readSources();
    const modules = ["dtr", "oci", "registryui", "selectel"];
    const tables = readme.text.split("\n").filter((line) => line.startsWith("| `"));
    const named = tables.flatMap((line) => /^\| `([a-z]+\.[A-Z]\w*)` +\|/.exec(line)?.[1] ?? []);
    expect(named.sort()).toEqual(
      modules.flatMap((module) => resourcesOf(module, sources).map(({ type }) => type.replace(":", "."))).sort(),
    );
    for (const module of modules) {
      const row = tables.find((line) => line.startsWith(`| \`${module}\` `)) ?? "";
      expect(
        [...row.matchAll(/`([a-z]\w+)`/g)]
          .slice(1)
          .map(([, name = ""]) => name)
          .sort(),
      ).toEqual(
        functionsOf(module, sources)
          .map(({ name }) => name)
          .sort(),
      );
    }
  });

  it("has programs that compile against the packed package", async () => {
    const programs = blocks(readme, "ts");
    expect(programs.length).toBeGreaterThanOrEqual(6);
    const files = Object.fromEntries(programs.map((text, index) => [`block${index + 1}.ts`, text]));
    const program = makeProgram({ files, module: "typescript", tarball: await packOnce(), links: policySdk });
    try {
      expect(problems(realpathSync(program.dir), Object.keys(files))).toEqual([]);
    } finally {
      program.remove();
    }
  });

  it("quotes the text that stands in users' states as it is, and keeps it short", () => {
    const source = readFileSync(path.join(root, "provider", "resources", "resource.ts"), "utf8");
    const [, before = "", after = ""] = /`(exports\.handler=[^`$]*)\$\{JSON\.stringify\(type\)\}([^`]*)`/.exec(source) ?? [];
    const text = `${before}"oci:Tag"${after}`;
    expect(readme.text).toContain(`\`${text}\``);
    expect(text.length).toBeLessThan(120);
  });
});

describe.each(pages)("$file", (found: Page) => {
  it("links to what is there", () => {
    const broken = links(found).filter(({ target, anchor }) => {
      const file = target === "" ? found.file : path.posix.join(path.posix.dirname(found.file), target);
      if (!existsSync(path.join(root, file))) return true;
      return anchor !== "" && !anchors(page(file)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it("names scripts, files and environment variables that exist", () => {
    // Written and checked by npm.
    const known = Object.keys(
      (JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { scripts: Record<string, string> }).scripts,
    );
    expect(scripts(found).filter((script) => !known.includes(script))).toEqual([]);
    expect(paths(found).filter((named) => !existsSync(path.join(root, named)))).toEqual([]);
    expect(variables(found).filter((name) => !sourceText().includes(name))).toEqual([]);
  });
});

function problems(dir: string, files: readonly string[]): string[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ["node"],
    typeRoots: [path.join(dir, "node_modules", "@types")],
  };
  const program = ts.createProgram(
    files.map((file) => path.join(dir, file)),
    options,
  );
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file ? path.basename(file.fileName) : ""} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
}

let sources: string | undefined;

/** All of the package's and the tests' sources but these. */
function sourceText(): string {
  sources ??= ["provider", "test"]
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => path.join(root, folder, file)),
    )
    .filter((file) => file.endsWith(".ts") && !file.startsWith(__dirname))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  return sources;
}
