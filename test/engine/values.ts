/**
 * Property values as the engine sees them and their wire form (google.protobuf.Struct).
 * Signatures and sentinel: pulumi/pulumi sdk/go/common/resource/plugin/rpc.go and sdk/nodejs/runtime/rpc.ts.
 */
import { isDeepStrictEqual } from "node:util";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { UNKNOWN } from "./engine";
import { structProto } from "./sdk";

export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

export class Secret {
  constructor(readonly value: Value) {}
}
class Unknown {}
export const unknown = new Unknown();

export type Value = null | boolean | number | string | Secret | Unknown | readonly Value[] | PropertyMap;
export interface PropertyMap {
  [key: string]: Value;
}
/** Plain data as it crosses a wire or lies in a file. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export function isMap(value: Value | undefined): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Secret) && !(value instanceof Unknown);
}

/** Wire JSON -> engine value. */
export function decode(json: Json): Value {
  if (json === UNKNOWN) return unknown;
  if (json === null || typeof json !== "object") return json;
  if (isArray(json)) return json.map(decode);
  switch (json[SIGNATURE]) {
    case SECRET_SIGNATURE:
      return new Secret(decode(json.value ?? null));
    case RESOURCE_SIGNATURE:
      // Dynamic providers accept no resource references: the engine gives them the id, or the URN of a component.
      return decode(json.id ?? json.urn ?? null);
    case OUTPUT_SIGNATURE: {
      const value = json.value === undefined ? unknown : decode(json.value);
      return json.secret === true ? new Secret(value) : value;
    }
    default:
      return decodeMap(json);
  }
}

export function decodeMap(json: { readonly [key: string]: Json }): PropertyMap {
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, decode(value)]));
}

/** Engine value -> plain data; `secret` says what becomes of a secret (default: the wire envelope around its value). */
export function encode(value: Value, secret: (inner: Json) => Json = envelope): Json {
  if (value instanceof Unknown) return UNKNOWN;
  if (value instanceof Secret) return secret(encode(value.value, secret));
  if (value === null || typeof value !== "object") return value;
  if (isArray(value)) return value.map((item) => encode(item, secret));
  return encodeMap(value, secret);
}

export function encodeMap(map: PropertyMap, secret: (inner: Json) => Json = envelope): { [key: string]: Json } {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, encode(value, secret)]));
}

/** The same value with its secrets in clear. */
export function reveal(inner: Json): Json {
  return inner;
}

function envelope(inner: Json): Json {
  return { [SIGNATURE]: SECRET_SIGNATURE, value: inner };
}

/** `secrets: false` strips secretness, as the engine does for a provider that does not accept secrets (all dynamic ones). */
export function toStruct(map: PropertyMap, options: { readonly secrets: boolean } = { secrets: true }): Struct {
  // fromJavaScript takes what JSON can hold and throws on the rest; its declaration names a mutable type of the same shape.
  return structProto.Struct.fromJavaScript(
    encodeMap(map, options.secrets ? envelope : reveal) as Parameters<typeof structProto.Struct.fromJavaScript>[0],
  );
}

export function fromStruct(struct: Struct | undefined): PropertyMap | undefined {
  // A Struct holds JSON and nothing else, by protobuf's definition.
  return struct === undefined ? undefined : decodeMap(struct.toJavaScript() as { [key: string]: Json });
}

export function containsSecrets(value: Value): boolean {
  return some(value, (leaf) => leaf instanceof Secret);
}

export function containsUnknowns(value: Value): boolean {
  return some(value, (leaf) => leaf instanceof Unknown);
}

function some(value: Value, test: (value: Value) => boolean): boolean {
  if (test(value)) return true;
  if (value instanceof Secret) return some(value.value, test);
  if (isArray(value)) return value.some((item) => some(item, test));
  return isMap(value) && Object.values(value).some((item) => some(item, test));
}

/** Marks what came back under the name of a secret input; pulumi/pulumi provider_plugin.go annotateSecrets. */
export function annotateSecrets(outputs: PropertyMap | undefined, inputs: PropertyMap | undefined): void {
  if (outputs === undefined || inputs === undefined) return;
  for (const [key, input] of Object.entries(inputs)) {
    const output = outputs[key];
    if (output === undefined) continue;
    if (isMap(output) && isMap(input)) annotateSecrets(output, input);
    else if (!(output instanceof Secret) && containsSecrets(input)) outputs[key] = new Secret(output);
  }
}

/** Whether two values are equal for the engine: secretness counts, `null` and absence are the same inside of maps. */
export function same(a: Value | undefined, b: Value | undefined): boolean {
  return isDeepStrictEqual(withoutNulls(encode(a ?? null)), withoutNulls(encode(b ?? null)));
}

/** Names of the properties that differ, sorted; properties_diff.go ObjectDiff.ChangedKeys. */
export function changedKeys(a: PropertyMap, b: PropertyMap): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !same(a[key], b[key])).sort();
}

function withoutNulls(json: Json): Json {
  if (json === null || typeof json !== "object") return json;
  if (isArray(json)) return json.map(withoutNulls);
  return Object.fromEntries(
    Object.entries(json)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, withoutNulls(value)]),
  );
}

// Array.isArray does not narrow readonly arrays out of a union (TypeScript issue 17002).
function isArray<T>(value: T): value is Extract<T, readonly unknown[]> {
  return Array.isArray(value);
}
