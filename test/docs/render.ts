/** provider/README.md, as Markdown. */
import type { ReadFunction } from "./functions";
import type { Property, Resource } from "./resources";
import type { Setting } from "./settings";

export interface Module {
  readonly name: string;
  readonly title: string;
  readonly resources: readonly Resource[];
  readonly functions: readonly ReadFunction[];
  readonly settings: readonly Setting[];
}

export interface Reference {
  readonly common: readonly Property[];
  readonly timeouts: Readonly<Record<string, string>>;
  readonly modules: readonly Module[];
}

/** The whole file. The same sources give the same text. */
export function render({ common, timeouts, modules }: Reference): string {
  const parts = [
    "# Resources and functions",
    "<!-- Generated from the sources by `npm run docs`. A test fails when it is stale. -->",
    "Generated from the declarations of the resources; the [README](../README.md) says how to begin.",
    contents(modules),
    "## How to read the tables",
    "Every input may be a plain value or an output of another resource. Beside its own inputs, every resource has these:",
    table(
      ["input", "type", "meaning"],
      common.map(({ name, type, doc }) => [code(name), code(type), doc]),
    ),
    `Each operation of a resource may take: ${limits(timeouts)}, where its own section does not say otherwise. \`timeouts\` changes that, and so does Pulumi's option \`customTimeouts\`.`,
    "The column *change* says what a new value of an input does: **updates** the object in place; **replaces** it, deleting the old object; is **noted**, which writes it to the state and sends nothing; or is **refused**, because the API has no call for it: the preview stops.",
    "Every input is an output as well, with the value that is in force. A secret output is encrypted in the state and shown as `[secret]`.",
    "`.get(name, id, state?, options?)` of each class reads an existing object without managing it.",
    ...modules.flatMap(moduleParts),
  ];
  return `${parts.join("\n\n")}\n`;
}

const contents = (modules: readonly Module[]): string =>
  modules
    .map(
      ({ name, resources }) =>
        `* [\`${name}\`](#${name}): ${resources.map(({ type }) => `[${classOf(type)}](#${anchor(type)})`).join(", ")}, [functions](#${name}-functions), [configuration](#${name}-configuration)`,
    )
    .join("\n");

function moduleParts({ name, title, resources, functions, settings }: Module): string[] {
  return [
    `## ${name}`,
    title,
    ...resources.flatMap(resourceParts),
    `### ${name} functions`,
    `Each has an \`Output\` form (\`${functions[0]?.name ?? "get"}Output\`) whose arguments may be outputs. The second argument takes \`provider\`, \`parent\` and \`signal\`.`,
    table(
      ["function", "arguments", "gives", "meaning"],
      functions.map((read) => [code(read.name), read.arguments.map(argument).join("<br>") || "none", code(read.result), read.doc]),
    ),
    ...results(functions),
    `### ${name} configuration`,
    `Arguments of \`new ${name}.Provider(name, { … })\`, keys of the stack's configuration, and environment variables (where there are several, the first that is set counts; with an explicit provider none of them is read).`,
    table(
      ["argument", "configuration", "environment", "meaning"],
      settings.map((setting) => [
        code(setting.name),
        `${code(setting.key)}${setting.secret ? " (`--secret`)" : ""}`,
        setting.variables.map(code).join(", ") || "none",
        setting.doc,
      ]),
    ),
  ];
}

function resourceParts({ type, doc, inputs, outputs, adoptable, timeouts }: Resource): string[] {
  const notes = [`Type \`pulumi-nodejs:dynamic/${type}\`.`];
  if (!adoptable) notes.push("`adopt` cannot be used.");
  if (Object.keys(timeouts).length > 0) notes.push(`Default timeouts: ${limits(timeouts)}.`);
  return [
    `### ${type.replace(":", ".")}`,
    doc,
    notes.join(" "),
    table(
      ["input", "type", "default", "change", "meaning"],
      inputs.map((input) => [
        code(input.name),
        code(input.type),
        input.required ? "**required**" : input.default === undefined ? "" : code(input.default),
        input.change,
        input.doc,
      ]),
    ),
    table(
      ["output", "type", "meaning"],
      outputs.map((output) => [code(output.name), code(output.type), output.secret ? `**Secret.** ${output.doc}` : output.doc]),
    ),
  ];
}

/** What the functions' results hold, each type once. */
function results(functions: readonly ReadFunction[]): string[] {
  const seen = new Set<string>();
  return functions.flatMap(({ name, result, properties }) => {
    const type = result.replace(/\[\]$/, "");
    if (properties.length === 0 || (type !== "object" && seen.has(type))) return [];
    seen.add(type);
    const what = type === "object" ? `What \`${name}\` gives` : `\`${type}\``;
    return [
      `${what}: ${properties.map((property) => `${code(property.name)} ${property.type}${property.doc === "" ? "" : ` (${lowered(property.doc)})`}`).join("; ")}.`,
    ];
  });
}

const argument = ({ name, type, required, doc }: ReadFunction["arguments"][number]): string =>
  `${code(`${name}${required ? "" : "?"}: ${type}`)}${doc === "" ? "" : ` ${lowered(doc)}`}`;

const lowered = (doc: string): string => doc.replace(/\.$/, "");

const limits = (timeouts: Readonly<Record<string, string>>): string =>
  Object.entries(timeouts)
    .map(([operation, duration]) => `${operation} ${duration}`)
    .join(", ");

const classOf = (type: string): string => type.slice(type.indexOf(":") + 1);

/** As GitHub makes it of the heading. */
const anchor = (type: string): string => type.replace(":", "").toLowerCase();

const code = (text: string): string => (text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``);

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replace(/\s*\n\s*/g, " ").replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
