import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { send, wireAnswer } from "./answer";
import type { Clock, Handler, SandboxRequest, SandboxResponse } from "./contract";
import { apiFaultOf, type Faults } from "./faults";
import { pause, play } from "./play";
import type { RequestLog } from "./request-log";

export interface ServeOptions {
  /** Name in the log and in faults: `oci`, `selectel`, … */
  readonly api: string;
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly clock: Clock;
  /** Without it nothing is logged, delayed or broken: the control endpoint. */
  readonly interference?: Interference;
}

export interface Interference {
  readonly faults: Faults;
  readonly log: RequestLog;
  /** Milliseconds before every answer. */
  readonly latency: number;
  /** Where the fault `redirect` leads. */
  readonly elsewhere: () => string;
}

export interface Served {
  /** `http://127.0.0.1:40123` */
  readonly origin: string;
  /** Gives the server its API; before, it answers 503. */
  attach(handler: Handler): void;
  close(): Promise<void>;
}

/** Starts an HTTP server for one API. Rejects when the port is taken. */
export async function serve(options: ServeOptions): Promise<Served> {
  let handler: Handler = () => ({ status: 503, body: "the sandbox is starting\n" });
  const server = createServer((req, res) => {
    answer(req, res, options, (request) => handler(request)).catch(() => res.socket?.destroy());
  });
  // As long as a client might think about its next request; the default of five seconds makes keep-alive races likely.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo; // a TCP server has no other kind of address
  return {
    origin: `http://${options.host.includes(":") ? `[${options.host}]` : options.host}:${port}`,
    attach: (given) => {
      handler = given;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(req: IncomingMessage, res: ServerResponse, options: ServeOptions, handler: Handler): Promise<void> {
  const { api, clock, interference } = options;
  const method = req.method ?? "GET";
  const { rawPath, query } = targetOf(req.url ?? "/");
  const headers = headersOf(req);
  const fault = interference?.faults.take({ api, method, path: rawPath });
  const done = interference?.log.add({ api, method, path: rawPath, query, headers, ...(fault && { fault: fault.kind }) });
  const body = await bodyOf(req);
  const apiFault = fault && apiFaultOf(fault);
  const request: SandboxRequest = {
    method,
    rawPath,
    query: new URLSearchParams(query),
    headers,
    body,
    origin: `http://${headers.host ?? options.host}`,
    ...(apiFault && { fault: apiFault }),
  };
  const effect = async () => wireAnswer(await guarded(handler, request));
  if (interference) await pause(interference.latency, res);
  if (!fault || !interference) {
    const response = await effect();
    done?.(response.status);
    return send(res, response, clock, method);
  }
  const target = query === "" ? rawPath : `${rawPath}?${query}`;
  done?.(await play(fault, { res, method, target, clock, elsewhere: interference.elsewhere(), effect }));
}

/** A mistake of the sandbox itself must be seen as such, not as an odd answer of the API. */
async function guarded(handler: Handler, request: SandboxRequest): Promise<SandboxResponse> {
  try {
    return await handler(request);
  } catch (error) {
    const stack = error instanceof Error ? error.stack : String(error);
    return { status: 500, headers: { "content-type": "text/plain; charset=utf-8" }, body: `the sandbox itself failed: ${stack}\n` };
  }
}

/** Splits without decoding: an encoded slash must stay one. */
function targetOf(url: string): { readonly rawPath: string; readonly query: string } {
  const target = url.replace(/^https?:\/\/[^/?]*/, "");
  const mark = target.indexOf("?");
  return mark < 0 ? { rawPath: target || "/", query: "" } : { rawPath: target.slice(0, mark) || "/", query: target.slice(mark + 1) };
}

function headersOf(req: IncomingMessage): Record<string, string> {
  const entries = Object.entries(req.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]);
  return Object.fromEntries(entries);
}

async function bodyOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}
