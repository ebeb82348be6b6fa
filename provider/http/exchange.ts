import { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import type { RawHeaders } from "./answer";
import type { Payload } from "./body";
import { clearDeadline, type Deadline, setDeadline } from "./deadlines";
import { RegistryError } from "./error";
import { connectionFailure, type Failure } from "./failure";
import type { Interrupt, InterruptReason } from "./interrupt";
import type { Timeouts } from "./request";
import { undici } from "./undici";

/** What came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: RawHeaders;
  readonly body: Buffer;
  /** In place of `body`, if it was asked for and the status is a success. Its errors are those of undici. */
  readonly stream?: Readable;
}

export interface ExchangePlan {
  /** Statuses that are no failures. */
  readonly success: (status: number) => boolean;
  readonly stream: boolean;
  /** Bytes of a successful answer. Others are cut at `errorBodyLimit`. */
  readonly bodyLimit: number;
  /** `total` is the interrupt's. 0 turns one off. */
  readonly timeouts: Omit<Timeouts, "total">;
  /** Set if the body is a stream: while it goes out, the server cannot be late with its answer. */
  readonly payload?: Payload;
}

/** Error bodies are for reading, not for processing; 64 KiB as go-containerregistry does. */
export const errorBodyLimit = 64 * 1024;

/**
 * One request on the wire and its answer. Never rejects.
 * undici's `dispatch` in place of `request`: it says when the request begins to go out, hence whether a failure was before or after that,
 * and a small body needs no stream. The deadlines are our own too, one at a time: undici's may be late by a second, and pass for connections, not requests.
 */
export function exchange(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  plan: ExchangePlan,
  interrupt: Interrupt,
): Promise<RawAnswer | Failure> {
  return new Promise((resolve) => {
    const handler = new Handler(plan, (result) => {
      interrupt.unwatch();
      resolve(result);
    });
    interrupt.watch((reason) => handler.interrupt(reason));
    if (interrupt.reason === undefined) {
      handler.listen();
      dispatcher.dispatch(options, handler);
      handler.connecting();
    }
  });
}

const stalled = () => new (undici().errors.BodyTimeoutError)();

const empty = Buffer.alloc(0);

class Handler implements Dispatcher.DispatchHandler, Deadline {
  due = 0;
  #controller?: Dispatcher.DispatchController;
  #started = false;
  #over = false;
  #status?: number;
  #headers: RawHeaders = {};
  #limit = 0;
  #promised?: number;
  #received = 0;
  #success = false;
  #chunks: Buffer[] = [];
  #stream?: Readable;
  /** Milliseconds for what comes next; 0 for no limit. */
  #allowed = 0;
  #late: () => Error = stalled;

  constructor(
    private readonly plan: ExchangePlan,
    private readonly settle: (result: RawAnswer | Failure) => void,
  ) {}

  interrupt(reason: InterruptReason): void {
    this.#finish(interruption(reason, this.#started));
    this.#controller?.abort(new Error(reason));
  }

  listen(): void {
    if (this.plan.payload !== undefined) this.plan.payload.progress = () => this.#progress();
  }

  /** A connection that stands takes the request at once: then there is nothing to wait for. */
  connecting(): void {
    if (this.#started || this.#over) return;
    this.#allow(this.plan.timeouts.connect, () => new (undici().errors.ConnectTimeoutError)());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#over) {
      controller.abort(new Error("interrupted before it was sent"));
    } else {
      this.#started = true;
      this.#allow(this.plan.timeouts.headers, () => new (undici().errors.HeadersTimeoutError)());
    }
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: RawHeaders): void {
    if (status < 200 || this.#over) return;
    this.#allow(this.plan.timeouts.body, stalled);
    this.#status = status;
    this.#headers = headers;
    this.#success = this.plan.success(status);
    this.#limit = this.#success ? this.plan.bodyLimit : errorBodyLimit;
    const length = headers["content-length"];
    if (typeof length === "string") this.#promised = Number(length);
    if (this.#success && this.plan.stream) this.#open(controller, status);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#received += chunk.length;
    if (this.#received > this.#limit) this.#overflow(controller, chunk);
    else if (this.#stream?.push(chunk) === false) {
      controller.pause();
      clearDeadline(this); // now it is the reader who is slow
    } else {
      if (this.#stream === undefined) this.#chunks.push(chunk);
      if (this.#allowed > 0) setDeadline(this, this.#allowed);
    }
  }

  onResponseEnd(): void {
    clearDeadline(this);
    if (this.#stream !== undefined) this.#stream.push(null);
    else this.#finish(this.#answer());
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    clearDeadline(this);
    if (this.#stream !== undefined) this.#stream.destroy(error);
    // The status of a failure says more than that its explanation broke off.
    else if (this.#status !== undefined && !this.#success) this.#finish(this.#answer());
    else
      this.#finish(
        connectionFailure(error, { started: this.#started, status: this.#status, received: this.#received, promised: this.#promised }),
      );
  }

  #open(controller: Dispatcher.DispatchController, status: number): void {
    this.#stream = new Readable({
      read: () => {
        if (!controller.paused) return;
        this.#allow(this.plan.timeouts.body, stalled);
        controller.resume();
      },
      destroy: (error, done) => {
        clearDeadline(this);
        controller.abort(error ?? new Error("the answer was cancelled"));
        done(error);
      },
    });
    this.#finish({ status, headers: this.#headers, body: empty, stream: this.#stream });
  }

  #overflow(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const tooLarge = tooLargeFailure(this.#status, this.#limit);
    if (this.#stream !== undefined) this.#stream.destroy(new BodyLimitError(tooLarge));
    else if (this.#success) this.#finish(tooLarge);
    else {
      this.#chunks.push(chunk.subarray(0, this.#limit - (this.#received - chunk.length)));
      this.#finish(this.#answer());
    }
    controller.abort(new Error("the answer is too large")); // closes the connection: the rest of the body is still on its way
  }

  #answer(): RawAnswer {
    const [first = empty] = this.#chunks;
    const body = this.#chunks.length <= 1 ? first : Buffer.concat(this.#chunks);
    return { status: this.#status ?? 0, headers: this.#headers, body };
  }

  /** The time for what comes next; what came before is in time. */
  #allow(milliseconds: number, late: () => Error): void {
    this.#late = late;
    this.#allowed = milliseconds < 2 ** 31 ? milliseconds : 0;
    if (this.#allowed > 0) setDeadline(this, this.#allowed);
    else clearDeadline(this);
  }

  /** A piece of the request went out. */
  #progress(): void {
    if (!this.#over && this.#status === undefined && this.#allowed > 0) setDeadline(this, this.#allowed);
  }

  expire(): void {
    const error = this.#late();
    this.onResponseError(undefined, error);
    this.#controller?.abort(error);
  }

  #finish(result: RawAnswer | Failure): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#stream === undefined) clearDeadline(this);
    this.settle(result);
  }
}

/** Carries the failure through a stream. */
export class BodyLimitError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.problem);
  }
}

const limitMark = "(bodyLimit)";

/** Whether an answer had more bytes than its request wanted. */
export const isTooLarge = (error: unknown): error is RegistryError =>
  error instanceof RegistryError && error.kind === "answer" && error.problem?.endsWith(limitMark) === true;

function tooLargeFailure(status: number | undefined, limit: number): Failure {
  return { kind: "answer", fate: "unknown", status, problem: `the answer is larger than ${limit} bytes ${limitMark}`, permanent: true };
}

/** The failure of a call that was interrupted while it waited for something. */
export function interruption(reason: InterruptReason, sent: boolean): Failure {
  const fate = sent ? "unknown" : "not-sent";
  if (reason === "aborted") return { kind: "aborted", fate, problem: "aborted by the caller", permanent: true };
  return { kind: "timeout", fate, problem: "no answer within the time for the whole call (timeouts.total)", permanent: true };
}
