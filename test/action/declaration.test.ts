import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { inputNames, inputs, outputNames, outputs } from "../../action/cleanup/declaration";
import { fieldsOf } from "../../action/cleanup/fields";
import { connectionInputNames } from "../../action/connection-inputs";
import { manifests, root, withTables } from "./manifests";

const read = (file: string): string => readFileSync(path.join(root, file), "utf8");

describe.each(["action.yml", "action/cleanup/action.yml"])("%s", (file) => {
  const manifest = parse(read(file));

  it("is what `npm run docs` makes", () => {
    expect(read(file)).toBe(manifests()[file]);
  });

  it("declares every input and output of the program with its default and description, and no other", () => {
    expect(manifest.inputs).toEqual(
      Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, { required: false, ...input }])),
    );
    expect(Object.keys(manifest.outputs)).toEqual(outputNames);
    expect(Object.keys(manifest.inputs)).toEqual(Object.keys(fieldsOf("glob", 0).shape));
  });

  it("runs the one bundle on Node 24", () => {
    expect(manifest.runs.using).toBe("node24");
    expect(path.join(path.dirname(file), manifest.runs.main)).toBe("action/cleanup/dist/index.cjs");
  });

  it("is what the Marketplace takes", () => {
    expect(manifest.description.length).toBeLessThanOrEqual(125);
    expect(manifest.branding).toEqual({ icon: expect.any(String), color: "blue" });
  });
});

describe("inputs", () => {
  it("are spelt in kebab case, with a sentence that says what they are, and defaults as text", () => {
    for (const name of inputNames) {
      const input: { readonly description: string; readonly default?: unknown } = inputs[name];
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(input.description).toMatch(/^\S.{10,}\.$/);
      expect(["string", "undefined"]).toContain(typeof input.default);
    }
  });

  it("of the connection come first", () => {
    expect(inputNames.slice(0, connectionInputNames.length)).toEqual(connectionInputNames);
  });
});

describe("outputs", () => {
  it("are named nowhere in the program but in the declaration and where their values are", () => {
    const sources = readdirSync(path.join(root, "action/cleanup")).filter((file) => file.endsWith(".ts"));
    const setting = sources.filter((file) => read(`action/cleanup/${file}`).includes("setOutput("));
    expect(setting.sort()).toEqual(["run.ts", "workflow.ts"]);
    expect(Object.values(outputs).every((description) => description.endsWith("."))).toBe(true);
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
