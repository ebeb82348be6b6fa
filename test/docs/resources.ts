/** Resource types, from their declarations: `export class Tag extends resource<TagInputs, TagOutputs, Client>({ … }) {}`. */
import ts from "typescript";
import { constant, docOf, find, member, type Sources, textEntries, texts } from "./program";

export interface Property {
  readonly name: string;
  readonly type: string;
  readonly doc: string;
}

export interface Input extends Property {
  readonly required: boolean;
  /** As it is written in the schema: `"read"`, `true`. */
  readonly default?: string;
  /** What a change of it does. `noted` is written to the state and sends nothing; `refused` stops the preview. */
  readonly change: "updates" | "replaces" | "noted" | "refused";
}

export interface Output extends Property {
  readonly secret: boolean;
}

export interface Resource {
  /** `oci:Tag`. */
  readonly type: string;
  readonly doc: string;
  readonly inputs: readonly Input[];
  readonly outputs: readonly Output[];
  readonly adoptable: boolean;
  readonly timeouts: Readonly<Record<string, string>>;
}

/** The resource types that a module exports, in the order of its index. */
export function resourcesOf(module: string, sources: Sources): Resource[] {
  const { checker } = sources;
  const index = checker.getSymbolAtLocation(sources.file(`provider/resources/${module}/index.ts`));
  if (!index) throw new Error(`${module} exports nothing`);
  return checker
    .getExportsOfModule(index)
    .map((exported) => (exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported))
    .flatMap((symbol) => {
      const declaration = symbol.valueDeclaration;
      return declaration && ts.isClassDeclaration(declaration) ? resourceOf(declaration, symbol, sources) : [];
    });
}

/** What the frame allows where a resource says nothing. */
export const frameTimeouts = (sources: Sources): Record<string, string> =>
  textEntries(constant(sources.file("provider/resources/lifecycle.ts"), "DEFAULT_TIMEOUTS"));

/** The inputs that every resource has. */
export function commonInputs(sources: Sources): Property[] {
  for (const found of find(sources.file("provider/resources/declaration.ts"), ts.isInterfaceDeclaration)) {
    if (found.name.text === "CommonInputs") return propertiesOf(found, sources);
  }
  throw new Error("declaration.ts has no CommonInputs");
}

function resourceOf(declaration: ts.ClassDeclaration, symbol: ts.Symbol, sources: Sources): Resource[] {
  const call = declaration.heritageClauses?.[0]?.types[0]?.expression;
  if (!call || !ts.isCallExpression(call) || call.expression.getText() !== "resource") return [];
  const [literal] = call.arguments;
  const [inputs, outputs] = call.typeArguments ?? [];
  if (!literal || !ts.isObjectLiteralExpression(literal) || !inputs || !outputs)
    throw new Error(`${symbol.name}: not a declaration as this generator knows it`);
  const schema = member(literal, "inputs");
  if (!schema || !ts.isObjectLiteralExpression(schema)) throw new Error(`${symbol.name}: its inputs are not written in the declaration`);
  const type = member(literal, "type");
  if (!type || !ts.isStringLiteral(type)) throw new Error(`${symbol.name}: its type is not written in the declaration`);

  const handling = texts(member(literal, "handling"));
  const replaces = member(literal, "update") ? texts(member(literal, "replaceOn")) : undefined;
  const refused = refusedBy(member(literal, "unchangeable"));
  const change = (name: string): Input["change"] => {
    if (refused.includes(name)) return "refused";
    if (handling.includes(name)) return "noted";
    return replaces === undefined || replaces.includes(name) ? "replaces" : "updates";
  };
  const secrets = texts(member(literal, "secrets"));
  return [
    {
      type: type.text,
      doc: docOf(symbol, sources.checker),
      inputs: declaredIn(inputs, sources).map((property) => ({
        ...property,
        required: !property.optional,
        ...defaultOf(member(schema, property.name)),
        change: change(property.name),
      })),
      outputs: declaredIn(outputs, sources).map((property) => ({
        ...property,
        secret: secrets.includes(property.name),
      })),
      adoptable: member(literal, "notAdoptable") === undefined,
      timeouts: textEntries(member(literal, "timeouts")),
    },
  ];
}

/** The properties of the failures that `unchangeable` gives, by itself or by the functions of its file that it calls. */
function refusedBy(rule: ts.Node | undefined): string[] {
  if (!rule) return [];
  const called = new Set([...find(rule, ts.isCallExpression)].map(({ expression }) => expression.getText()));
  const functions = [...find(rule.getSourceFile(), ts.isFunctionDeclaration)].filter(({ name }) => name && called.has(name.text));
  const properties = [rule, ...functions].flatMap((node) =>
    [...find(node, ts.isPropertyAssignment)].flatMap(({ name, initializer }) =>
      name.getText() === "property" && ts.isStringLiteral(initializer) ? [initializer.text] : [],
    ),
  );
  if (properties.length === 0) throw new Error(`${rule.getText()}: it is not written there which properties it refuses`);
  return properties;
}

/** The argument of `.default(…)`, wherever it stands in a schema's chain of calls. */
function defaultOf(schema: ts.Node | undefined): { default?: string } {
  if (!schema) return {};
  for (const call of find(schema, ts.isCallExpression)) {
    const [value] = call.arguments;
    if (ts.isPropertyAccessExpression(call.expression) && call.expression.name.text === "default" && value)
      return { default: value.getText() };
  }
  return {};
}

/** The properties of a resource's inputs or outputs, inherited ones too, but for those that every resource has. */
function declaredIn(reference: ts.TypeNode, sources: Sources): (Property & { optional: boolean })[] {
  const { checker } = sources;
  return checker.getPropertiesOfType(checker.getTypeFromTypeNode(reference)).flatMap(({ name, valueDeclaration }) => {
    if (!valueDeclaration || !ts.isPropertySignature(valueDeclaration))
      throw new Error(`${reference.getText()}.${name} is not written in an interface`);
    const { parent } = valueDeclaration;
    return ts.isInterfaceDeclaration(parent) && parent.name.text === "CommonInputs" ? [] : [propertyOf(valueDeclaration, sources)];
  });
}

/** Own properties of an interface, with its types as they are written. */
export const propertiesOf = (declaration: ts.InterfaceDeclaration, sources: Sources): (Property & { optional: boolean })[] =>
  declaration.members.filter(ts.isPropertySignature).map((property) => propertyOf(property, sources));

function propertyOf(property: ts.PropertySignature, { checker }: Sources): Property & { optional: boolean } {
  const symbol = checker.getSymbolAtLocation(property.name);
  if (!symbol || !property.type) throw new Error(`${property.getText()}: not a property as this generator knows it`);
  return {
    name: symbol.name,
    type: property.type.getText(),
    doc: docOf(symbol, checker),
    optional: property.questionToken !== undefined,
  };
}
