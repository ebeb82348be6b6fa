import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { type ConfigValue, type Engine, engines, makeProgram, packOnce, type Result, type Stack } from "../engine";
import { type Sandbox, startSandbox } from "../sandbox";

jest.setTimeout(300_000);

const root = path.join(__dirname, "..", "..", "examples");

interface Example {
  readonly name: string;
  /** As the example's README has it set. */
  readonly config: (sandbox: Sandbox) => Record<string, ConfigValue>;
  readonly resources: readonly string[];
  /** What its README does next. Gives the resources that came of it. */
  readonly further?: (stack: Stack, sandbox: Sandbox) => Promise<readonly string[]>;
}

const examples: readonly Example[] = [
  {
    name: "docker-registry",
    config: ({ info: { oci } }) => ({
      "oci:url": oci?.url ?? "",
      "oci:username": oci?.username ?? "",
      "oci:password": { secret: oci?.password ?? "" },
    }),
    resources: ["oci:Repository"],
    further: promote,
  },
  {
    name: "dtr",
    config: ({ info: { dtr }, stranger }) => ({
      "dtr:url": dtr?.url ?? "",
      "dtr:username": dtr?.username ?? "",
      "dtr:password": { secret: dtr?.password ?? "" },
      webhook: { secret: stranger },
      // The sandbox mirrors from itself.
      upstream: dtr?.url ?? "",
      upstreamRepository: "admin/base",
      upstreamUsername: dtr?.username ?? "",
      upstreamPassword: { secret: dtr?.password ?? "" },
    }),
    resources: [
      "dtr:ApiToken",
      "dtr:NamespaceTeamAccess",
      "dtr:Organization",
      "dtr:PollMirroringPolicy",
      "dtr:PromotionPolicy",
      "dtr:PruningPolicy",
      "dtr:Repository",
      "dtr:Repository",
      "dtr:Repository",
      "dtr:RepositoryTeamAccess",
      "dtr:Team",
      "dtr:Team",
      "dtr:Webhook",
    ],
  },
  {
    name: "registryui",
    config: ({ info: { registryui } }) => ({
      "registryui:url": registryui?.url ?? "",
      "registryui:username": registryui?.username ?? "",
      "registryui:token": { secret: registryui?.token ?? "" },
    }),
    resources: ["registryui:GarbageCollection", "registryui:Project", "registryui:Project"],
  },
  {
    name: "selectel",
    config: ({ info: { selectel } }) => ({
      "selectel:accountId": selectel?.accountId ?? "",
      "selectel:projectName": selectel?.projectName ?? "",
      "selectel:username": selectel?.username ?? "",
      "selectel:password": { secret: selectel?.password ?? "" },
      // The sandbox in place of the service.
      "selectel:authUrl": selectel?.authUrl ?? "",
      "selectel:apiUrl": (selectel?.v1 ?? "").replace(/\/v1$/, ""),
      "selectel:registryUrl": selectel?.registryHost ?? "",
      registry: "example",
    }),
    resources: ["selectel:GarbageCollection", "selectel:Registry", "selectel:Repository", "selectel:Token", "selectel:Token"],
  },
];

describe("every example", () => {
  it("is run here", () => {
    const folders = readdirSync(root).filter((folder) => existsSync(path.join(root, folder, "Pulumi.yaml")));
    expect(folders.sort()).toEqual(examples.map(({ name }) => name).sort());
  });

  it.each(examples)("$name says in its README to set what its program requires", ({ name }) => {
    const read = (file: string) => readFileSync(path.join(root, name, file), "utf8");
    const required = [...read("index.ts").matchAll(/config\.(?:require|get)\("(\w+)"\)/g)].map(([, key = ""]) => key);
    const optional = name === "selectel" ? ["rotateCi"] : ["repository"];
    expect(required.filter((key) => !optional.includes(key) && !read("README.md").includes(`pulumi config set ${key} `))).toEqual([]);
  });
});

describe.each(examples)("examples/$name", (example) => {
  it("previews, comes up, stays as it is, and goes, on every engine there is", async () => {
    for (const engine of await engines()) await withStack(engine, example, (stack, sandbox) => life(stack, sandbox, example));
  });
});

async function life(stack: Stack, sandbox: Sandbox, { resources, further }: Example): Promise<void> {
  const types = (result: Result, op: string) =>
    result.steps.filter((step) => step.op === op).map(({ type }) => type.replace("pulumi-nodejs:dynamic/", ""));
  expect(types(done(await stack.preview()), "create").sort()).toEqual(resources);
  const up = done(await stack.up());
  expect(types(up, "create").sort()).toEqual(resources);
  for (const value of secrets(up)) expect(JSON.stringify(await stack.export())).not.toContain(value);
  const again = done(await stack.up());
  expect(again.changes).toEqual({ same: resources.length });
  expect(again.outputs).toEqual(up.outputs);
  const added = (await further?.(stack, sandbox)) ?? [];
  expect(types(done(await stack.destroy()), "delete").sort()).toEqual([...resources, ...added].sort());
}

/** An environment's tag follows the digest in the configuration. */
async function promote(stack: Stack, sandbox: Sandbox): Promise<readonly string[]> {
  const [digest = ""] = sandbox.store.repositories()[0]?.tags.values() ?? [];
  for (const environment of ["staging", "production"]) await stack.setConfig(environment, digest);
  const { outputs } = done(await stack.up());
  expect(outputs.tags).toEqual(expect.arrayContaining(["staging", "production"]));
  expect(outputs.deploy).toEqual({ staging: expect.stringContaining(`team/app@${digest}`), production: expect.stringContaining(digest) });
  return ["oci:Tag", "oci:Tag"];
}

async function withStack(engine: Engine, example: Example, run: (stack: Stack, sandbox: Sandbox) => Promise<void>): Promise<void> {
  const tarball = await packOnce();
  const folder = path.join(root, example.name);
  const files = ["Pulumi.yaml", "package.json", "tsconfig.json", "index.ts"].map(
    (file) => [file, readFileSync(path.join(folder, file), "utf8")] as const,
  );
  const program = makeProgram({ files: Object.fromEntries(files), module: "typescript", tarball });
  const sandbox = await startSandbox({ dtr: { repositories: { "admin/base": {} } } });
  try {
    // A home of its own: what an interrupted run remembers there must not reach the next one.
    const env = { PULUMI_HOME: path.join(program.dir, ".home") };
    const stack = await engine.open({ dir: program.dir, config: example.config(sandbox), env });
    try {
      await run(stack, sandbox);
    } finally {
      await stack.close();
    }
  } finally {
    program.remove();
    await sandbox.close();
  }
}

/** The result of an operation that went well; what was printed is shown where it did not. */
function done(result: Result): Result {
  if (!result.ok) throw new Error(`${result.diagnostics.map(({ message }) => message).join("\n")}\n${result.stdout}\n${result.stderr}`);
  return result;
}

/** Values of a stack's secret outputs. */
const secrets = ({ outputs }: Result): string[] =>
  Object.values(outputs).flatMap((value) => {
    if (typeof value !== "object" || value === null || !("secret" in value)) return [];
    return typeof value.secret === "string" ? [value.secret] : [];
  });
