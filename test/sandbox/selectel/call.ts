import type { SandboxRequest, SandboxResponse } from "../contract";
import { Refusal } from "./refusal";
import type { Project, World } from "./world";

/** One request to an operation, after routing and authentication. */
export interface Call {
  readonly world: World;
  readonly project: Project;
  readonly request: SandboxRequest;
  /** Segments of the path by the name that the route gives them, decoded. */
  readonly path: ReadonlyMap<string, string>;
}

export type Operation = (call: Call) => SandboxResponse;

export function segment(call: Call, name: string): string {
  return call.path.get(name) ?? "";
}

/** A boolean of the query; anything but `true` and `false` is a 400. */
export function flag(call: Call, name: string): boolean {
  const value = call.request.query.get(name);
  if (value !== null && value !== "true" && value !== "false") throw new Refusal(400, `${name} value is invalid`);
  return value === "true";
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** The body as a JSON object, or a 400. */
export function jsonBody(request: SandboxRequest): JsonObject {
  const value = parseJson(request.body);
  if (!isObject(value)) throw new Refusal(400, "Invalid request body.");
  return value;
}

/** Gives undefined for what is no JSON. */
export function parseJson(bytes: Buffer | undefined): unknown {
  try {
    return JSON.parse(bytes?.toString("utf8") ?? "");
  } catch {
    return undefined;
  }
}
