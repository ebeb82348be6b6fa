import type { ServerResponse } from "node:http";
import { send, type WireAnswer, wireAnswer, writeHead } from "./answer";
import type { Clock } from "./contract";
import type { Fault } from "./faults";

export interface Scene {
  readonly res: ServerResponse;
  readonly method: string;
  /** Raw path and query. */
  readonly target: string;
  readonly clock: Clock;
  /** Origin of the `stranger`. */
  readonly elsewhere: string;
  /** Lets the API do what was asked, and gives its answer. */
  readonly effect: () => Promise<WireAnswer>;
}

const LONG = 60_000;
const CHUNK = Buffer.from(`${"0,".repeat(8_192)}\n`);
/** An endless body ends after all when a client takes this much. */
const ENDLESS_CHUNKS = 65_536;
const PAGE = "<!DOCTYPE html>\n<html><head><title>Gateway</title></head><body><h1>Please log in</h1></body></html>\n";

/** Plays a fault on a request and answers it. Gives the status that was sent, 0 when the connection was reset before any. */
export async function play(fault: Fault, scene: Scene): Promise<number> {
  const { res, clock, method } = scene;
  switch (fault.kind) {
    case "delay":
      await pause(fault.ms, res);
      return answerWith(await scene.effect(), scene);
    case "reset-before":
      return reset(res);
    case "reset-after":
      await scene.effect();
      return reset(res);
    case "status":
      return answerWith(statusAnswer(fault, clock), scene);
    case "html":
      return answerWith(
        wireAnswer({ status: fault.status ?? 200, headers: { "content-type": "text/html; charset=utf-8" }, body: PAGE }),
        scene,
      );
    case "redirect": {
      const location = fault.to ?? `${scene.elsewhere}${scene.target}`;
      return answerWith(wireAnswer({ status: fault.status ?? 307, headers: { location } }), scene);
    }
    case "broken-json": {
      const answer = await scene.effect();
      const headers = { ...answer.headers, "content-type": "application/json" };
      return answerWith({ status: answer.status, headers, body: Buffer.from('{"broken": [1, 2') }, scene);
    }
    case "truncated": {
      const answer = await scene.effect();
      // With nothing to cut, more is announced than there is.
      writeHead(res, answer, clock, Math.max(answer.body.length, 2));
      await written(res, answer.body.subarray(0, Math.floor(answer.body.length / 2)));
      reset(res);
      return answer.status;
    }
    case "endless":
      return endless(await scene.effect(), scene);
    case "slow-header": {
      const answer = await scene.effect();
      await pause(fault.ms ?? LONG, res);
      return answerWith(answer, scene);
    }
    case "slow-body": {
      const answer = await scene.effect();
      const half = Math.floor(answer.body.length / 2);
      writeHead(res, answer, clock, answer.body.length);
      await written(res, answer.body.subarray(0, half));
      await pause(fault.ms ?? LONG, res);
      res.end(method === "HEAD" ? undefined : answer.body.subarray(half));
      return answer.status;
    }
    default:
      return answerWith(await scene.effect(), scene);
  }
}

/** Waits; ends early when the client leaves or the server closes. */
export function pause(milliseconds: number, res: ServerResponse): Promise<void> {
  if (milliseconds <= 0 || res.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      res.off("close", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    res.on("close", done);
  });
}

function statusAnswer(fault: Extract<Fault, { kind: "status" }>, clock: Clock): WireAnswer {
  const { status, body = `injected ${status}\n`, retryAfter, retryAfterAs } = fault;
  const type = fault.contentType ?? (/^\s*[[{]/.test(body) ? "application/json" : "text/plain; charset=utf-8");
  const seconds = retryAfter === "date" ? 1 : retryAfter;
  const asDate = retryAfter === "date" || retryAfterAs === "date";
  const value = asDate && typeof seconds === "number" ? new Date(clock.now().getTime() + seconds * 1_000).toUTCString() : seconds;
  return wireAnswer({ status, body, headers: { "content-type": type, ...(value !== undefined && { "retry-after": String(value) }) } });
}

async function endless(answer: WireAnswer, { res, clock }: Scene): Promise<number> {
  writeHead(res, { ...answer, headers: { ...answer.headers, "content-type": "application/json" } }, clock, undefined);
  await written(res, Buffer.from("["));
  for (let sent = 0; sent < ENDLESS_CHUNKS && !res.destroyed; sent++) await written(res, CHUNK);
  reset(res);
  return answer.status;
}

/** Resolves when the bytes were handed to the system, or cannot be any more. */
function written(res: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (res.destroyed) return resolve();
    const left = () => resolve();
    res.once("close", left);
    res.write(bytes, () => {
      res.off("close", left);
      resolve();
    });
  });
}

function answerWith(answer: WireAnswer, { res, clock, method }: Scene): number {
  if (!res.destroyed) send(res, answer, clock, method);
  return answer.status;
}

function reset(res: ServerResponse): 0 {
  res.socket?.resetAndDestroy();
  return 0;
}
