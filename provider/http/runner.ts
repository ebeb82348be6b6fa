import type { Readable } from "node:stream";
import { withoutSignal } from "./ambient-signal";
import { Answer, ReceivedHeaders } from "./answer";
import type { Call } from "./call";
import { RegistryError } from "./error";
import { interruption } from "./exchange";
import { type Failure, isFailure } from "./failure";
import { type HttpClock, Interrupt, type InterruptReason } from "./interrupt";
import { decodeJson, pageInPlaceOfAnswer } from "./json";
import { type Prepared, prepare } from "./prepare";
import type { Authorizer, Timeouts } from "./request";
import { type RetryPolicy, retryDelay, worthRetrying } from "./retry";
import { statusFailure } from "./status";
import { headerProblem } from "./valid-headers";
import type { Wire } from "./wire";

export interface RunnerOptions {
  readonly authorizer?: Authorizer;
  readonly userAgent: string;
  readonly timeouts: Timeouts;
  readonly policy: RetryPolicy;
  readonly bodyLimit: number;
  readonly clock: HttpClock;
  readonly random: () => number;
  readonly log?: (line: string) => void;
}

/** `bytes` buffers the body, `json` buffers and decodes it, `stream` gives it as it comes. */
export type Mode = "bytes" | "json" | "stream";

/** A call that succeeded. */
export interface Outcome {
  readonly call: Call;
  readonly answer: Answer;
  /** In mode `json`; undefined for an empty body. */
  readonly json?: unknown;
  /** In mode `stream`. */
  readonly stream?: Readable;
}

/** Runs calls: credentials, attempts, renewal, retries, deadline. */
export class Runner {
  constructor(
    private readonly wire: Wire,
    readonly options: RunnerOptions,
  ) {}

  /** Throws RegistryError, and nothing else. */
  async run(call: Call, mode: Mode): Promise<Outcome> {
    const { clock, policy, userAgent, timeouts } = this.options;
    const prepared = prepare(call, { userAgent, timeouts }, mode === "json" ? "application/json" : undefined);
    if (isFailure(prepared)) throw call.error(prepared);
    const { total } = prepared.timeouts;
    const deadline = clock.now() + total;
    const interrupt = new Interrupt(call.request.signal, total);
    const renewal = { left: this.options.authorizer === undefined ? 0 : 1 };
    try {
      let last: Failure | undefined;
      for (let failures = 0; ; ) {
        const outcome = await this.#attempt(prepared, mode, interrupt, renewal);
        if (outcome === "again") continue;
        if (!isFailure(outcome)) return outcome;
        failures++;
        const failure = last === undefined ? outcome : withHistory(outcome, last);
        last = outcome;
        if (outcome.fate === "unknown") call.unclear = true;
        if (failures >= policy.attempts || !worthRetrying(outcome, call.request.method, repeatable(prepared))) throw call.error(failure);
        const delay = retryDelay(policy, failures, outcome.retryAfter, this.options.random);
        if (clock.now() + delay >= deadline)
          throw call.error({
            ...failure,
            hint: failure.hint ?? `Given up: the next attempt would be after the ${total} ms for the whole call`,
          });
        this.options.log?.(`Attempt ${call.attempts + 1} in ${delay} ms, after ${call.error(outcome).message}`);
        const reason = await interrupt.sleep(clock, delay);
        if (reason !== undefined) throw call.error(interruption(reason, false));
      }
    } finally {
      interrupt.end();
    }
  }

  async #attempt(prepared: Prepared, mode: Mode, interrupt: Interrupt, renewal: { left: number }): Promise<Outcome | Failure | "again"> {
    const { call, request } = prepared;
    const { authorizer } = this.options;
    const given =
      authorizer === undefined ? nothing : (authorizer.atHand?.(request) ?? (await this.#given(authorizer, prepared, interrupt)));
    if (typeof given === "string") return interruption(given, false);
    const headers = authorized(prepared, given);
    const problem = headerProblem(headers);
    if (problem !== undefined) return { kind: "request", fate: "not-sent", problem, permanent: true };
    call.attempts++;
    const bodyLimit = request.bodyLimit ?? (mode === "stream" ? Number.POSITIVE_INFINITY : this.options.bodyLimit);
    const arrival = await this.wire.send(prepared, { headers, stream: mode === "stream", bodyLimit }, interrupt);
    if (isFailure(arrival)) return arrival;
    const answer = new Answer(arrival.status, new ReceivedHeaders(arrival.headers), arrival.body, call, arrival.from);
    if (prepared.success(arrival.status)) {
      const page =
        mode === "bytes" && !request.opaque && answer.status < 300 ? pageInPlaceOfAnswer(answer, call.request.method) : undefined;
      if (page) return page;
      if (mode !== "json") return { call, answer, stream: arrival.stream };
      const decoded = decodeJson(answer);
      return isFailure(decoded) ? decoded : { call, answer, json: decoded.value };
    }
    if (authorizer !== undefined && renewal.left > 0 && !arrival.foreign && asksForCredentials(answer)) {
      renewal.left--;
      const renewed = await this.#guard(call, interrupt, () => withoutSignal(() => authorizer.renew(request, answer)));
      if (typeof renewed === "string") return interruption(renewed, false);
      if (renewed.value) {
        this.options.log?.(`Credentials renewed for ${request.method} ${call.url()}, after ${answer.status}`);
        return "again";
      }
    }
    return statusFailure(answer, call.redactor(), this.options.clock.now());
  }

  async #given(authorizer: Authorizer, { call, request }: Prepared, interrupt: Interrupt): Promise<Headers | InterruptReason> {
    const given = await this.#guard(call, interrupt, () => withoutSignal(() => authorizer.authorize(request)));
    return typeof given === "string" ? given : given.value;
  }

  /** What the authorizer throws is the call's error; RegistryErrors (of the token server) stay as they are. */
  async #guard<T>(call: Call, interrupt: Interrupt, ask: () => Promise<T>): Promise<{ readonly value: T } | InterruptReason> {
    try {
      return await interrupt.race(ask());
    } catch (error) {
      if (error instanceof RegistryError) throw error;
      throw call.error({
        kind: "request",
        fate: "not-sent",
        problem: `no credentials: ${error instanceof Error ? error.message : "unknown reason"}`,
        cause: error,
      });
    }
  }
}

type Headers = Readonly<Record<string, string>>;

const nothing: Headers = {};

/** The request's own headers come last: a request that brings its credentials along means them. */
function authorized({ call, headers }: Prepared, given: Headers): Headers {
  const entries = Object.entries(given);
  if (entries.length === 0) return headers;
  call.addCredentials(given);
  return { ...Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value])), ...headers };
}

/** "Out of time" alone would hide what took the time. */
function withHistory(failure: Failure, before: Failure): Failure {
  if (failure.kind !== "timeout") return failure;
  return { ...failure, problem: `${failure.problem}; the attempt before: ${[before.status, before.problem].filter(Boolean).join(" ")}` };
}

const repeatable = ({ request }: Prepared): boolean => request.repeatable ?? (request.method !== "POST" && request.method !== "PATCH");

const asksForCredentials = (answer: Answer): boolean =>
  answer.status === 401 || (answer.status === 403 && answer.headers.get("www-authenticate") !== undefined);
