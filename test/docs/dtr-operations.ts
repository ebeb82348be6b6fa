/** The operations of Docker Trusted Registry's API, the methods of the client that send them, and the resources and functions that call these methods. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import ts from "typescript";
import { rows } from "../../provider/registries/call";
import { operations } from "../../provider/registries/dtr/operations";
import { find, root } from "./program";

export interface OperationLine {
  /** `GET /api/v0/repositories`. */
  readonly route: string;
  /** `repositories.list`. */
  readonly method: string;
  /** `dtr.Repository`, `dtr.getRepositories`, `cleanup`, `token`. Empty: scripts only. */
  readonly users: readonly string[];
}

const resources = "provider/resources/dtr";
const client = "provider/registries/dtr";
/** Parts of the product beside resources and functions, by where their code lies. */
const others = { "cleanup action": "provider/registries/dtr/images", "token action": "provider/tokens/dtr" } as const;

/** All operations, in the order of the table; those of `/api/v0` are the published API. */
export function operationLines(): OperationLine[] {
  const methods = rows(operations).map(({ name, operation: { route } }) => ({ method: name, route }));
  const known = new Set(methods.map(({ method }) => method));
  const users = new Map<string, string[]>([...known].map((method) => [method, []]));
  const add = (user: string, used: Iterable<string>) => {
    for (const method of used) users.get(method)?.push(user);
  };
  for (const file of filesIn(resources)) {
    const source = parse(file);
    for (const { name, node } of declared(source)) add(`dtr.${name}`, calledIn(node, source, known));
  }
  for (const [user, folder] of Object.entries(others))
    for (const file of [`${folder}.ts`, ...filesIn(folder)]) {
      if (!existsSync(path.join(root, file))) continue;
      // Maps have a `get`, too: only what is written out counts here.
      const text = parse(file).getFullText();
      add(
        user,
        [...calledIn(parse(file), parse(file), known)].filter((method) => method !== "tags.get" || text.includes("client.tags.get")),
      );
    }
  return methods.map(({ method, route }) => ({ method, route, users: [...new Set(users.get(method))].sort() }));
}

/** The classes and read functions that a file declares, with what is written for each. */
function declared(source: ts.SourceFile): { readonly name: string; readonly node: ts.Node }[] {
  const classes = source.statements
    .filter(ts.isClassDeclaration)
    .flatMap(({ name, heritageClauses }) =>
      name && heritageClauses?.some((clause) => clause.getText(source).includes("resource<")) ? [{ name: name.text, node: source }] : [],
    );
  const functions = [...find(source, ts.isCallExpression)].flatMap((call) => {
    const [name] = call.arguments;
    return call.expression.getText(source) === "readFunction" && name && ts.isStringLiteral(name) ? [{ name: name.text, node: call }] : [];
  });
  return [...classes, ...functions];
}

/** The methods that a piece of a file calls: there, in functions of the file that it names, and in those that it imports. */
function calledIn(node: ts.Node, source: ts.SourceFile, known: ReadonlySet<string>, seen = new Set<ts.Node>()): Set<string> {
  const found = new Set<string>();
  const look = (piece: ts.Node) => {
    if (seen.has(piece)) return;
    seen.add(piece);
    for (const method of mentioned(piece.getText(source), known)) found.add(method);
    const names = new Set([...find(piece, ts.isIdentifier)].map(({ text }) => text));
    for (const statement of source.statements) {
      if (ts.isImportDeclaration(statement)) for (const method of imported(statement, names)) found.add(method);
      else
        for (const { name, body } of named(statement)) if (names.has(name) && !body.getText(source).startsWith("readFunction")) look(body);
    }
  };
  const imported = (statement: ts.ImportDeclaration, names: ReadonlySet<string>): string[] =>
    namesOf(statement).flatMap((name) => (names.has(name) ? [...calledBy(name, statement, source, known, seen)] : []));
  look(node);
  return found;
}

/** What a name stands for that a file declares itself. */
function named(statement: ts.Statement): { readonly name: string; readonly body: ts.Node }[] {
  if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name)
    return [{ name: statement.name.text, body: statement }];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
    initializer ? [{ name: name.getText(), body: initializer }] : [],
  );
}

/** The methods that something imported calls, as far as it is of this API, no resource and no table. */
function calledBy(
  name: string,
  { moduleSpecifier }: ts.ImportDeclaration,
  source: ts.SourceFile,
  known: ReadonlySet<string>,
  seen: Set<ts.Node>,
): Set<string> {
  const found = new Set<string>();
  if (!ts.isStringLiteral(moduleSpecifier) || !moduleSpecifier.text.startsWith(".")) return found;
  const target = path.posix.join(path.posix.dirname(source.fileName), moduleSpecifier.text);
  for (const file of target === client ? filesIn(client) : [`${target}.ts`]) {
    if (!/^provider\/(?:resources|registries)\/dtr\//.test(file) || /\/(?:operations|schemas)\/|\/connect/.test(file)) continue;
    const from = parse(file);
    if (declared(from).length > 0) continue;
    for (const statement of from.statements)
      for (const one of named(statement))
        if (one.name === name) for (const method of calledIn(one.body, from, known, seen)) found.add(method);
  }
  return found;
}

function namesOf({ importClause }: ts.ImportDeclaration): string[] {
  const bindings = importClause?.namedBindings;
  return importClause?.isTypeOnly || !bindings || !ts.isNamedImports(bindings) ? [] : bindings.elements.map(({ name }) => name.text);
}

/** `repositories.list` as it is written: `client.repositories.list(…)`, or after the areas were taken out of the client. */
const mentioned = (text: string, known: ReadonlySet<string>): string[] => {
  const spaced = text.replace(/\s*\n\s*\./g, ".");
  return [...known].filter((method) => new RegExp(`(?:client\\.|(?<![\\w.]))${method.replaceAll(".", "\\.")}(?!\\w)`).test(spaced));
};

const parsed = new Map<string, ts.SourceFile>();

function parse(file: string): ts.SourceFile {
  const before = parsed.get(file);
  if (before) return before;
  const source = ts.createSourceFile(file, readFileSync(path.join(root, file), "utf8"), ts.ScriptTarget.ES2022, true);
  parsed.set(file, source);
  return source;
}

const filesIn = (folder: string): string[] =>
  existsSync(path.join(root, folder))
    ? readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts") && file !== "index.ts")
        .sort()
        .map((file) => `${folder}/${file}`)
    : [];
