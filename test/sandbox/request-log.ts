import type { Clock } from "./contract";

/** One request that the sandbox received. */
export interface LoggedRequest {
  /** Counts from 1 over all APIs, in the order of arrival; goes on after the log was cleared. */
  readonly n: number;
  /** By the sandbox's clock, RFC 3339. */
  readonly time: string;
  readonly api: string;
  readonly method: string;
  /** As it came in, not decoded. */
  readonly path: string;
  readonly query: string;
  /** 0 while no answer was sent: still in progress, or the connection was reset. */
  readonly status: number;
  /** Kind of the fault that was played on it. */
  readonly fault?: string;
  /** With secrets replaced by `[redacted]`. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface RequestFilter {
  readonly api?: string;
  readonly method?: string;
  /** A regular expression on the raw path. */
  readonly path?: string | RegExp;
  readonly status?: number;
}

/** Enough for any test; older entries are dropped, so that a benchmark does not fill the memory. */
const MAX_ENTRIES = 100_000;
const SECRET_HEADERS = new Set(["authorization", "proxy-authorization", "x-auth-token", "x-subject-token", "cookie", "set-cookie"]);

export class RequestLog {
  private entries: { -readonly [K in keyof LoggedRequest]: LoggedRequest[K] }[] = [];
  private count = 0;

  constructor(private readonly clock: Clock) {}

  /** Notes a request on arrival; the function that comes back notes the status of its answer. */
  add(request: Omit<LoggedRequest, "n" | "time" | "status">): (status: number) => void {
    this.count += 1;
    const entry = { n: this.count, time: this.clock.now().toISOString(), ...request, status: 0, headers: redacted(request.headers) };
    this.entries.push(entry);
    if (this.entries.length > MAX_ENTRIES * 2) this.entries = this.entries.slice(-MAX_ENTRIES);
    return (status) => {
      entry.status = status;
    };
  }

  list(filter: RequestFilter = {}): readonly LoggedRequest[] {
    const path = filter.path === undefined ? undefined : new RegExp(filter.path);
    return this.entries.filter(
      (entry) =>
        (filter.api === undefined || entry.api === filter.api) &&
        (filter.method === undefined || entry.method === filter.method.toUpperCase()) &&
        (filter.status === undefined || entry.status === filter.status) &&
        (path === undefined || path.test(entry.path)),
    );
  }

  clear(): void {
    this.entries = [];
  }
}

/** The scheme of a credential stays (`Bearer [redacted]`), so that a test can see that one was sent, and which kind. */
function redacted(headers: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => {
    if (!SECRET_HEADERS.has(name)) return [name, value];
    const [, scheme] = /^(basic|bearer) /i.exec(value) ?? [];
    return [name, scheme ? `${scheme} [redacted]` : "[redacted]"];
  });
  return Object.fromEntries(entries);
}
