import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { findServer, places, type ServerKind } from "./find";
import { freePort } from "./free-port";
import { startTokenServer, type TokenServer, type TokenServerOptions } from "./token-server";

export interface ServerOptions {
  /** Default none. */
  readonly auth?: "none" | "htpasswd" | "token";
  readonly readonly?: boolean;
  /** Default true. */
  readonly deleteEnabled?: boolean;
  /** Where the data lies, for servers that are started after one another on the same data. Default: a new directory, removed at the end. */
  readonly directory?: string;
  readonly token?: TokenServerOptions;
  /** The server counts its requests: {@link RunningServer.requests}. Costs it next to nothing. */
  readonly counted?: boolean;
  /** Stands before the server's command, for what decides on which processors it runs. Must become the server itself, as `taskset` does. */
  readonly launcher?: readonly string[];
}

export interface RunningServer {
  readonly name: ServerKind;
  readonly version: string;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly directory: string;
  /** Of somebody who may do everything. */
  readonly credentials: { readonly username: string; readonly password: string };
  /** With `auth: "token"`. */
  readonly tokens?: TokenServer;
  /** With `counted`: the requests that it has answered so far, as it counts them itself. */
  requests(): Promise<number>;
  stop(): Promise<void>;
}

const credentials = { username: "alice", password: "correct-horse" };
/** `htpasswd -nbB alice correct-horse`; both servers understand bcrypt only. */
const htpasswd = "alice:$2y$05$NeAainQy2iSQiybuF6kVyeF5ke0gzcqeifh2ndnTKFPoxtcXWmNeK\n";
const service = "test-registry";
const issuer = "test-issuer";

/** Starts a real registry server on a free port of the loopback interface, with a configuration of its own. Throws if it is not installed. */
export async function startServer(kind: ServerKind, options: ServerOptions = {}): Promise<RunningServer> {
  const server = findServer(kind);
  if (!server) throw new Error(`The registry server ${kind} is not installed: ${places[kind].hint}.`);
  const work = await mkdtemp(join(tmpdir(), "registry-as-code-server-"));
  const directory = options.directory ?? join(work, "data");
  const tokens =
    options.auth === "token"
      ? await startTokenServer({ service, issuer, users: { [credentials.username]: credentials.password }, ...options.token })
      : undefined;
  let child: ChildProcess | undefined;
  const stop = async () => {
    if (child) await end(child);
    await tokens?.stop();
    await rm(work, { recursive: true, force: true });
  };
  try {
    const config = join(work, "config.yml");
    await writeFile(join(work, "htpasswd"), htpasswd);
    if (tokens) await writeFile(join(work, "bundle.pem"), tokens.certificate);
    const debug = options.counted ? `127.0.0.1:${await freePort()}` : undefined;
    // JSON is YAML.
    await writeFile(config, JSON.stringify(configuration(options, directory, work, tokens, debug)));
    // Exports traces to nowhere for seconds otherwise.
    // Into a file: a line for each request would keep us busy reading, and hold the server up where we are not.
    const log = join(work, "log");
    const output = openSync(log, "w");
    const [program = server.binary, ...rest] = [...(options.launcher ?? []), server.binary, "serve", config];
    child = spawn(program, rest, {
      env: { PATH: process.env.PATH, OTEL_TRACES_EXPORTER: "none" },
      stdio: ["ignore", output, output],
    });
    closeSync(output);
    const url = await listening(child, kind, log);
    const requests = () => counted(kind, debug);
    return { name: kind, version: server.version, url, directory, credentials, ...(tokens && { tokens }), requests, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function configuration(
  options: ServerOptions,
  directory: string,
  work: string,
  tokens: TokenServer | undefined,
  debug: string | undefined,
): object {
  const auth =
    options.auth === "htpasswd"
      ? { auth: { htpasswd: { realm: "basic-realm", path: join(work, "htpasswd") } } }
      : tokens && { auth: { token: { realm: tokens.realm, service, issuer, rootcertbundle: join(work, "bundle.pem") } } };
  return {
    version: "0.1",
    log: { level: "info", accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: directory },
      delete: { enabled: options.deleteEnabled ?? true },
      maintenance: { uploadpurging: { enabled: false }, readonly: { enabled: options.readonly ?? false } },
    },
    http: { addr: "127.0.0.1:0", ...(debug && { debug: { addr: debug, prometheus: { enabled: true } } }) },
    ...auth,
  };
}

/** The sum of what both servers export for Prometheus: a line for each handler, method and status. */
async function counted(kind: ServerKind, debug: string | undefined): Promise<number> {
  if (debug === undefined) throw new Error(`${kind} was started without counted: true.`);
  const text = await (await fetch(`http://${debug}/metrics`)).text();
  return text.match(/^registry_http_requests_total\{.*$/gm)?.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0) ?? 0;
}

/** The server itself chooses the port and says it in its log: no race with anybody else. */
async function listening(child: ChildProcess, kind: ServerKind, log: string): Promise<string> {
  let problem: string | undefined;
  child.once("error", (error) => {
    problem = error.message;
  });
  child.once("exit", (status) => {
    problem ??= `ended with status ${status}`;
  });
  const deadline = performance.now() + 20_000;
  for (;;) {
    const text = await readFile(log, "utf8");
    const port = /listening on 127\.0\.0\.1:(\d+)/.exec(text)?.[1];
    if (port) return `http://127.0.0.1:${port}`;
    if (performance.now() > deadline) problem ??= "did not start within 20 seconds";
    if (problem !== undefined) throw new Error(`${kind} ${problem}:\n${text.slice(-2000)}`);
    await setTimeout(5);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}
