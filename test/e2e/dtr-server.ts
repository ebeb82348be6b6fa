import type { Sandbox } from "../sandbox";

/** The sandbox's Docker Trusted Registry as a person with curl sees it. */
export function dtrServer({ info }: Pick<Sandbox, "info">) {
  const { dtr } = info;
  if (!dtr) throw new Error("the sandbox has no Docker Trusted Registry");
  const authorization = `Basic ${Buffer.from(`${dtr.username}:${dtr.password}`).toString("base64")}`;

  /** Throws unless the server says yes. Gives the answer's JSON; undefined where it has none. */
  async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${dtr?.url}${path}`, {
      method,
      headers: { authorization, "content-type": "application/json", "user-agent": "curl" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  /** All that a program may have made or changed, without images. */
  async function everything(): Promise<Readonly<Record<string, unknown>>> {
    const found: Record<string, unknown> = {};
    for (const list of lists)
      found[list] = JSON.parse(JSON.stringify(await ask("GET", list), (key, value: unknown) => (counters.includes(key) ? 0 : value)));
    return found;
  }
  return { ask, everything };
}

/** What goes on by itself. */
const counters: readonly string[] = ["heartbeatExpiration", "nextRun", "pulls", "pushes"];

const lists = [
  "/enzi/v0/accounts?limit=100",
  "/api/v0/repositories?pageSize=100",
  "/api/v0/webhooks",
  "/api/v0/api_tokens",
  "/api/v0/content_caches",
  "/api/v0/crons",
  "/api/v0/action_configs",
  "/api/v0/workers",
  "/api/v0/meta/settings",
  "/api/v0/imagescan/layeroverride",
];
