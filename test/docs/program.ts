/** The package's sources as the compiler sees them: documentation is read from where it is written. */
import * as path from "node:path";
import ts from "typescript";

export const root = path.join(__dirname, "..", "..");

export interface Sources {
  readonly checker: ts.TypeChecker;
  /** By its path from the project's root. Throws if there is none. */
  file(name: string): ts.SourceFile;
}

/** Throws when a source does not parse: documentation of what does not compile would be wrong. */
export function readSources(): Sources {
  const config = ts.readConfigFile(path.join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.config.compilerOptions, root);
  const program = ts.createProgram([path.join(root, "provider", "index.ts")], { ...options, noEmit: true });
  const broken = program.getSyntacticDiagnostics()[0];
  if (broken) throw new Error(ts.flattenDiagnosticMessageText(broken.messageText, "\n"));
  return {
    checker: program.getTypeChecker(),
    file: (name) => {
      const file = program.getSourceFile(path.join(root, name));
      if (!file) throw new Error(`${name} is not part of the package`);
      return file;
    },
  };
}

/** The text of a symbol's doc comment, or "". */
export const docOf = (symbol: ts.Symbol, checker: ts.TypeChecker): string =>
  ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();

/** All nodes of a kind below a node, in the order in which they are written. */
export function* find<T extends ts.Node>(node: ts.Node, is: (node: ts.Node) => node is T): Generator<T> {
  if (is(node)) yield node;
  const children: ts.Node[] = [];
  node.forEachChild((child) => void children.push(child));
  for (const child of children) yield* find(child, is);
}

/** What a property of an object literal is set to, whether written `key: value` or as a method. */
export function member(literal: ts.ObjectLiteralExpression, key: string): ts.Expression | ts.MethodDeclaration | undefined {
  for (const property of literal.properties) {
    if (property.name === undefined || !ts.isIdentifier(property.name) || property.name.text !== key) continue;
    if (ts.isPropertyAssignment(property)) return property.initializer;
    if (ts.isMethodDeclaration(property)) return property;
  }
  return undefined;
}

/** The texts in an array literal such as `["name", "registryId"]`; none where there is no array. */
export const texts = (node: ts.Node | undefined): string[] =>
  node && ts.isArrayLiteralExpression(node) ? node.elements.filter(ts.isStringLiteral).map(({ text }) => text) : [];

/** The entries of an object literal whose values are texts: `{ create: "10m" }`. */
export function textEntries(node: ts.Node | undefined): Record<string, string> {
  const entries = new Map<string, string>();
  if (node && ts.isObjectLiteralExpression(node)) {
    for (const property of node.properties) {
      if (ts.isPropertyAssignment(property) && ts.isStringLiteral(property.initializer))
        entries.set(property.name.getText(), property.initializer.text);
    }
  }
  return Object.fromEntries(entries);
}

/** The initializer of a constant of a file. Throws if there is none of that name: the documentation would silently lose it. */
export function constant(file: ts.SourceFile, name: string): ts.Expression {
  for (const declaration of find(file, ts.isVariableDeclaration)) {
    const { initializer } = declaration;
    if (declaration.name.getText() === name && initializer) return ts.isAsExpression(initializer) ? initializer.expression : initializer;
  }
  throw new Error(`${file.fileName} has no constant ${name}`);
}
