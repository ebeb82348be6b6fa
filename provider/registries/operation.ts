import { z } from "zod";
import type { HttpAnswer, Method, RequestBody, Timeouts } from "../http";

/** Method and path template: `GET /registries/{id}/repositories/{name}`. `{name}` is one encoded segment, `{+name}` keeps `/` and `:`. */
export type Route = `${Method} /${string}`;

type Plain<Name extends string> = Name extends `+${infer Rest}` ? Rest : Name;
/** Names of the parameters in a route. */
export type PathNames<R extends string> = R extends `${string}{${infer Name}}${infer Rest}` ? Plain<Name> | PathNames<Rest> : never;

type Fields = z.ZodRawShape;
type FieldsInput<S> = S extends Fields ? (keyof S extends never ? unknown : z.input<z.ZodObject<S>>) : unknown;
type WholeInput<B> = undefined extends B ? { body?: B } : { body: B };
type BodyInput<B> = B extends z.ZodType ? WholeInput<z.input<B>> : FieldsInput<B>;
type Flat<T> = { [K in keyof T]: T[K] } & unknown;
/** What a call of the operation is given: the route's names, the members of query, body and headers, side by side. */
export type ParametersOf<R extends string, Query, Body, Header = Record<never, z.ZodType>> = Flat<
  { [K in PathNames<R>]: string } & FieldsInput<Query> & BodyInput<Body> & FieldsInput<Header>
>;

/** Where a parameter goes in the request, and under which name the API knows it. */
export interface Place {
  readonly part: "path" | "query" | "body" | "header";
  readonly wire: string;
}

/** Stands for a body that is no JSON (uploads, forms): the call's parameter `body` is then sent as it is. */
export const rawBody: z.ZodType<RequestBody, RequestBody> = z.custom<RequestBody>((value) => typeof value === "object" && value !== null);

/** Reads an answer; `json()` gives its body parsed (undefined if it is empty) and throws RegistryError if it is no JSON. */
export type Read<Answer> = (answer: HttpAnswer, json: () => unknown) => Answer;

type Rule = (parameters: Readonly<Record<string, unknown>>) => string | undefined;

/** One operation of an API, as its description names it. A plain row of a table: `Parameters` and `Answer` are known to the compiler only. */
export interface Operation<Parameters, Answer> {
  readonly route: Route;
  readonly method: Method;
  /** The route without its method. */
  readonly template: string;
  /** Every parameter by the name that callers use. */
  readonly places: Readonly<Record<string, Place>>;
  /** `none`: no body; `fields`: a JSON object of the body's parameters; `json` and `raw`: the parameter `body`. */
  readonly bodyForm: "none" | "fields" | "json" | "raw";
  readonly parameters: z.ZodType<Record<string, unknown>>;
  /** The schema of the JSON answer; undefined where the body is of no interest or `read` does it. */
  readonly answer?: z.ZodType<Answer>;
  readonly read?: Read<Answer>;
  readonly repeatable: (parameters: Readonly<Record<string, unknown>>) => boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeouts: Partial<Timeouts>;
  readonly secret: readonly string[];
  readonly expect: readonly number[];
  /** Error statuses that the API's description names: documentation, and rows for fault tests. */
  readonly errors: readonly number[];
  /** Never there: carries the type of the parameters. */
  readonly called?: (parameters: Parameters) => void;
}

export interface Spec<R extends string, Query, Body, Answer, Header = Record<never, z.ZodType>> {
  /** Rules for path parameters beyond "not empty". (The HTTP client refuses `.` and `..`.) */
  readonly path?: { readonly [K in PathNames<R>]?: z.ZodType<string> };
  readonly query?: Query;
  /** Members of a JSON object, or the schema of a whole JSON value (then the parameter is called `body`), or `rawBody`, which may be optional. */
  readonly body?: Body;
  /** Parameters that go into headers; their schemas give texts. `wire` names the headers. */
  readonly header?: Header;
  /** Names at the wire where they differ: `{ sortField: "sort_field" }`. */
  readonly wire?: Readonly<Record<string, string>>;
  /** A rule across parameters: what is wrong with them, or undefined. */
  readonly rule?: Rule;
  /** What comes back. A body that is empty (204) is given to it as undefined. Without it the answer's body is not looked at. */
  readonly answer?: z.ZodType<Answer>;
  /** For answers that are not (only) a JSON body: headers, text, bytes. Takes the place of `answer`. */
  readonly read?: Read<Answer>;
  /** May be sent again when nobody knows what became of it. GET, HEAD, PUT and DELETE are unless said otherwise. */
  readonly repeatable?: boolean | ((parameters: Readonly<Record<string, unknown>>) => boolean);
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeouts?: Partial<Timeouts>;
  /** Path and query parameters that are shown as `***`. */
  readonly secret?: readonly string[];
  /** Statuses that are answers and no errors, beside every 2xx. */
  readonly expect?: readonly number[];
  readonly errors?: readonly number[];
}

/**
 * Declares an operation: `get: operation("GET /registries/{id}", { answer: Registry, errors: [404, 500] })`.
 * Throws at once if two parameters have the same name: give one of them another name by `wire`.
 */
export function operation<
  const R extends Route,
  Query extends Fields = Record<never, z.ZodType>,
  Body extends Fields | z.ZodType = Record<never, z.ZodType>,
  Answer = void,
  Header extends Fields = Record<never, z.ZodType>,
>(route: R, spec: Spec<R, Query, Body, Answer, Header> = {}): Operation<ParametersOf<R, Query, Body, Header>, Answer> {
  const { method, template, names } = parseRoute(route);
  const whole = spec.body instanceof z.ZodType ? spec.body : undefined;
  const rules: Readonly<Record<string, z.ZodType | undefined>> = spec.path ?? {};
  const path = Object.fromEntries(names.map((name) => [name, rules[name] ? z.intersection(segment, rules[name]) : segment]));
  const body: Fields = whole ? { body: whole } : ((spec.body as Fields | undefined) ?? {}); // a Fields, since it is no ZodType
  const header: Fields = spec.header ?? {};
  const parts = { path, query: spec.query ?? {}, body, header };
  const places: Record<string, Place> = {};
  for (const [part, fields] of Object.entries(parts) as [Place["part"], Fields][]) {
    for (const name of Object.keys(fields)) {
      if (places[name]) throw new Error(`${route}: two parameters are called "${name}"; give one of them another name by "wire".`);
      places[name] = { part, wire: spec.wire?.[name] ?? name };
    }
  }
  const repeatable = spec.repeatable ?? (method !== "POST" && method !== "PATCH");
  return {
    route,
    method,
    template,
    places,
    bodyForm: whole ? (isRaw(whole) ? "raw" : "json") : spec.body ? "fields" : "none",
    parameters: schemaOf({ ...path, ...spec.query, ...body, ...header }, spec.rule),
    answer: spec.answer,
    read: spec.read,
    repeatable: typeof repeatable === "function" ? repeatable : () => repeatable,
    headers: spec.headers ?? {},
    timeouts: spec.timeouts ?? {},
    secret: spec.secret ?? [],
    expect: spec.expect ?? [],
    errors: spec.errors ?? [],
  };
}

const isRaw = (whole: z.ZodType): boolean => whole === rawBody || (whole instanceof z.ZodOptional && whole.unwrap() === rawBody);

function schemaOf(fields: Fields, rule: Rule | undefined): z.ZodType<Record<string, unknown>> {
  const schema = z.strictObject(fields);
  if (rule === undefined) return schema;
  return schema.superRefine((parameters, context) => {
    const message = rule(parameters);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });
}

const segment = z.string("must be a string").min(1, "must not be empty");

function parseRoute(route: Route): { method: Method; template: string; names: string[] } {
  const [method, template] = route.split(" ") as [Method, string]; // that is what Route says
  return { method, template, names: [...template.matchAll(/\{\+?(\w+)\}/g)].map((match) => String(match[1])) };
}
