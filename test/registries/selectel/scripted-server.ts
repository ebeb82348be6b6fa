import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface Seen {
  readonly method: string;
  /** As it came in, not decoded. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection is cut without an answer. */
  readonly reset?: boolean;
}

export interface ScriptedServer {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** `GET /api/v1/registries`, as the requests came in. */
  lines(): string[];
  close(): Promise<void>;
}

/** A server on loopback whose answers the test gives, one by one or by a function. */
export async function startServer(answer: (request: Seen, index: number) => Reply | Promise<Reply>): Promise<ScriptedServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const one = {
        method: String(request.method),
        url: String(request.url),
        headers: request.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      };
      seen.push(one);
      const reply = await answer(one, seen.length - 1);
      if (reply.reset) return void request.socket.destroy();
      const type = reply.json === undefined ? {} : { "content-type": "application/json" };
      response.writeHead(reply.status ?? 200, { ...type, ...reply.headers });
      response.end(reply.json === undefined ? reply.text : JSON.stringify(reply.json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    lines: () => seen.map(({ method, url }) => `${method} ${url}`),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
