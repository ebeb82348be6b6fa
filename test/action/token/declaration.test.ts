import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { connectionInputNames } from "../../../action/connection-inputs";
import { inputNames, inputs, outputs } from "../../../action/token/declaration";
import { fields } from "../../../action/token/fields";
import { itDeclares, itSpells } from "../declares";
import { actions, manifests, root, withTables } from "../manifests";

const read = (file: string): string => readFileSync(path.join(root, file), "utf8");
const manifest = parse(read("action/token/action.yml"));

describe("action/token/action.yml", () => {
  it("is what `npm run docs` makes", () => {
    expect(read("action/token/action.yml")).toBe(manifests()["action/token/action.yml"]);
  });

  itDeclares(manifest, { inputs, outputs });

  it("has an input for every field that the program reads, and no other", () => {
    expect(Object.keys(manifest.inputs).sort()).toEqual(Object.keys(fields.shape).sort());
  });

  it("runs both stages on Node 24, the second one in any case", () => {
    expect(manifest.runs).toEqual({ using: "node24", main: "dist/main.cjs", post: "dist/post.cjs" });
  });
});

describe("inputs and outputs", () => {
  itSpells({ inputs, outputs });

  it("of the connection are those of the cleanup", () => {
    expect(Object.keys(actions.cleanup.inputs).slice(0, connectionInputNames.length)).toEqual(connectionInputNames);
  });

  it("are handed out in one place", () => {
    const sources = readdirSync(path.join(root, "action/token")).filter((file) => file.endsWith(".ts"));
    const setting = sources.filter((file) => read(`action/token/${file}`).includes("setOutput("));
    expect(setting.sort()).toEqual(["deliver.ts", "workflow.ts"]);
  });
});

describe("the README", () => {
  const readme = read("action/token/README.md");

  it("has the tables of the declaration", () => {
    expect(readme).toBe(withTables(readme, actions.token));
  });

  it("names no input that there is not", () => {
    const named = [...readme.matchAll(/^ {10}([a-z-]+):/gm)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(10);
    for (const name of named) if (name !== "REGISTRY") expect(inputNames).toContain(name);
  });

  it("cites what the program says", () => {
    const cited = [...readme.matchAll(/^\| `([^`]+)` \| (?!.*\| .* \|)/gm)].map(([, text = ""]) => text);
    const trouble = cited.slice(-8);
    const sources = ["action/token", "action", "provider/tokens", "provider/tokens/oci", "provider/tokens/selectel"]
      .flatMap((folder) =>
        readdirSync(path.join(root, folder))
          .filter((file) => file.endsWith(".ts"))
          .map((file) => read(`${folder}/${file}`)),
      )
      .join("\n");
    expect(trouble).toContain("has no token server");
    for (const text of trouble.filter((one) => !one.includes(": ") && !one.includes("…"))) expect(sources).toContain(text);
  });
});
