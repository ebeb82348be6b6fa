import { z } from "zod";
import {
  type Http,
  type HttpAnswer,
  type HttpRequest,
  type QueryValue,
  RegistryError,
  type RequestBody,
  readJson,
  type Timeouts,
} from "../http";
import type { Operation } from "./operation";

/** What any call may be given beside the operation's own parameters. */
export interface CallOptions<Answer = unknown> {
  readonly signal?: AbortSignal;
  /** Over the operation's own. Milliseconds. */
  readonly timeouts?: Partial<Timeouts>;
  /**
   * For an operation that must not be sent twice: looks on the server whether an attempt whose answer was lost took effect.
   * Gives what the operation would have given, or undefined if nothing happened; then the request is sent again.
   */
  readonly find?: () => Promise<Answer | undefined>;
}

/** The method that an operation becomes. */
export type Call<P, A> = keyof P extends never
  ? (parameters?: P, options?: CallOptions<A>) => Promise<A>
  : Record<never, never> extends P
    ? (parameters?: P, options?: CallOptions<A>) => Promise<A>
    : (parameters: P, options?: CallOptions<A>) => Promise<A>;

type AnyOperation = Operation<never, unknown>;
/** A tree of operations; its leaves are the rows of the API's table. */
export interface Operations {
  readonly [name: string]: AnyOperation | Operations;
}

/** The operations of an API as methods: `api.registries.get({ id })`. */
export type Api<T> = { readonly [K in keyof T]: T[K] extends Operation<infer P, infer A> ? Call<P, A> : Api<T[K]> };

/**
 * Binds a tree of operations to the HTTP client of their API.
 * Each method throws RegistryError: of kind `request` before anything is sent if the parameters cannot be right.
 */
export function api<const T extends Operations>(operations: T, http: Http): Api<T> {
  const bind = (tree: Operations): unknown =>
    Object.fromEntries(
      Object.entries(tree).map(([name, value]) => [
        name,
        isOperation(value)
          ? (parameters?: Readonly<Record<string, unknown>>, options?: CallOptions) => call(http, value, parameters, options)
          : bind(value),
      ]),
    );
  return bind(operations) as Api<T>; // Object.fromEntries forgets the keys
}

/** Every operation of a tree with its dotted name: what the tests and the reference tables walk through. */
export function rows(operations: Operations, prefix = ""): { name: string; operation: AnyOperation }[] {
  return Object.entries(operations).flatMap(([name, value]) =>
    isOperation(value) ? [{ name: prefix + name, operation: value }] : rows(value, `${prefix}${name}.`),
  );
}

/** Sends one operation. Prefer `api`: its methods are typed. */
export async function call(
  http: Http,
  operation: AnyOperation,
  parameters: Readonly<Record<string, unknown>> = {},
  options: CallOptions = {},
): Promise<unknown> {
  const request = requestOf(operation, parameters, options);
  if (options.find) return http.once(request, (answer) => readAnswer(operation, answer), options.find);
  // `json` sends a GET again whose answer is garbled; `send` cannot see that.
  if (operation.answer && !operation.read) return http.json(request, operation.answer);
  return readAnswer(operation, await http.send(request));
}

/** The request of one call; throws RegistryError of kind `request` if the parameters cannot be right. */
export function requestOf(operation: AnyOperation, parameters: Readonly<Record<string, unknown>>, options: CallOptions = {}): HttpRequest {
  const parsed = operation.parameters.safeParse(parameters);
  if (!parsed.success) throw refusal(operation, parsed.error.issues);
  const parts = { path: {}, query: {}, body: {}, header: {} } as {
    path: Record<string, string>;
    query: Record<string, QueryValue>;
    body: Record<string, unknown>;
    header: Record<string, string>;
  };
  for (const [name, value] of Object.entries(parsed.data)) {
    const place = operation.places[name];
    // The schemas of `operation` let only strings into paths; a query value of another type is refused by the compiler.
    if (place && value !== undefined) (parts[place.part] as Record<string, unknown>)[place.part === "path" ? name : place.wire] = value;
  }
  return {
    method: operation.method,
    route: operation.template,
    path: parts.path,
    query: parts.query,
    headers: { ...operation.headers, ...parts.header },
    ...bodyOf(operation, parts.body),
    repeatable: operation.repeatable(parsed.data),
    expect: operation.expect,
    secretParameters: operation.secret.map((name) => (operation.places[name]?.part === "query" ? operation.places[name].wire : name)),
    // A management API is at home where its address says. What another origin answers, `{}` for a list say, must not pass for its answer.
    redirects: 0,
    signal: options.signal,
    timeouts: { ...operation.timeouts, ...options.timeouts },
  };
}

function bodyOf(operation: AnyOperation, fields: Readonly<Record<string, unknown>>): { body?: RequestBody } {
  switch (operation.bodyForm) {
    case "none":
      return {};
    case "fields":
      return { body: { json: fields } };
    case "json":
      return { body: { json: fields.body } };
    case "raw":
      return fields.body === undefined ? {} : { body: fields.body as RequestBody }; // `rawBody` let it through
  }
}

function readAnswer({ read, answer: schema }: AnyOperation, answer: HttpAnswer): unknown {
  if (read) return read(answer, () => readJson(answer, z.unknown()));
  return schema ? readJson(answer, schema) : undefined;
}

/** Says which parameters of which operation are wrong, never their values: they may be secrets. */
function refusal({ method, template }: AnyOperation, issues: readonly z.core.$ZodIssue[]): RegistryError {
  const facts = { method, route: template, url: template, kind: "request", fate: "not-sent", attempts: 0 } as const;
  return new RegistryError({ ...facts, problem: issues.map(problem).join("; "), hint: "Nothing was sent" });
}

/** `id: must not be empty`. zod's messages name types and rules, never the value. */
function problem(issue: z.core.$ZodIssue): string {
  const where = issue.path.map(String).join(".");
  return where === "" ? issue.message : `${where}: ${issue.message}`;
}

function isOperation(value: AnyOperation | Operations): value is AnyOperation {
  return typeof value.route === "string";
}
