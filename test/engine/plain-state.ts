/** State made fit for comparison: secrets in clear but marked, nothing that differs from run to run. */
import { type Deployment, type PlainResource, UNKNOWN } from "./engine";
import type { Crypter } from "./passphrase";
import { referredUrn, STACK_TYPE, unseal } from "./state";
import { encode, type Json } from "./values";

/** Resources sorted by URN, the ones that await deletion last. Root stack and default provider included. */
export function plainState(deployment: Deployment, crypter: Crypter): PlainResource[] {
  return deployment.resources
    .map((resource) => {
      const isProvider = resource.type.startsWith("pulumi:providers:");
      const plain: PlainResource = {
        urn: resource.urn,
        type: resource.type,
        custom: resource.custom,
        ...(resource.id === undefined || isProvider ? {} : { id: resource.id }),
        ...present("external", resource.external),
        ...present("delete", resource.delete),
        ...present("pendingReplacement", resource.pendingReplacement),
        ...present("protect", resource.protect),
        ...present("retainOnDelete", resource.retainOnDelete),
        inputs: plainMap(resource.inputs, crypter),
        outputs: plainMap(resource.outputs, crypter),
        ...present("parent", resource.parent),
        ...present("provider", resource.provider === undefined ? undefined : referredUrn(resource.provider)),
        dependencies: [...(resource.dependencies ?? [])].sort(),
        initErrors: resource.initErrors ?? [],
        additionalSecretOutputs: [...(resource.additionalSecretOutputs ?? [])].sort(),
      };
      return plain;
    })
    .sort((a, b) => Number(a.delete ?? false) - Number(b.delete ?? false) || (a.urn < b.urn ? -1 : 1));
}

/** The stack's outputs out of its state: `{ secret: value }` for a secret. */
export function stackOutputs(deployment: Deployment, crypter: Crypter): Record<string, unknown> {
  return plainMap(deployment.resources.find((resource) => resource.type === STACK_TYPE)?.outputs, crypter);
}

export function plainMap(map: Readonly<Record<string, unknown>> | undefined, crypter: Crypter): Record<string, unknown> {
  // A deployment is JSON throughout.
  const json = (map ?? {}) as { readonly [key: string]: Json };
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, encode(unseal(value, crypter), (inner) => ({ secret: inner }))]),
  );
}

/** In a preview the real engine shows no secret's value, so neither engine's result does. */
export function maskSecret(): Json {
  return { secret: UNKNOWN };
}

function present<Key extends string, T>(key: Key, value: T | undefined): { [K in Key]?: T } {
  // An object with this one key, or none: TypeScript widens a computed key to `string`.
  return (value === undefined || value === false || value === "" ? {} : { [key]: value }) as { [K in Key]?: T };
}
