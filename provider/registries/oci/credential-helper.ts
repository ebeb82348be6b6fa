import type * as ChildProcess from "node:child_process";
import { z } from "zod";
import type { OciCredentials } from "./credentials";

export interface HelperResult {
  readonly status: number | null;
  readonly stdout: string;
}

/** Runs a program with `get` as its argument and the server on stdin. */
export type RunHelper = (program: string, input: string) => Promise<HelperResult>;

const answerShape = z.looseObject({ Username: z.string().default(""), Secret: z.string().default("") });

/** Milliseconds; helpers may have to ask a key ring or a cloud. */
const helperTimeout = 30_000;
const outputLimit = 1024 * 1024;

/**
 * Asks one of Docker's credential helpers (protocol: docker/docker-credential-helpers, "Development"). Undefined if it has nothing for the
 * server. What the helper printed is never passed on: it may hold the secret.
 */
export async function askHelper(name: string, server: string, run: RunHelper): Promise<OciCredentials> {
  // A configuration file must not be able to name a program outside of PATH.
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
    throw new Error(`Docker's configuration names the credential helper ${JSON.stringify(name)}, which is no program's name.`);
  }
  const program = `docker-credential-${name}`;
  const { status, stdout } = await run(program, `${server}\n`);
  // Helpers answer so, on stdout, with status 1.
  if (/credentials not found/i.test(stdout) && status !== 0) return undefined;
  if (status !== 0) {
    throw new Error(
      `${program} failed for ${server} (exit status ${status ?? "none: it was killed"}). Try \`echo ${server} | ${program} get\`.`,
    );
  }
  const parsed = answerShape.safeParse(parseJson(stdout));
  if (!parsed.success) throw new Error(`${program} gave no credentials for ${server} that can be understood.`);
  const { Username: username, Secret: secret } = parsed.data;
  if (secret === "") return undefined;
  return username === "<token>" ? { identityToken: secret } : { username, password: secret };
}

/** Starts helpers without a shell. */
export function runHelper(env: Readonly<Record<string, string | undefined>>, timeout = helperTimeout): RunHelper {
  return (program, input) =>
    new Promise((resolve, reject) => {
      // Loaded only here: few configurations name a helper, and each start would pay for it.
      const { spawn } = require("node:child_process") as typeof ChildProcess;
      // stderr is thrown away: some helpers print what they were given.
      const child = spawn(program, ["get"], { env: { ...env }, stdio: ["pipe", "pipe", "ignore"], shell: false });
      // Not spawn's own `timeout`: that lives on, and the process with it, where the program does not exist.
      const timer = setTimeout(() => child.kill("SIGKILL"), timeout);
      const output: Buffer[] = [];
      let size = 0;
      child.stdout.on("data", (chunk: Buffer) => {
        size += chunk.byteLength;
        if (size > outputLimit) child.kill();
        else output.push(chunk);
      });
      child.once("error", (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        reject(
          new Error(
            error.code === "ENOENT"
              ? `${program} is not installed, though Docker's configuration names it as credential helper.`
              : `${program} could not be started (${error.code ?? "unknown error"}).`,
          ),
        );
      });
      child.once("close", (status) => {
        clearTimeout(timer);
        resolve({ status, stdout: Buffer.concat(output).toString("utf8") });
      });
      // A helper that does not read its input ends before it is written: no error of ours.
      child.stdin.on("error", () => undefined);
      child.stdin.end(input);
    });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
