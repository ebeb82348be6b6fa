/** The parts of the repository that are made of the declarations of the actions' inputs and outputs. */
import * as path from "node:path";
import { stringify } from "yaml";
import * as cleanup from "../../action/cleanup/declaration";
import type { InputDeclaration } from "../../action/input-declaration";
import * as token from "../../action/token/declaration";

export const root = path.resolve(__dirname, "../..");

interface Action {
  readonly about: {
    readonly name: string;
    readonly description: string;
    readonly branding: { readonly icon: string; readonly color: string };
  };
  readonly declaration: string;
  readonly readme: string;
  readonly inputs: Readonly<Record<string, InputDeclaration>>;
  readonly outputs: Readonly<Record<string, string>>;
  /** What runs, by the path of the `action.yml` that says so. */
  readonly runs: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const actions: Readonly<Record<"cleanup" | "token", Action>> = {
  cleanup: {
    about: {
      name: "Container registry cleanup",
      description: "Deletes what nobody needs from Docker, OCI and Selectel registries: plans first, says why, never breaks what stays.",
      branding: { icon: "filter", color: "blue" },
    },
    declaration: "action/cleanup/declaration.ts",
    readme: "action/cleanup/README.md",
    inputs: cleanup.inputs,
    outputs: cleanup.outputs,
    // The Marketplace lists the one at the root only.
    runs: {
      "action.yml": { main: "action/cleanup/dist/index.cjs" },
      "action/cleanup/action.yml": { main: "dist/index.cjs" },
    },
  },
  token: {
    about: {
      name: "Container registry token",
      description: "A registry token that can do only what the next steps need, for as long as they take; it is revoked after the job.",
      branding: { icon: "key", color: "blue" },
    },
    declaration: "action/token/declaration.ts",
    readme: "action/token/README.md",
    inputs: token.inputs,
    outputs: token.outputs,
    runs: { "action/token/action.yml": { main: "dist/main.cjs", post: "dist/post.cjs" } },
  },
};

/** The text of each `action.yml`, by its path. */
export function manifests(): Record<string, string> {
  return Object.fromEntries(
    Object.values(actions).flatMap((action) => Object.entries(action.runs).map(([file, runs]) => [file, manifest(action, runs)])),
  );
}

function manifest({ about: { branding, ...about }, declaration, inputs, outputs }: Action, runs: Readonly<Record<string, string>>): string {
  const document = {
    ...about,
    author: "registry-as-code",
    branding,
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, { required: false, ...input }])),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, description]) => [name, { description }])),
    runs: { using: "node24", ...runs },
  };
  const head = `# Made of ${declaration} by \`npm run docs\`. A test fails when it is stale.\n`;
  return head + stringify(document, { lineWidth: 0, defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" });
}

const begin = (name: string) => `<!-- ${name}: made by \`npm run docs\` -->`;
const end = "<!-- end -->";

/** A README with its tables as they should be. */
export function withTables(readme: string, { inputs, outputs }: Pick<Action, "inputs" | "outputs"> = actions.cleanup): string {
  return [
    ["inputs", inputTable(inputs)],
    ["outputs", outputTable(outputs)],
  ].reduce((text, [name = "", table = ""]) => replaced(text, name, table), readme);
}

function replaced(text: string, name: string, table: string): string {
  const from = text.indexOf(begin(name));
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`The README has no place for the table of ${name}: ${begin(name)} … ${end}`);
  return `${text.slice(0, from)}${begin(name)}\n\n${table}\n\n${text.slice(to)}`;
}

function inputTable(inputs: Action["inputs"]): string {
  const rows = Object.entries(inputs).map(([name, input]) => [
    `\`${name}\``,
    input.default === undefined ? "" : `\`${input.default}\``,
    input.description,
  ]);
  return table(["input", "default", "meaning"], rows);
}

const outputTable = (outputs: Action["outputs"]): string =>
  table(
    ["output", "content"],
    Object.entries(outputs).map(([name, description]) => [`\`${name}\``, description]),
  );

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
