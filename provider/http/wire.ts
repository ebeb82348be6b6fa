import type { SecureContext } from "node:tls";
import type { Dispatcher } from "undici";
import { exchange, interruption, type RawAnswer } from "./exchange";
import { type Failure, isFailure } from "./failure";
import type { Interrupt } from "./interrupt";
import { type Lane, openLane } from "./lane";
import type { Prepared } from "./prepare";
import { harmlessHeaders, isRedirect, redirectTarget } from "./redirect";
import { Slots } from "./slots";

export interface WireOptions {
  readonly connections: number;
  readonly connectTimeout: number;
  readonly secureContext?: SecureContext;
  readonly env: NodeJS.ProcessEnv;
}

/** An answer and where it came from. */
export interface Arrival extends RawAnswer {
  /** Set if redirects led elsewhere; redacted. */
  readonly from: string;
  /** It came from another origin than the client's. */
  readonly foreign: boolean;
}

export interface Sending {
  /** With the authorizer's. */
  readonly headers: Readonly<Record<string, string>>;
  readonly stream: boolean;
  readonly bodyLimit: number;
}

/** Connections kept for origins that redirects lead to (object storage behind a registry). */
const foreignLanes = 16;

/** Sends single attempts: one slot each, redirects followed. Never rejects. */
export class Wire {
  readonly #own: Lane;
  readonly #foreign = new Map<string, Lane>();
  readonly #slots: Slots;

  constructor(
    private readonly origin: URL,
    private readonly options: WireOptions,
  ) {
    this.#slots = new Slots(options.connections);
    this.#own = openLane(origin, options);
  }

  async send(prepared: Prepared, sending: Sending, interrupt: Interrupt): Promise<Arrival | Failure> {
    if (interrupt.reason !== undefined) return interruption(interrupt.reason, false);
    if (!this.#slots.take() && !(await this.#slots.wait(interrupt))) return interruption(interrupt.reason ?? "aborted", false);
    try {
      const first = await this.#exchange(this.#own, prepared, prepared.path, sending, interrupt);
      if (isFailure(first)) return first;
      if (!isRedirect(first.status) || prepared.success(first.status)) return { ...first, from: "", foreign: false };
      return await this.#follow(first, prepared, sending, interrupt);
    } finally {
      this.#slots.release();
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#own, ...this.#foreign.values()].map((lane) => lane.close()));
  }

  async #follow(answer: RawAnswer, prepared: Prepared, sending: Sending, interrupt: Interrupt): Promise<Arrival | Failure> {
    const { call, request } = prepared;
    let at = new URL(this.origin.origin + prepared.path);
    const visited = [at.href];
    let headers = sending.headers;
    for (;;) {
      const location = answer.headers.location;
      const next = redirectTarget({
        method: request.method,
        status: answer.status,
        from: at,
        location: typeof location === "string" ? location : undefined,
        visited,
        limit: request.redirects ?? 5,
        shown: (url) => call.shown(url),
      });
      if (!(next instanceof URL)) return next;
      // Once gone, credentials do not come back, even if the other origin redirects home.
      if (next.origin !== at.origin) headers = harmlessHeaders(headers);
      at = next;
      visited.push(at.href);
      const foreign = at.origin !== this.origin.origin;
      const lane = foreign ? this.#laneTo(at) : this.#own;
      const result = await this.#exchange(lane, prepared, at.pathname + at.search, { ...sending, headers }, interrupt);
      if (isFailure(result)) return { ...result, hint: result.hint ?? `The server redirected to ${call.shown(at)}` };
      if (!isRedirect(result.status) || prepared.success(result.status)) return { ...result, from: call.shown(at), foreign };
      answer = result;
    }
  }

  async #exchange(lane: Lane, prepared: Prepared, path: string, sending: Sending, interrupt: Interrupt): Promise<RawAnswer | Failure> {
    const { payload, timeouts, request } = prepared;
    if (payload !== undefined) payload.sourceError = undefined;
    const options: Dispatcher.DispatchOptions = {
      path: lane.prefix + path,
      method: request.method,
      headers: lane.prefix === "" ? sending.headers : { ...sending.headers, ...lane.headers },
      headersTimeout: 0, // `exchange` has its own
      bodyTimeout: 0,
      body: payload?.open(),
    };
    const plan = {
      success: prepared.success,
      stream: sending.stream,
      bodyLimit: sending.bodyLimit,
      timeouts,
      payload,
    };
    const result = await exchange(sending.stream ? lane.streams() : lane.dispatcher, options, plan, interrupt);
    if (!isFailure(result) || payload?.sourceError === undefined) return result;
    return {
      ...result,
      kind: "request",
      problem: "the body of the request could not be read",
      cause: payload.sourceError.error,
      permanent: true,
    };
  }

  #laneTo(url: URL): Lane {
    const known = this.#foreign.get(url.origin);
    if (known !== undefined) {
      this.#foreign.delete(url.origin); // to the end of the line: the first one is closed when there are too many
      this.#foreign.set(url.origin, known);
      return known;
    }
    const lane = openLane(new URL(url.origin), this.options);
    this.#foreign.set(url.origin, lane);
    for (const [origin, oldest] of this.#foreign) {
      if (this.#foreign.size <= foreignLanes) break;
      this.#foreign.delete(origin);
      oldest.retire();
    }
    return lane;
  }
}
