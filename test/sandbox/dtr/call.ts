import type { SandboxRequest } from "../contract";
import { isObject } from "../references";
import type { Principal } from "./access";
import { refusal } from "./errors";
import type { World } from "./world";

export type JsonObject = Readonly<Record<string, unknown>>;

/** One request to an operation, after routing and authorization. */
export interface Call {
  readonly world: World;
  readonly principal: Principal;
  readonly request: SandboxRequest;
  /** The parts of the path in braces, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A part of the path; the template must name it. */
export function parameter({ parameters }: Pick<Call, "parameters">, name: string): string {
  const value = parameters[name];
  if (value === undefined) throw new Error(`the route has no {${name}} in its path`);
  return value;
}

/** A query argument; an empty one is none. */
export function argument({ request }: Call, name: string): string | undefined {
  return request.query.get(name) || undefined;
}

export function flag(call: Call, name: string, byDefault: boolean): boolean {
  const text = argument(call, name);
  if (text === undefined) return byDefault;
  if (text !== "true" && text !== "false") throw refusal("INVALID_PARAMETERS", `${name} is true or false, not '${text}'.`);
  return text === "true";
}

export function natural(call: Call, name: string, byDefault: number): number {
  const text = argument(call, name);
  if (text === undefined) return byDefault;
  if (!/^\d{1,9}$/.test(text)) throw refusal("INVALID_PARAMETERS", `${name} is a whole number, not '${text}'.`);
  return Number(text);
}

/** The body as JSON of any kind. 415 for another content type, 400 `INVALID_JSON` for what does not parse. */
export function jsonBody({ request }: Call): unknown {
  const type = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") throw refusal("UNSUPPORTED_MEDIA_TYPE");
  try {
    const value: unknown = JSON.parse(request.body.toString("utf8"));
    return value;
  } catch {
    throw refusal("INVALID_JSON");
  }
}

/** The body, which must be an object. */
export function form(call: Call): JsonObject {
  const value = jsonBody(call);
  if (!isObject(value)) throw refusal("INVALID_JSON", "The request's body must be an object.");
  return value;
}

/** A field of a form by its type; undefined when it is absent or null. Another type is `INVALID_JSON`, as Go's decoder says. */
export function text(fields: JsonObject, name: string): string | undefined {
  return typed(fields, name, "a string", (value) => typeof value === "string");
}

export function bool(fields: JsonObject, name: string): boolean | undefined {
  return typed(fields, name, "a boolean", (value) => typeof value === "boolean");
}

export function integer(fields: JsonObject, name: string): number | undefined {
  return typed(fields, name, "a whole number", (value): value is number => Number.isInteger(value));
}

/** A list of strings. */
export function texts(fields: JsonObject, name: string): readonly string[] | undefined {
  return typed(fields, name, "a list of strings", (value): value is readonly string[] => Array.isArray(value) && value.every(isText));
}

/** An object whose values are strings. */
export function textMap(fields: JsonObject, name: string): Readonly<Record<string, string>> | undefined {
  return typed(fields, name, "an object of strings", (value): value is Record<string, string> => {
    return isObject(value) && Object.values(value).every(isText);
  });
}

/** An object whose values are whole numbers. */
export function integerMap(fields: JsonObject, name: string): Readonly<Record<string, number>> | undefined {
  return typed(fields, name, "an object of whole numbers", (value): value is Record<string, number> => {
    return isObject(value) && Object.values(value).every(Number.isInteger);
  });
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function typed<T>(fields: JsonObject, name: string, kind: string, is: (value: unknown) => value is T): T | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (!is(value)) throw refusal("INVALID_JSON", `${name} must be ${kind}.`);
  return value;
}
