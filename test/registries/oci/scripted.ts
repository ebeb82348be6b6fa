import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { connectOci, type OciClient, type OciOptions } from "../../../provider/registries/oci";

/** A request as a scripted server got it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What it answers; `reset` cuts the connection. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly json?: unknown;
  readonly body?: string | Buffer;
  readonly reset?: boolean;
}

export interface Scripted {
  readonly url: string;
  readonly seen: Seen[];
  /** `GET /v2/`, one line a request. */
  lines(): string[];
  client(options?: Partial<OciOptions>): OciClient;
}

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((cleanup) => cleanup()));
});

/** Ends something after the test. */
export function later(cleanup: () => Promise<unknown>): void {
  cleanups.push(cleanup);
}

/** A server that behaves as a test wants it to; ends with the test. */
export async function scripted(answer: (request: Seen, url: string) => Reply | Promise<Reply>): Promise<Scripted> {
  const seen: Seen[] = [];
  let url = "";
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(Buffer.from(chunk));
    } catch {
      return;
    }
    const target = new URL(request.url ?? "/", url);
    const one = {
      method: request.method ?? "",
      path: target.pathname,
      query: target.searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks),
    };
    seen.push(one);
    try {
      send(response, one.method, await answer(one, url));
    } catch (error) {
      send(response, one.method, { status: 599, body: String(error) });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on TCP has such an address.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  later(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  const client = (options: Partial<OciOptions> = {}) => clientOf(url, options);
  return { url, seen, lines: () => seen.map(({ method, path, query }) => `${method} ${path}${query.size > 0 ? `?${query}` : ""}`), client };
}

/** A client that waits for nothing between attempts; ends with the test. */
export function clientOf(url: string, options: Partial<OciOptions> = {}): OciClient {
  const client = connectOci({ url, random: () => 0, env: {}, ...options });
  later(() => client.close());
  return client;
}

/** The registry's error body. */
export function ociError(status: number, code: string, message = code.toLowerCase()): Reply {
  return { status, json: { errors: [{ code, message }] } };
}

function send(response: ServerResponse, method: string, { status = 200, headers = {}, json, body, reset }: Reply): void {
  if (reset) return void response.destroy();
  const content = json === undefined ? body : JSON.stringify(json);
  const type = json === undefined ? {} : { "content-type": "application/json" };
  for (const [name, value] of Object.entries({ ...type, ...headers })) response.setHeader(name, value);
  response.writeHead(status);
  response.end(method === "HEAD" ? undefined : content);
}
