/** How a module is configured: the arguments of its explicit provider, its configuration keys, and the environment variables that it reads. */
import ts from "typescript";
import { constant, find, type Sources, texts } from "./program";
import { type Property, propertiesOf } from "./resources";

export interface Setting extends Property {
  /** `oci:url`. */
  readonly key: string;
  readonly secret: boolean;
  /** In the order in which they are asked. */
  readonly variables: readonly string[];
}

export function settingsOf(module: string, sources: Sources): Setting[] {
  const file = sources.file(`provider/resources/${module}/provider.ts`);
  const args = [...find(file, ts.isInterfaceDeclaration)].find(({ name }) => name.text === "ProviderArgs");
  if (!args) throw new Error(`${module} has no ProviderArgs`);
  const secrets = secretsOf(file);
  const variables = variablesOf(module, sources);
  return propertiesOf(args, sources).map((property) => ({
    ...property,
    key: `${module}:${property.name}`,
    secret: secrets.includes(property.name),
    variables: variables[property.name] ?? [],
  }));
}

function secretsOf(file: ts.SourceFile): string[] {
  for (const property of find(file, ts.isPropertyAssignment)) if (property.name.getText() === "secrets") return texts(property.initializer);
  throw new Error(`${file.fileName} does not say which settings are secret`);
}

/** They lie in a table; those of `oci` are named after the setting. */
function variablesOf(module: string, sources: Sources): Record<string, readonly string[]> {
  if (module !== "oci") {
    const table = constant(sources.file(`provider/registries/${module}/env.ts`), "names");
    return Object.fromEntries([...find(table, ts.isPropertyAssignment)].map((entry) => [entry.name.getText(), texts(entry.initializer)]));
  }
  const text = sources.file(`provider/resources/${module}/module.ts`).getFullText();
  const read = new Set([...text.matchAll(/\benv\.([A-Z_]+)\b/g)].map(([, name = ""]) => name));
  return Object.fromEntries([...read].map((name) => [name.replace(`${module.toUpperCase()}_REGISTRY_`, "").toLowerCase(), [name]]));
}
