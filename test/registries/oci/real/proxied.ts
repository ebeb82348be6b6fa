import { request as send } from "node:http";
import { type Reply, type Scripted, type Seen, scripted } from "../scripted";

/** What happens to a request on its way: `before` and `after` cut the connection before or after the effect, a reply takes its place. */
export type Intercept = (request: Seen) => "before" | "after" | Reply | undefined | Promise<"before" | "after" | Reply | undefined>;

export interface Proxied extends Scripted {
  /** Takes the place of what was set before. */
  intercept(what: Intercept): void;
}

/** Stands in front of a real registry and disturbs it. Ends with the test. */
export async function proxied(target: string): Promise<Proxied> {
  let current: Intercept = () => undefined;
  const server = await scripted(async (request, url) => {
    const what = await current(request);
    if (what === "before") return { reset: true };
    if (what !== undefined && what !== "after") return what;
    const reply = await forward(target, url, request);
    return what === "after" ? { reset: true } : reply;
  });
  return { ...server, intercept: (what) => (current = what) };
}

function forward(target: string, own: string, { method, path, query, headers, body }: Seen): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = send(
      `${target}${path}${query.size > 0 ? `?${query}` : ""}`,
      // The server makes its Locations from Host.
      { method, headers: { ...headers, host: new URL(own).host, connection: "close" } },
      async (answer) => {
        const chunks: Buffer[] = [];
        for await (const chunk of answer) chunks.push(Buffer.from(chunk));
        const { "transfer-encoding": _chunked, connection: _connection, ...kept } = answer.headers;
        const entries = Object.entries(kept).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
        resolve({ status: answer.statusCode ?? 500, headers: Object.fromEntries(entries), body: Buffer.concat(chunks) });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
