import { type RequestOptions, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

/** How a POST went: the status of the answer, or why there was none. */
export type Posted = { readonly status: number } | { readonly error: string };

export interface LoopbackPost {
  readonly endpoint: string;
  readonly body: unknown;
  /** PEM that is trusted instead of the machine's authorities. Default: empty. */
  readonly tlsCert?: string;
  /** Default: false. */
  readonly skipTLSVerification?: boolean;
}

/** Milliseconds after which a receiver that does not answer has failed. */
const PATIENCE = 2_000;

/** True for addresses of this machine alone: a sandbox must not send anything elsewhere. */
function isLoopback(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, hostname } = new URL(endpoint);
  return /^https?:$/.test(protocol) && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/** POSTs JSON to a loopback address. Never rejects, and never sends anything to another host. */
export function postToLoopback({ endpoint, body, tlsCert = "", skipTLSVerification = false }: LoopbackPost): Promise<Posted> {
  if (!isLoopback(endpoint)) return Promise.resolve({ error: `not sent: ${endpoint} is not on loopback` });
  const bytes = Buffer.from(JSON.stringify(body));
  const headers = { "content-type": "application/json", "content-length": bytes.length };
  const options: RequestOptions = { method: "POST", headers, agent: false, timeout: PATIENCE };
  return new Promise((resolve) => {
    const url = new URL(endpoint);
    const trust = { rejectUnauthorized: !skipTLSVerification, ...(tlsCert && { ca: tlsCert }) };
    const sent = url.protocol === "https:" ? requestHttps(url, { ...options, ...trust }) : requestHttp(url, options);
    sent.on("response", (response) => {
      response.resume();
      response.on("close", () => resolve({ status: response.statusCode ?? 0 }));
    });
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${PATIENCE} ms`)));
    sent.on("error", (error) => resolve({ error: error.message }));
    sent.end(bytes);
  });
}
