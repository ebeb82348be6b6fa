import { isDeepStrictEqual } from "node:util";
import type { Raw } from "../resources/declaration";
import { called, comment, Expression } from "./code";
import type { Existing } from "./found";
import type { Lookup } from "./lookup";
import type { Names } from "./names";
import type { Source } from "./source";
import type { ImportSecret } from "./types";

/** A resource with its names, in the order of the program. */
export interface Entry {
  readonly existing: Existing;
  readonly names: Names;
}

/** The program's text, and the configuration secrets that it requires. */
export function writeProgram(source: Source, entries: readonly Entry[]): { program: string; secrets: readonly ImportSecret[] } {
  const used = new Set<string>();
  const secrets: ImportSecret[] = [];
  const written = new Map<string, string>();
  const lookup: Lookup = {
    variable: (kind, key) => {
      const variable = written.get(`${kind} ${key}`);
      if (variable !== undefined) used.add(variable);
      return variable;
    },
  };
  // Arguments first: only then it is known which resources are referred to and need a variable.
  const drafts = entries.map(({ existing, names }) => {
    const { kind, inputs, id } = existing;
    const draft = {
      existing,
      names,
      args: argumentsOf(source, existing, names, lookup, secrets),
      after: source.after?.(kind, inputs, lookup) ?? [],
    };
    const key = source.key(kind, inputs, id);
    if (key !== undefined) written.set(`${kind} ${key}`, names.variable);
    return draft;
  });

  let last: Existing | undefined;
  let body = "";
  for (const [index, { existing, names, args, after }] of drafts.entries()) {
    const { section, kind } = existing;
    if (section.title !== last?.section.title) {
      body += `\n${comment(`---- ${section.title} ----`)}${section.remark ? comment(section.remark) : ""}\n`;
    } else if (
      !together(last, existing) &&
      (together(existing, drafts[index + 1]?.existing) || together(drafts[index - 2]?.existing, last))
    )
      body += "\n";
    last = existing;
    const remark = source.remark?.(kind, existing.inputs);
    if (remark) body += comment(remark);
    const start = `${used.has(names.variable) ? `const ${names.variable} = ` : ""}new ${source.module}.${kind}`;
    body += called(start, [names.resource, args, ...(after.length > 0 ? [{ dependsOn: after }] : [])]);
  }
  return { program: heading(source, body, secrets) + body, secrets };
}

/** Whether two resources stand without a blank line between them: what belongs to one repository does. */
const together = (one: Existing | undefined, other: Existing | undefined): boolean =>
  one !== undefined && other !== undefined && one.section.title === other.section.title && one.under === other.under;

/** Inputs as the program declares them: without defaults, with references, and with secrets from the configuration. */
function argumentsOf(source: Source, existing: Existing, { variable }: Names, lookup: Lookup, secrets: ImportSecret[]): Raw {
  const { kind, inputs, defaults, secretInputs, label } = existing;
  const args: Raw = {};
  for (const [name, value] of Object.entries(inputs)) {
    if (isDeepStrictEqual(value, defaults[name])) continue;
    if (secretInputs.includes(name)) {
      const key = `${variable}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      secrets.push({ key, comment: `${name} of ${kind} ${label}: inputs.${name} of the same resource in the import file holds it` });
      args[name] = new Expression(`config.requireSecret(${JSON.stringify(key)})`);
    } else args[name] = source.references[kind]?.[name]?.(value, inputs, lookup) ?? value;
  }
  return args;
}

function heading({ module, configuration }: Source, body: string, secrets: readonly ImportSecret[]): string {
  const settings = Object.entries(configuration).map(([key, value]) => `  pulumi config set ${key} ${shellWord(value)}`);
  const lines = [
    "What exists on the registry, as a program. Written by `registry-as-code import`; it is yours from now on.",
    "",
    "Configuration that it needs, beside the credentials:",
    ...settings,
    ...secrets.map(({ key, comment: about }) => `  pulumi config set --secret ${key}   # ${about}`),
    "",
    "Then: `pulumi import --file FILE --generate-code=false`, and `pulumi preview` shows no change. The first `pulumi up` changes nothing on the",
    "registry; it writes into the state what depends on what, and takes the protection away with which Pulumi imports. From then on, what you take out",
    "of this program is deleted on the registry, and all of it by `pulumi destroy`: give `protect` or `retainOnDelete` to what must stay.",
  ];
  const needsPulumi = secrets.length > 0 || body.includes("pulumi.interpolate`");
  return [
    lines.map((line) => (line === "" ? "//\n" : comment(line))).join(""),
    "\n",
    needsPulumi ? 'import * as pulumi from "@pulumi/pulumi";\n' : "",
    `import { ${module} } from "registry-as-code";\n`,
    secrets.length > 0 ? "\nconst config = new pulumi.Config();\n" : "",
  ].join("");
}

/** As a shell takes it: a path may hold anything. */
const shellWord = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
