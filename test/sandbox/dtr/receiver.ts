import { createServer, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";

/** A server that takes what webhooks send. */
export interface Receiver {
  /** `http://127.0.0.1:40123/hook` */
  readonly url: string;
  /** Bodies of the POSTs so far, parsed. */
  readonly received: Record<string, unknown>[];
  close(): Promise<void>;
}

/** Listens on loopback, with TLS when it gets a certificate, and answers every POST with this status. */
export async function receiver(status = 200, tls?: { readonly key: string; readonly cert: string }): Promise<Receiver> {
  const received: Record<string, unknown>[] = [];
  const answer: RequestListener = async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    received.push(JSON.parse(Buffer.concat(chunks).toString("utf8")));
    res.writeHead(status).end();
  };
  const server = tls ? createSecureServer(tls, answer) : createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server has no other kind of address
  return {
    url: `${tls ? "https" : "http"}://127.0.0.1:${port}/hook`,
    received,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
