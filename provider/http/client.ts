import type { z } from "zod";
import { underSignal } from "./ambient-signal";
import { Call, type CallContext, type HintFacts } from "./call";
import { defined } from "./defined";
import { type HttpClock, systemClock } from "./interrupt";
import { parseValue } from "./json";
import { trusting } from "./lane";
import { once } from "./once";
import { parseBaseUrl } from "./origin";
import type { Authorizer, Http, HttpAnswer, HttpRequest, HttpStream, Timeouts } from "./request";
import { defaultRetryPolicy, type RetryPolicy } from "./retry";
import { Runner } from "./runner";
import { answerStream } from "./stream";
import { defaultUserAgent } from "./user-agent";
import { Wire } from "./wire";

export interface HttpClientOptions {
  /** `https://registry.example.com/api`: http or https, no credentials, no query. */
  readonly baseUrl: string;
  /** Default: requests go out as they are. */
  readonly authorizer?: Authorizer;
  /** Default `registry-as-code/<version>`. */
  readonly userAgent?: string;
  readonly timeouts?: Partial<Timeouts>;
  readonly retry?: Partial<RetryPolicy>;
  /** Bytes of a buffered answer. Default 64 MiB. Bodies of failures are cut at 64 KiB; streams have no limit but their request's. */
  readonly bodyLimit?: number;
  /** Requests in flight at a time, and connections; more wait in line. Streams count until their headers are there. Default 16. */
  readonly connections?: number;
  /** PEM certificate of an authority to trust beside those that Node trusts. */
  readonly ca?: string;
  /** Where `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` (or in lower case) are looked up. Default `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  /** Default: the real time. */
  readonly clock?: HttpClock;
  /** At least 0 and less than 1, for the jitter. Default `Math.random`. */
  readonly random?: () => number;
  /** Known secrets (passwords, tokens) that must not occur in any message, whoever repeats them. Asked when a message is made. */
  readonly secrets?: () => readonly string[];
  /** The API's next step for the reader of an error, one sentence; undefined for the general one. */
  readonly hints?: (facts: HintFacts) => string | undefined;
  /** One line for each retry and renewal, free of secrets. */
  readonly log?: (line: string) => void;
}

export const defaultTimeouts: Timeouts = { connect: 10_000, headers: 120_000, body: 60_000, total: 300_000 };

/** The HTTP client of one registry origin. The constructor throws TypeError for options that cannot be meant. */
export class HttpClient implements Http {
  readonly baseUrl: URL;
  readonly #context: CallContext;
  readonly #wire: Wire;
  readonly #runner: Runner;

  constructor(options: HttpClientOptions) {
    this.baseUrl = parseBaseUrl(options.baseUrl);
    const timeouts = { ...defaultTimeouts, ...defined(options.timeouts) };
    const connections = options.connections ?? 16;
    if (!Number.isInteger(connections) || connections < 1) throw new TypeError("connections must be a whole number from 1");
    const basePath = this.baseUrl.pathname === "/" ? "" : this.baseUrl.pathname;
    this.#context = { baseUrl: this.baseUrl, basePath, secrets: options.secrets, hints: options.hints };
    this.#wire = new Wire(this.baseUrl, {
      connections,
      connectTimeout: timeouts.connect,
      secureContext: options.ca === undefined ? undefined : trusting(options.ca),
      env: options.env ?? process.env,
    });
    this.#runner = new Runner(this.#wire, {
      authorizer: options.authorizer,
      userAgent: options.userAgent ?? defaultUserAgent,
      timeouts,
      policy: { ...defaultRetryPolicy, ...defined(options.retry) },
      bodyLimit: options.bodyLimit ?? 64 * 1024 * 1024,
      clock: options.clock ?? systemClock,
      random: options.random ?? Math.random,
      log: options.log,
    });
  }

  async send(request: HttpRequest): Promise<HttpAnswer> {
    return (await this.#runner.run(new Call(underSignal(request), this.#context), "bytes")).answer;
  }

  async json<T>(request: HttpRequest, schema: z.ZodType<T>): Promise<T> {
    const { answer, json } = await this.#runner.run(new Call(underSignal(request), this.#context), "json");
    return parseValue(answer, json, schema);
  }

  async stream(request: HttpRequest): Promise<HttpStream> {
    const { call, answer, stream } = await this.#runner.run(new Call(underSignal(request), this.#context), "stream");
    return answerStream(call, answer, stream);
  }

  once<T>(request: HttpRequest, read: (answer: HttpAnswer) => T | Promise<T>, find: () => Promise<T | undefined>): Promise<T> {
    return once(new Call(underSignal(request), this.#context), this.#runner, read, find);
  }

  /** Ends all connections; requests that are still under way fail. */
  close(): Promise<void> {
    return this.#wire.close();
  }
}
