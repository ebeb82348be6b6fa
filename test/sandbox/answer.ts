import type { ServerResponse } from "node:http";
import type { Clock, SandboxResponse } from "./contract";

/** An answer as it goes over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

export function wireAnswer(response: SandboxResponse): WireAnswer {
  const { status, headers = {}, json, body = json === undefined ? "" : `${JSON.stringify(json)}\n` } = response;
  const type: Record<string, string> = json === undefined ? {} : { "content-type": "application/json; charset=utf-8" };
  return { status, headers: { ...type, ...headers }, body: typeof body === "string" ? Buffer.from(body) : body };
}

/** Writes status and headers; `length` undefined means that the body's end is not announced. `Date` is the sandbox's. */
export function writeHead(res: ServerResponse, answer: WireAnswer, clock: Clock, length: number | undefined): void {
  const bodiless = answer.status === 204 || answer.status === 304 || answer.status < 200;
  res.sendDate = false;
  res.setHeader("date", clock.now().toUTCString());
  for (const [name, value] of Object.entries(answer.headers)) res.setHeader(name, typeof value === "string" ? value : [...value]);
  if (length !== undefined && !bodiless) res.setHeader("content-length", length);
  res.writeHead(answer.status);
}

export function send(res: ServerResponse, answer: WireAnswer, clock: Clock, method: string): void {
  writeHead(res, answer, clock, answer.body.length);
  res.end(method === "HEAD" ? undefined : answer.body);
}
