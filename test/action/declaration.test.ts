import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { inputNames, inputs, outputNames, outputs } from "../../action/cleanup/declaration";
import { fieldsOf } from "../../action/cleanup/fields";
import { itDeclares, itSpells } from "./declares";
import { manifests, root, withTables } from "./manifests";

const read = (file: string): string => readFileSync(path.join(root, file), "utf8");

describe.each(["action.yml", "action/cleanup/action.yml"])("%s", (file) => {
  const manifest = parse(read(file));

  it("is what `npm run docs` makes", () => {
    expect(read(file)).toBe(manifests()[file]);
  });

  itDeclares(manifest, { inputs, outputs });

  it("has an input for every field that the program reads, and no other", () => {
    expect(Object.keys(manifest.inputs)).toEqual(Object.keys(fieldsOf("glob", 0).shape));
  });

  it("runs the one bundle on Node 24", () => {
    expect(manifest.runs.using).toBe("node24");
    expect(path.join(path.dirname(file), manifest.runs.main)).toBe("action/cleanup/dist/index.cjs");
  });
});

describe("inputs and outputs", () => itSpells({ inputs, outputs }));

describe("outputs", () => {
  it("are named nowhere in the program but in the declaration and where their values are", () => {
    const sources = readdirSync(path.join(root, "action/cleanup")).filter((file) => file.endsWith(".ts"));
    const setting = sources.filter((file) => read(`action/cleanup/${file}`).includes("setOutput("));
    expect(setting.sort()).toEqual(["run.ts", "workflow.ts"]);
  });
});

describe("the README", () => {
  it("has the tables of the declaration", () => {
    const readme = read("action/cleanup/README.md");
    expect(readme).toBe(withTables(readme));
  });

  it("names no input or output that there is not", () => {
    const known: readonly string[] = [...inputNames, ...outputNames];
    const workflows = [...read("action/cleanup/README.md").matchAll(/^ {10}([a-z-]+):/gm)].map(([, name]) => name);
    expect(workflows.length).toBeGreaterThan(10);
    for (const name of workflows) expect(known).toContain(name);
  });
});
