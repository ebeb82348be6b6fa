/**
 * A language host for Node programs, as small as the engine tolerates, for machines where `pulumi` was built from its
 * Go module: the official `pulumi-language-nodejs` cannot be had that way. The engine finds it on PATH under that name
 * (see real-path.ts), starts it with its own address as the last argument and reads the port from the first line of
 * stdout. It runs programs exactly as the official host does: the SDK's own `cmd/run`, found from the program's
 * folder, with the configuration in PULUMI_CONFIG.
 *
 * Node runs this file as it is (type stripping), so it holds erasable types only and imports nothing of the project.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import * as path from "node:path";
import type { ServerUnaryCall, ServerWritableStream, sendUnaryData } from "@grpc/grpc-js";
import type {
  GetRequiredPackagesRequest,
  GetRequiredPluginsRequest,
  LanguageHandshakeRequest,
  RunPluginRequest,
  RunPluginResponse,
  RunRequest,
} from "@pulumi/pulumi/proto/language_pb.js";

/** `cmd/run` ends with this code when it has told the person already what is wrong (see the SDK's cmd/run/index.ts). */
const EXIT_AFTER_LOGGING = 32;
/** Milliseconds between two looks at whether the engine still lives. */
const PARENT_CHECK = 1_000;

const here = createRequire(import.meta.url);
// gRPC and protobuf must be the SDK's own copies: npm's google-protobuf 4 beside it fails with "c.g is not a function".
const sdk = createRequire(here.resolve("@pulumi/pulumi/package.json"));
const grpc: typeof import("@grpc/grpc-js") = sdk("@grpc/grpc-js");
const { Empty }: typeof import("google-protobuf/google/protobuf/empty_pb.js") = sdk("google-protobuf/google/protobuf/empty_pb");
const language: typeof import("@pulumi/pulumi/proto/language_pb.js") = here("@pulumi/pulumi/proto/language_pb");
const { LanguageRuntimeService }: typeof import("@pulumi/pulumi/proto/language_grpc_pb.js") = here("@pulumi/pulumi/proto/language_grpc_pb");
const { PluginInfo }: typeof import("@pulumi/pulumi/proto/plugin_pb.js") = here("@pulumi/pulumi/proto/plugin_pb");

const engineAddress = process.argv.at(-1) ?? "";
const programs = new Set<ChildProcess>();

/** `ns:name` as the engine sends it -> `ns:config:name` as the SDK reads it. */
function configKey(key: string): string {
  return key.replace(/^([^:]+):(?!config:)/, "$1:config:");
}

/** The program's Node options: `runtime.options.nodeargs` of Pulumi.yaml, a string that the official host splits at blanks. */
function nodeArgs(options: Record<string, unknown>): string[] {
  return typeof options.nodeargs === "string" ? options.nodeargs.split(" ").filter((part) => part !== "") : [];
}

/** Runs the program to its end; a call that the engine gives up (a step has failed) ends the program. */
async function run(request: RunRequest, onCancel: (listener: () => void) => void): Promise<{ error?: string; bail?: boolean }> {
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() || request.getPwd();
  const options: Record<string, unknown> = info?.getOptions()?.toJavaScript() ?? {};
  let script: string;
  try {
    script = createRequire(path.join(directory, "package.json")).resolve("@pulumi/pulumi/cmd/run");
  } catch {
    return { error: `@pulumi/pulumi is not installed for the program in ${directory}: run "npm install" there` };
  }
  const config = Object.fromEntries(
    request
      .getConfigMap()
      .getEntryList()
      .map(([key, value]) => [configKey(key), value]),
  );
  const flags: [string, string][] = [
    ["--monitor", request.getMonitorAddress()],
    ["--engine", engineAddress],
    ["--organization", request.getOrganization()],
    ["--project", request.getProject()],
    ["--root-directory", info?.getRootDirectory() ?? ""],
    ["--stack", request.getStack()],
    ["--pwd", request.getPwd()],
    ["--dry-run", request.getDryrun() ? "true" : ""],
    ["--parallel", String(request.getParallel())],
  ];
  const given = flags.filter(([, value]) => value !== "").flatMap(([flag, value]) => (flag === "--dry-run" ? [flag] : [flag, value]));
  const entry = info?.getEntryPoint() || request.getProgram() || ".";
  const child = spawn("node", [...nodeArgs(options), script, ...given, entry, ...request.getArgsList()], {
    cwd: directory,
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify(config),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList().map(configKey)),
      PULUMI_NODEJS_TYPESCRIPT: options.typescript === false ? "false" : "true",
      ...(typeof options.tsconfig === "string" ? { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig } : {}),
    },
  });
  programs.add(child);
  onCancel(() => child.kill("SIGKILL"));
  const code = await new Promise<number | string>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (status, signal) => resolve(status ?? signal ?? "nothing"));
  });
  programs.delete(child);
  if (code === 0) return {};
  return code === EXIT_AFTER_LOGGING ? { bail: true } : { error: `Program exited with non-zero exit code: ${code}` };
}

/** Runs a policy pack (the only kind of plugin that tests have) as the official host does: by the SDK's own `cmd/run-policy-pack`. */
function runPlugin(call: ServerWritableStream<RunPluginRequest, RunPluginResponse>): void {
  const { request } = call;
  const directory = request.getInfo()?.getProgramDirectory() || request.getProgram();
  const send = (fill: (response: RunPluginResponse) => void) => {
    const response = new language.RunPluginResponse();
    fill(response);
    call.write(response);
  };
  let script: string;
  try {
    script = createRequire(path.join(directory, "package.json")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  } catch {
    call.destroy(new Error(`@pulumi/pulumi is not installed for the policy pack in ${directory}: run "npm install" there`));
    return;
  }
  const env = { ...process.env, ...Object.fromEntries(request.getEnvList().map((pair) => pair.split(/=(.*)/s, 2))) };
  const child = spawn("node", [script, engineAddress, directory], { cwd: directory, env, stdio: ["ignore", "pipe", "pipe"] });
  programs.add(child);
  call.on("cancelled", () => child.kill("SIGKILL"));
  child.stdout.on("data", (chunk: Uint8Array) => send((response) => response.setStdout(chunk)));
  child.stderr.on("data", (chunk: Uint8Array) => send((response) => response.setStderr(chunk)));
  child.once("close", (status) => {
    programs.delete(child);
    send((response) => response.setExitcode(status ?? 1));
    call.end();
  });
}

/** Answers one call; what it throws becomes the call's error. */
function unary<Request, Response>(answer: (request: Request, onCancel: (listener: () => void) => void) => Response | Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
    Promise.resolve()
      .then(() => answer(call.request, (listener) => call.on("cancelled", listener)))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback({ code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) }),
      );
  };
}

function end(): never {
  for (const program of programs) program.kill("SIGKILL");
  process.exit(0);
}

const server = new grpc.Server();
// What is not served here answers UNIMPLEMENTED by itself, which the engine takes as "an older host".
server.addService(LanguageRuntimeService, {
  handshake: unary((_: LanguageHandshakeRequest) => new language.LanguageHandshakeResponse()),
  getPluginInfo: unary(() => {
    const info = new PluginInfo();
    info.setVersion("3.0.0");
    return info;
  }),
  // Dynamic resources need no plugin but the one that lies in the SDK; nothing may be fetched from anywhere.
  getRequiredPackages: unary((_: GetRequiredPackagesRequest) => new language.GetRequiredPackagesResponse()),
  getRequiredPlugins: unary((_: GetRequiredPluginsRequest) => new language.GetRequiredPluginsResponse()),
  run: unary(async (request: RunRequest, onCancel) => {
    const result = await run(request, onCancel);
    const response = new language.RunResponse();
    response.setError(result.error ?? "");
    response.setBail(result.bail ?? false);
    return response;
  }),
  runPlugin,
  cancel: unary(() => {
    for (const program of programs) program.kill("SIGINT");
    return new Empty();
  }),
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(port);
});

process.once("SIGINT", end);
process.once("SIGTERM", end);
// An engine that was killed cannot say goodbye: an orphan has another parent (on Windows the number stays; the engine's job object ends us).
const engineProcess = process.ppid;
setInterval(() => process.ppid !== engineProcess && end(), PARENT_CHECK).unref();
