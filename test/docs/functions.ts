/** Read functions, from what a module exports: `getTags` and `getTagsOutput`. */
import { existsSync, readdirSync } from "node:fs";
import * as path from "node:path";
import ts from "typescript";
import { docOf, find, root, type Sources } from "./program";
import type { Property } from "./resources";

export interface Argument extends Property {
  readonly required: boolean;
}

export interface ReadFunction {
  readonly name: string;
  readonly doc: string;
  readonly arguments: readonly Argument[];
  /** Type of what the plain form promises. */
  readonly result: string;
  /** Properties of the result, or of its items. Empty for texts. */
  readonly properties: readonly Property[];
}

/** The plain forms, in the order in which they are written. Throws when one has no `Output` form. */
export function functionsOf(module: string, sources: Sources): ReadFunction[] {
  const { checker } = sources;
  const exported = new Set(
    checker.getExportsOfModule(symbolOf(sources.file(`provider/resources/${module}/index.ts`), checker)).map(({ name }) => name),
  );
  const files = functionFiles(module).map((file) => sources.file(file));
  return files
    .flatMap((file) => [...find(file, ts.isVariableDeclaration)])
    .flatMap((declaration) => {
      const symbol = checker.getSymbolAtLocation(declaration.name);
      if (!symbol || !exported.has(symbol.name) || symbol.name.endsWith("Output")) return [];
      if (!exported.has(`${symbol.name}Output`)) throw new Error(`${module}.${symbol.name} has no Output form`);
      return [functionOf(declaration, symbol, checker)];
    });
}

/** `functions.ts`, or what lies in `functions/`. */
function functionFiles(module: string): string[] {
  const folder = `provider/resources/${module}/functions`;
  if (!existsSync(path.join(root, folder))) return [`${folder}.ts`];
  return readdirSync(path.join(root, folder))
    .sort()
    .map((file) => `${folder}/${file}`);
}

function functionOf(declaration: ts.VariableDeclaration, symbol: ts.Symbol, checker: ts.TypeChecker): ReadFunction {
  const [signature] = checker.getTypeAtLocation(declaration).getCallSignatures();
  const [args] = signature?.parameters ?? [];
  const promised = signature && checker.getAwaitedType(signature.getReturnType());
  if (!args || !promised) throw new Error(`${symbol.name} is not a read function`);
  const given = checker.getTypeOfSymbolAtLocation(args, declaration);
  const item = checker.getIndexTypeOfType(promised, ts.IndexKind.Number) ?? promised;
  return {
    name: symbol.name,
    doc: docOf(symbol, checker),
    arguments: checker.getPropertiesOfType(given).map((property) => ({
      ...describe(property, declaration, checker),
      required: !(property.flags & ts.SymbolFlags.Optional),
    })),
    result: nameOf(promised, checker),
    properties:
      item.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)
        ? checker.getPropertiesOfType(item).map((property) => describe(property, declaration, checker))
        : [],
  };
}

function describe(property: ts.Symbol, at: ts.Node, checker: ts.TypeChecker): Property {
  const type = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(property, at));
  return { name: property.name, type: nameOf(type, checker), doc: docOf(property, checker) };
}

/** A type as a reader may look it up; what has no name is an object. */
function nameOf(type: ts.Type, checker: ts.TypeChecker): string {
  const text = checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation);
  return text.includes("{") || text.length > 80
    ? checker.getIndexTypeOfType(type, ts.IndexKind.Number)
      ? "object[]"
      : "object"
    : text.replace(/^readonly /, "");
}

function symbolOf(file: ts.SourceFile, checker: ts.TypeChecker): ts.Symbol {
  const symbol = checker.getSymbolAtLocation(file);
  if (!symbol) throw new Error(`${file.fileName} exports nothing`);
  return symbol;
}
