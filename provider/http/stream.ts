import type { Readable } from "node:stream";
import type { Answer } from "./answer";
import type { Call } from "./call";
import { BodyLimitError, interruption } from "./exchange";
import { connectionFailure, type Failure } from "./failure";
import type { HttpStream } from "./request";

/** Gives an answer whose body is still to come. The caller's signal goes on to count while it is read; `timeouts.total` does not. */
export function answerStream(call: Call, answer: Answer, source: Readable | undefined): HttpStream {
  const { status, headers, url } = answer;
  if (source === undefined) return { status, headers, url, body: nothing(), cancel: async () => undefined };
  const { signal } = call.request;
  const onAbort = () => source.destroy(new Error("aborted"));
  source.on("error", () => undefined); // it may fail while nobody reads; whoever reads then is told
  source.once("close", () => signal?.removeEventListener("abort", onAbort));
  if (signal?.aborted) onAbort();
  else signal?.addEventListener("abort", onAbort, { once: true });
  let failure: Failure | undefined;
  let received = 0;
  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of source as AsyncIterable<Buffer>) {
        received += chunk.length;
        yield chunk;
      }
    } catch (error) {
      failure ??= readFailure(error);
      throw call.error(failure);
    }
  }
  const readFailure = (error: unknown): Failure => {
    if (signal?.aborted) return interruption("aborted", true);
    if (error instanceof BodyLimitError) return error.failure;
    const length = Number(headers.get("content-length") ?? Number.NaN);
    const problem = error instanceof Error ? error : new Error("unknown reason");
    return connectionFailure(problem, { started: true, status, received, promised: Number.isNaN(length) ? undefined : length });
  };
  const cancel = () =>
    new Promise<void>((resolve) => {
      if (source.closed) return resolve();
      source.once("close", () => resolve());
      source.destroy();
    });
  return { status, headers, url, body: read(), cancel };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
