import { Agent, request } from "node:http";

export interface Message {
  /** A list is sent as that many lines. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Buffer;
  /** True: the length is not announced (`Transfer-Encoding: chunked`), as Go's client sends what it reads from a stream. */
  readonly streamed?: boolean;
}

export interface Answer {
  readonly status: number;
  /** The first line of that header. */
  header(name: string): string | undefined;
  /** Every line of that header by itself. */
  headers(name: string): readonly string[];
  readonly body: Buffer;
}

/** Sends to a path, or to a `Location` as it came. Follows nothing, decodes nothing. */
export type Send = (method: string, target: string, message?: Message) => Promise<Answer>;

/** A client that sees what is on the wire, where `fetch` merges lines of headers and announces every length. */
export function wireClient(origin: string): { readonly send: Send; close(): void } {
  const agent = new Agent({ keepAlive: true });
  const send: Send = (method, target, { headers = {}, body, streamed = false } = {}) =>
    new Promise((resolve, reject) => {
      const sent = request(new URL(target, origin), { method, agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on("error", reject);
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const lines = (name: string) => response.headersDistinct[name] ?? [];
          resolve({
            status: response.statusCode ?? 0,
            header: (name) => lines(name)[0],
            headers: lines,
            body: Buffer.concat(chunks),
          });
        });
      });
      sent.on("error", reject);
      for (const [name, value] of Object.entries(headers)) sent.setHeader(name, value);
      if (streamed) sent.setHeader("transfer-encoding", "chunked");
      sent.end(body);
    });
  return { send, close: () => agent.destroy() };
}
