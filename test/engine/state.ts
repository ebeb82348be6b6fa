/** A resource's state inside the embedded engine, and its form on disk (Pulumi's deployment format, version 3). */
import type { DeploymentResource } from "./engine";
import type { Crypter } from "./passphrase";
import { decode, encodeMap, type Json, type PropertyMap, SECRET_SIGNATURE, Secret, SIGNATURE, type Value } from "./values";

export const STACK_TYPE = "pulumi:pulumi:Stack";
export const PROVIDER_TYPE = "pulumi:providers:pulumi-nodejs";

export interface State {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  id: string | undefined;
  inputs: PropertyMap;
  outputs: PropertyMap;
  readonly parent: string;
  /** `<urn>::<id>` of the provider resource; empty for components. */
  readonly provider: string;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly deletedWith: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly external: boolean;
  /** To be deleted at the end: its replacement exists. */
  delete: boolean;
  /** Deleted already, its replacement is still to be created. */
  pendingReplacement: boolean;
  initErrors: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  /** Seconds by operation, as the program's `customTimeouts` say. */
  readonly timeouts: Readonly<Partial<Record<"create" | "update" | "delete", number>>>;
}

const EMPTY: State = {
  urn: "",
  type: "",
  custom: true,
  id: undefined,
  inputs: {},
  outputs: {},
  parent: "",
  provider: "",
  dependencies: [],
  propertyDependencies: {},
  deletedWith: "",
  protect: false,
  retainOnDelete: false,
  external: false,
  delete: false,
  pendingReplacement: false,
  initErrors: [],
  additionalSecretOutputs: [],
  ignoreChanges: [],
  replaceOnChanges: [],
  timeouts: {},
};

export function newState(given: Partial<State> & Pick<State, "urn" | "type">): State {
  return { ...EMPTY, ...given };
}

export function urnName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The URN out of a provider reference `<urn>::<id>`. */
export function referredUrn(reference: string): string {
  return reference.slice(0, Math.max(0, reference.lastIndexOf("::")));
}

/** Everything that has to exist as long as this resource does, by URN. */
export function dependenciesOf(state: State): Set<string> {
  const all = [
    state.parent,
    referredUrn(state.provider),
    state.deletedWith,
    ...state.dependencies,
    ...Object.values(state.propertyDependencies).flat(),
  ];
  return new Set(all.filter((urn) => urn !== "" && urn !== state.urn));
}

/** Only what differs from the default is written, as Pulumi does. */
export function toDeployment(state: State, crypter: Crypter): DeploymentResource & Record<string, unknown> {
  const seal = (inner: Json): Json => ({ [SIGNATURE]: SECRET_SIGNATURE, ciphertext: crypter.encrypt(JSON.stringify(inner)) });
  const { inputs, outputs, urn, type, custom, ...rest } = state;
  const optional = Object.entries(rest).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(EMPTY[key as keyof State])); // keys of State
  return {
    urn,
    type,
    custom,
    ...(Object.keys(inputs).length > 0 ? { inputs: encodeMap(inputs, seal) } : {}),
    ...(Object.keys(outputs).length > 0 ? { outputs: encodeMap(outputs, seal) } : {}),
    ...Object.fromEntries(optional),
  };
}

/** The reverse of {@link toDeployment}; the file was written by it. */
export function fromDeployment(resource: DeploymentResource, crypter: Crypter): State {
  const open = (map: DeploymentResource["inputs"]): PropertyMap => {
    // What lies in the file is JSON.
    const value = unseal((map ?? {}) as { [key: string]: Json }, crypter);
    return value as PropertyMap; // a map stays a map: only envelopes change their kind
  };
  return { ...EMPTY, ...resource, id: resource.id, inputs: open(resource.inputs), outputs: open(resource.outputs) };
}

/** Replaces every ciphertext envelope by a {@link Secret}. */
export function unseal(json: Json, crypter: Crypter): Value {
  if (json === null || typeof json !== "object") return decode(json);
  if (Array.isArray(json)) return json.map((item: Json) => unseal(item, crypter));
  const map = json as { readonly [key: string]: Json }; // neither null nor array, see above
  if (map[SIGNATURE] === SECRET_SIGNATURE && typeof map.ciphertext === "string") {
    const plaintext: Json = JSON.parse(crypter.decrypt(map.ciphertext));
    return new Secret(unseal(plaintext, crypter));
  }
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, unseal(value, crypter)]));
}
