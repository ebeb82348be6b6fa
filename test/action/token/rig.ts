/** Both stages of the built token action, as a runner runs them, against the sandbox. */
import type { ChildProcess } from "node:child_process";
import * as path from "node:path";
import { connectSelectel, createRegistry, type SelectelClient, waitForRegistry } from "../../../provider/registries/selectel";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox";
import { actions, root } from "../manifests";
import { type Done, Runner, type Step } from "../process";

/** The files that `action.yml` names. */
export const files = {
  main: path.join(root, "action/token/dist/main.cjs"),
  post: path.join(root, "action/token/dist/post.cjs"),
};

/** What the runner says of a job; a matrix's legs have all of it in common. */
const job = {
  GITHUB_RUN_ID: "4711",
  GITHUB_RUN_ATTEMPT: "1",
  GITHUB_JOB: "build",
  GITHUB_REPOSITORY: "octo/app",
  GITHUB_ACTION: "__token",
};

export class TokenRunner extends Runner {
  constructor() {
    super({ inputs: actions.token.inputs, main: files.main });
  }

  main(inputs: Step["inputs"], more: Omit<Step, "inputs"> = {}): Promise<Done> {
    return this.run({ inputs, ...more, env: { ...job, ...more.env } });
  }

  /** After `main`, with what it has left for it. */
  post(inputs: Step["inputs"], main: Pick<Done, "state" | "exported">, more: Omit<Step, "inputs"> = {}): Promise<Done> {
    return this.run({ inputs, ...more, state: main.state, env: { ...job, ...main.exported, ...more.env } }, files.post);
  }
}

export interface SelectelRig {
  readonly sandbox: Sandbox;
  readonly client: SelectelClient;
  /** Inputs that let the action in. */
  readonly account: Readonly<Record<string, string>>;
  readonly projectName: string;
  readonly host: string;
  /** Addresses that differ from run to run, by what they are. */
  readonly origins: Readonly<Record<string, string>>;
  readonly password: string;
}

/** A project with registries. */
export async function startSelectel(names: readonly string[] = ["team-a", "team-b"]): Promise<SelectelRig> {
  const sandbox = await startSandbox({ apis: ["selectel"], selectel: { createPolls: 0 } });
  const info = sandbox.info.selectel;
  if (!info) throw new Error("the sandbox has no Selectel");
  const { accountId, username, password, projectId, projectName, authUrl } = info;
  const client = connectSelectel({
    auth: { accountId, username, password, projectId, authUrl },
    v1Url: info.v1,
    v2Url: info.v2,
    registryUrl: info.registryHost,
    env: {},
  });
  for (const name of names) {
    const { id } = await createRegistry(client, name);
    await waitForRegistry(client, id, { until: "ACTIVE", deadline: 10_000 });
  }
  sandbox.control.clearRequests();
  const account = {
    type: "selectel",
    registry: new URL(info.registryHost).host,
    "account-id": accountId,
    username,
    password,
    "project-id": projectId,
    "auth-url": authUrl,
    "api-url": info.v1.replace(/\/v1$/, ""),
  };
  const origins = { api: new URL(info.v1).origin, identity: new URL(authUrl).origin, stranger: sandbox.stranger };
  return { sandbox, client, account, projectName, host: info.registryHost, origins, password };
}

/** A registry with a token server. */
export async function startOci(options: SandboxOptions["oci"] = {}): Promise<{ sandbox: Sandbox; account: Record<string, string> }> {
  const sandbox = await startSandbox({ apis: ["oci"], oci: { auth: "bearer", tokenFormat: "jwt", ...options } });
  const { url = "", username = "", password = "" } = sandbox.info.oci ?? {};
  return { sandbox, account: { registry: new URL(url).host, username, password } };
}

/** As @actions/core writes a text that belongs to a command. */
export const escaped = (text: string) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const unescaped = (text: string) => text.replaceAll("%0A", "\n").replaceAll("%0D", "\r").replaceAll("%25", "%");

/** What the runner is told to hide, in the order of telling. */
export const masksOf = ({ stdout }: Pick<Done, "stdout">): string[] =>
  [...stdout.matchAll(/^::add-mask::(.*)$/gm)].map(([, text = ""]) => unescaped(text));

/** All that a stage leaves where somebody may read it: the output `token` is the one place where a secret may be. */
export function readable({ stdout, stderr, outputs, summary, state, exported }: Done): string {
  const { token: _, ...others } = outputs;
  const log = stdout.replace(/^::add-mask::.*$/gm, "");
  return [log, stderr, JSON.stringify([others, state, exported]), summary].join("\n");
}

/** Outcome of a stage as text, without what differs from run to run. `names` are hosts and folders. */
export function shown(done: Done, names: Readonly<Record<string, string>>): string {
  const secret = done.outputs.token;
  const plain = (text: string) =>
    Object.entries({ ...names, ...(secret && { secret }) })
      .reduce((rest, [name, value]) => rest.replaceAll(value, `<${name}>`), text)
      .replace(/^(::add-mask::.*\n)+/gm, "::add-mask::…\n")
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>")
      .replace(/\b(?:[0-9a-f]{24}|[0-9a-f]{16})\b/g, "<nonce>")
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>");
  const list = (values: Readonly<Record<string, string>>) =>
    Object.entries(values)
      .map(([name, value]) => `${name}: ${value}`)
      .join("\n");
  const parts = {
    "exit code": `${done.code}`,
    stdout: done.stdout,
    stderr: done.stderr,
    outputs: list(done.outputs),
    environment: list(done.exported),
    state: list(done.state),
    summary: done.summary,
  };
  return Object.entries(parts)
    .filter(([, text]) => text !== "")
    .map(([title, text]) => `--- ${title}\n${plain(text).trimEnd()}\n`)
    .join("");
}

/** Sends a signal as soon as the sandbox has got a request, for the so-manieth time. */
export function onRequest(
  sandbox: Sandbox,
  request: { readonly api?: string; readonly method?: string; readonly path: string },
  signal: NodeJS.Signals,
  times = 1,
) {
  return (child: ChildProcess): void => {
    const before = sandbox.control.requests(request).length;
    const look = setInterval(() => {
      if (sandbox.control.requests(request).length < before + times) return;
      clearInterval(look);
      child.kill(signal);
    }, 2);
    child.on("close", () => clearInterval(look));
  };
}
