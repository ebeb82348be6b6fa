import type { Call } from "./call";
import type { AnswerHeaders, HttpAnswer } from "./request";

/** As undici gives them: names in lower case. */
export type RawHeaders = Readonly<Record<string, string | string[] | undefined>>;

export class ReceivedHeaders implements AnswerHeaders {
  readonly #raw: RawHeaders;

  constructor(raw: RawHeaders) {
    this.#raw = raw;
  }

  get(name: string): string | undefined {
    const value = this.#raw[name.toLowerCase()];
    return typeof value === "string" ? value : Array.isArray(value) ? value.join(", ") : undefined;
  }

  all(name: string): readonly string[] {
    const value = this.#raw[name.toLowerCase()];
    return typeof value === "string" ? [value] : Array.isArray(value) ? value : [];
  }
}

/** An answer that knows the call it came from, so that an error about its contents can name it. */
export class Answer implements HttpAnswer {
  readonly #call: Call;
  readonly #from: string;
  #url?: string;

  constructor(
    readonly status: number,
    readonly headers: AnswerHeaders,
    readonly body: Buffer,
    call: Call,
    /** Where it came from, if redirects led there; redacted. */
    from = "",
  ) {
    this.#call = call;
    this.#from = from;
  }

  get own(): boolean {
    return this.#from === "";
  }

  get url(): string {
    this.#url ??= this.#from === "" ? this.#call.url() : this.#from;
    return this.#url;
  }

  /** The call of an answer that this client gave; undefined for one that somebody made by hand. */
  static callOf(answer: HttpAnswer): Call | undefined {
    return answer instanceof Answer ? answer.#call : undefined;
  }
}
