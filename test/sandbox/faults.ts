import { z } from "zod";
import type { ApiFault } from "./contract";

const milliseconds = z.number().nonnegative();

const fault = z.discriminatedUnion("kind", [
  /** The answer comes `ms` later. */
  z.strictObject({ kind: z.literal("delay"), ms: milliseconds }),
  /** The connection is reset; nothing happened on the server. */
  z.strictObject({ kind: z.literal("reset-before") }),
  /** The connection is reset after the server did what was asked. */
  z.strictObject({ kind: z.literal("reset-after") }),
  z.strictObject({
    kind: z.literal("status"),
    status: z.int().min(200).max(599),
    /** Seconds; `"date"`: an HTTP date one second ahead; any other text is sent as it is. */
    retryAfter: z.union([z.number(), z.string()]).optional(),
    /** `date`: `retryAfter` seconds from now, written as an HTTP date of the sandbox's clock. Default: seconds. */
    retryAfterAs: z.enum(["seconds", "date"]).optional(),
    /** Default: a short text. */
    body: z.string().optional(),
    /** Default: `application/json` when the body is JSON, else `text/plain`. */
    contentType: z.string().optional(),
  }),
  /** A proxy's HTML page instead of the answer; nothing happened on the server. Status 200 by default. */
  z.strictObject({ kind: z.literal("html"), status: z.int().min(200).max(599).optional() }),
  /** The effect, then JSON that breaks off, with a matching length. */
  z.strictObject({ kind: z.literal("broken-json") }),
  /** The effect, then half of the body that `Content-Length` announces, then a reset. */
  z.strictObject({ kind: z.literal("truncated") }),
  /** The effect, then a body that does not end until the client leaves. */
  z.strictObject({ kind: z.literal("endless") }),
  /** 307 (or `status`) to `to`, by default the same path on the sandbox's `stranger`, another origin that logs what reaches it. */
  z.strictObject({ kind: z.literal("redirect"), to: z.string().optional(), status: z.int().min(300).max(399).optional() }),
  /** The effect, then no header for `ms` (a minute by default). */
  z.strictObject({ kind: z.literal("slow-header"), ms: milliseconds.optional() }),
  /** The effect, header and half of the body, the rest after `ms` (a minute by default). */
  z.strictObject({ kind: z.literal("slow-body"), ms: milliseconds.optional() }),
  /** A list that is shorter than it might be, and goes on. */
  z.strictObject({ kind: z.literal("short-page") }),
  /** A list that gives itself as its next page. */
  z.strictObject({ kind: z.literal("looped-link") }),
  /** What the same list said the last time. */
  z.strictObject({ kind: z.literal("stale-list") }),
  /** Credentials that were good are refused. */
  z.strictObject({ kind: z.literal("expired-session") }),
]);

export type Fault = z.infer<typeof fault>;

/** Kinds that need nothing else said may be written as a word. */
const word = z.enum(Object.keys(byWord()) as [WordKind, ...WordKind[]]).transform((kind): Fault => ({ kind }));
type WordKind = Exclude<Fault["kind"], "delay" | "status">;

function byWord(): Record<WordKind, true> {
  return {
    "reset-before": true,
    "reset-after": true,
    html: true,
    "broken-json": true,
    truncated: true,
    endless: true,
    redirect: true,
    "slow-header": true,
    "slow-body": true,
    "short-page": true,
    "looped-link": true,
    "stale-list": true,
    "expired-session": true,
  };
}

export const injectionSchema = z.strictObject({
  /** `oci`, `oci-token`, `selectel`, `selectel-identity`, `selectel-registry`, `registryui`, `dtr`, `stranger`. Default: every API. */
  api: z.string().optional(),
  /** Default: every method. */
  method: z.string().optional(),
  /** A regular expression on the raw path. Default: every path. */
  path: z.string().refine(isPattern, "is no regular expression").optional(),
  /** How many matching requests it is played on. Default: 1. */
  times: z.int().positive().default(1),
  /** How many matching requests pass before. Default: 0. */
  skip: z.int().nonnegative().default(0),
  fault: z.union([word, fault]),
});

/** What a test injects: `{ api: "oci", method: "PUT", path: "/manifests/", fault: "reset-after" }`. */
export type Injection = z.input<typeof injectionSchema>;

export interface PendingFault extends z.output<typeof injectionSchema> {
  readonly id: number;
}

/** The faults that wait for their requests, in the order in which they were injected. */
export class Faults {
  private pending: { -readonly [K in keyof PendingFault]: PendingFault[K] }[] = [];
  private count = 0;

  /** Throws a ZodError for an injection of the wrong form. */
  inject(injection: Injection): PendingFault {
    this.count += 1;
    const added = { id: this.count, ...injectionSchema.parse(injection) };
    this.pending.push(added);
    return { ...added };
  }

  list(): readonly PendingFault[] {
    return this.pending.map((entry) => ({ ...entry }));
  }

  clear(): void {
    this.pending = [];
  }

  /** The fault for this request, used up by one. */
  take(request: { readonly api: string; readonly method: string; readonly path: string }): Fault | undefined {
    for (const entry of this.pending) {
      if (!matches(entry, request)) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.times -= 1;
      if (entry.times === 0) this.pending = this.pending.filter((other) => other !== entry);
      return entry.fault;
    }
    return undefined;
  }
}

const API_FAULTS: readonly string[] = ["short-page", "looped-link", "stale-list", "expired-session"] satisfies ApiFault[];

/** The faults that only the API itself can play. */
export function apiFaultOf({ kind }: Fault): ApiFault | undefined {
  return isApiFault(kind) ? kind : undefined;
}

function isApiFault(kind: string): kind is ApiFault {
  return API_FAULTS.includes(kind);
}

function matches(entry: PendingFault, request: { readonly api: string; readonly method: string; readonly path: string }): boolean {
  if (entry.api !== undefined && entry.api !== request.api) return false;
  if (entry.method !== undefined && entry.method.toUpperCase() !== request.method) return false;
  return entry.path === undefined || new RegExp(entry.path).test(request.path);
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
