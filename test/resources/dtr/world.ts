import "../../../provider/resources/dtr";
import { type Dtr, type SandboxOptions, standingClock, startSandbox } from "../../sandbox";
import { type ApiWorld, apiWorld } from "../api-world";

export const START = "2026-03-01T12:00:00Z";

export interface World extends ApiWorld<{ readonly username: string; readonly password: string }> {
  readonly dtr: Dtr;
  /** The API as an administrator uses it by hand; gives the answer's JSON. Not among `requests`. Throws for an error status. */
  api<T = unknown>(method: string, path: string, body?: object): Promise<T>;
}

const BY_HAND = "by hand";

/** A DTR with an administrator, and whatever a test does with it. */
export async function startWorld(options: SandboxOptions["dtr"] = {}): Promise<World> {
  const sandbox = await startSandbox({ apis: ["dtr"], clock: standingClock(new Date(START)), dtr: options });
  const { dtr, info } = sandbox;
  if (!dtr || !info.dtr) throw new Error("the sandbox has no DTR");
  const { url, username, password } = info.dtr;
  const counts = ({ headers }: { readonly headers: Readonly<Record<string, string>> }) => headers["x-test"] !== BY_HAND;
  return {
    ...apiWorld(sandbox, { api: "dtr", url, administrator: { username, password }, counts }),
    dtr,
    api: async (method, path, body) => {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`,
          "x-test": BY_HAND,
          ...(body && { "content-type": "application/json" }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
      return text === "" ? undefined : JSON.parse(text);
    },
  };
}
