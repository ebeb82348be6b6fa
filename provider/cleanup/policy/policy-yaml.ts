import { LineCounter, parseDocument } from "yaml";
import { PolicyError } from "./policy-error";
import { Places } from "./yaml-places";

/** Aliases that a policy may use: more are a bomb. */
const mostAliases = 100;

/** A policy's YAML as data, with where everything stands in it. Throws PolicyError for what is broken or could be meant otherwise. */
export function parseYaml(text: string, file: string): { readonly value: unknown; readonly places: Places } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false, logLevel: "error" });
  const places = new Places(file, document, lines);
  // What the parser only warns of, a tag that it does not know, is a pattern with ! that has lost its quotes.
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined)
    throw new PolicyError(places.at(problem.pos[0]), `${problem.message.split("\n", 1)[0]}. ${yamlAdvice(problem.code)}`);
  try {
    return { value: document.toJS({ maxAliasCount: mostAliases }), places };
  } catch (cause) {
    const unresolved = places.ofUnresolvedAlias();
    const message = cause instanceof Error ? cause.message : String(cause);
    if (unresolved !== undefined) throw new PolicyError(unresolved, `${message}. ${yamlAdvice("BAD_ALIAS")}`, { cause });
    throw new PolicyError(file, `${message}. Write out what the aliases repeat.`, { cause });
  }
}

function yamlAdvice(code: string): string {
  if (code === "DUPLICATE_KEY") return "Give each key once.";
  if (code === "TAG_RESOLVE_FAILED" || code === "BAD_ALIAS") return 'Patterns that begin with * or ! need quotes: "*-rc", "!v1".';
  if (code === "MULTIPLE_DOCS") return "A policy is one document.";
  return "Correct the YAML.";
}
