import { Readable } from "node:stream";
import type { RequestBody } from "./request";

/** A body made ready to be sent, as often as need be. */
export interface Payload {
  readonly headers: Readonly<Record<string, string>>;
  readonly open: () => string | Uint8Array | Readable;
  /** Called whenever a piece of a stream went out. */
  progress?: () => void;
  /** Why the source of the body failed, if it did: then the request is at fault, not the connection. */
  sourceError?: { readonly error: unknown };
}

export function payloadOf(body: RequestBody): Payload {
  if ("json" in body) return constant(JSON.stringify(body.json) ?? "null", "application/json");
  if ("form" in body) return constant(new URLSearchParams(body.form).toString(), "application/x-www-form-urlencoded");
  if ("bytes" in body) return constant(body.bytes, body.type);
  const payload: Payload = {
    headers: { "content-type": body.type, ...(body.length === undefined ? {} : { "content-length": String(body.length) }) },
    // The listener: the source may fail before undici listens, or after it stopped to.
    open: () => Readable.from(watched(body.stream, payload), { objectMode: false }).on("error", () => undefined),
  };
  return payload;
}

const constant = (content: string | Uint8Array, type: string): Payload => ({ headers: { "content-type": type }, open: () => content });

async function* watched(open: () => AsyncIterable<Uint8Array>, payload: Payload): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of open()) {
      yield chunk;
      payload.progress?.();
    }
  } catch (error) {
    payload.sourceError = { error };
    throw error;
  }
}
