import { realpathSync } from "node:fs";
import * as path from "node:path";
import ts from "typescript";
import { makeProgram, type Program, packOnce } from "../engine";
import { consumer, esModuleConsumer } from "./consumers";

jest.setTimeout(120_000);

/** What projects that users have say: Pulumi's templates (old and new), ES modules, bundlers. */
const settings: readonly { name: string; file: string; options: ts.CompilerOptions }[] = [
  {
    name: "node10, CommonJS",
    file: "index.ts",
    options: { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10 },
  },
  {
    name: "node16, CommonJS",
    file: "index.cts",
    options: { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
  },
  {
    name: "node16, ES module",
    file: "index.mts",
    options: { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
  },
  {
    name: "nodenext, CommonJS",
    file: "index.ts",
    options: { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  },
  {
    name: "nodenext, ES module",
    file: "index.mts",
    options: { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  },
  { name: "bundler", file: "index.ts", options: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler } },
];

describe("types of the packed package", () => {
  let program: Program;
  beforeAll(async () => {
    const files = Object.fromEntries(settings.map(({ file }) => [file, file.endsWith(".mts") ? esModuleConsumer : consumer]));
    program = makeProgram({ files, module: "typescript", tarball: await packOnce() });
  });
  afterAll(() => program.remove());

  it.each(settings)("resolve for every subpath, and hold no error of their own: $name", ({ file, options }) => {
    const compiled = compile(path.join(realpathSync(program.dir), file), options);
    // As the compiler names them: links followed, slashes forward.
    const here = realpathSync(program.dir).replaceAll("\\", "/");
    const ours = compiled.getSourceFiles().filter(({ fileName }) => fileName.startsWith(here));
    expect(ours.filter(({ fileName }) => fileName.includes("/registry-as-code/")).length).toBeGreaterThan(20);
    expect([...compiled.getOptionsDiagnostics(), ...ours.flatMap((source) => problems(compiled, source))].map(text)).toEqual([]);
  });

  it("carry the doc comments of classes, inputs, outputs and functions", () => {
    const compiled = compile(path.join(program.dir, "index.ts"), {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
    });
    const source = compiled.getSourceFile(path.join(program.dir, "index.ts"));
    if (!source) throw new Error("the consumer was not compiled");
    expect(
      docs(compiled, source, ["Tag", "digest", "rotateBefore", "adopt", "reference", "dockerConfigJson", "getTags", "startSandbox"]),
    ).toEqual({
      Tag: expect.stringContaining("Promotion as code"),
      digest: expect.stringContaining("Digest of the manifest"),
      rotateBefore: expect.stringContaining("Rotate"),
      adopt: expect.stringContaining("already exists"),
      reference: expect.stringContaining("for deployments"),
      dockerConfigJson: expect.stringContaining("Kubernetes"),
      getTags: expect.stringContaining("All tags"),
      startSandbox: expect.stringContaining("Starts the simulators"),
    });
  });
});

const compile = (file: string, options: ts.CompilerOptions): ts.Program =>
  ts.createProgram([file], {
    target: ts.ScriptTarget.ES2022,
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    types: ["node"],
    typeRoots: [path.join(path.dirname(file), "node_modules", "@types")],
    ...options,
  });

const problems = (program: ts.Program, source: ts.SourceFile): readonly ts.Diagnostic[] => [
  ...program.getSyntacticDiagnostics(source),
  ...program.getSemanticDiagnostics(source),
];

const text = ({ file, start, messageText }: ts.Diagnostic): string =>
  `${file ? `${path.basename(file.fileName)}:${file.getLineAndCharacterOfPosition(start ?? 0).line + 1} ` : ""}${ts.flattenDiagnosticMessageText(messageText, "\n")}`;

/** What an editor shows for the first use of each name. */
function docs(program: ts.Program, source: ts.SourceFile, names: readonly string[]): Record<string, string> {
  const checker = program.getTypeChecker();
  const found = new Map<string, string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && names.includes(node.text) && !found.has(node.text)) {
      const documented = symbols(node, checker).map((symbol) => ts.displayPartsToString(symbol.getDocumentationComment(checker)));
      const [first] = documented.filter((doc) => doc !== "");
      if (first !== undefined) found.set(node.text, first);
    }
    node.forEachChild(visit);
  };
  visit(source);
  return Object.fromEntries(found);
}

/** A property in an object literal is documented where the literal is expected to be. */
function symbols(node: ts.Identifier, checker: ts.TypeChecker): ts.Symbol[] {
  const own = checker.getSymbolAtLocation(node);
  const literal = node.parent.parent;
  const expected =
    ts.isPropertyAssignment(node.parent) && ts.isObjectLiteralExpression(literal) ? checker.getContextualType(literal) : undefined;
  const types = expected?.isUnion() ? expected.types : expected ? [expected] : [];
  return [
    ...types.flatMap((type) => checker.getPropertyOfType(type, node.text) ?? []),
    ...(own ? [own.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(own) : own] : []),
  ];
}
