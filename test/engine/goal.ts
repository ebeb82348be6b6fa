/** What the program wants: a registration or read request as a state that has no id and no outputs yet. */
import type { ReadResourceRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { EngineError, type Operation } from "./operation";
import { newState, PROVIDER_TYPE, STACK_TYPE, type State } from "./state";
import { fromStruct } from "./values";

const DYNAMIC = "pulumi-nodejs:";
const SECONDS = { ms: 1e-3, s: 1, m: 60, h: 3600 } as const;

export function goalOf(operation: Operation, request: RegisterResourceRequest): State {
  const type = request.getType();
  const custom = request.getCustom();
  if (request.getAliasurnsList().length > 0 || request.getAliasesList().length > 0)
    throw new EngineError("the embedded test engine knows no aliases: use the real engine");
  if (request.getRemote()) throw new EngineError("the embedded test engine knows no remote components: use the real engine");
  if (custom && type !== PROVIDER_TYPE && !type.startsWith(DYNAMIC))
    throw new EngineError(`the embedded test engine has no provider for ${type}: use the real engine`);
  const timeouts = request.getCustomtimeouts();
  const propertyDependencies: Record<string, readonly string[]> = {};
  request.getPropertydependenciesMap().forEach((value, key) => {
    propertyDependencies[key] = [...value.getUrnsList()].sort();
  });
  return newState({
    urn: urnOf(operation, type, request.getName(), request.getParent()),
    type,
    custom,
    inputs: fromStruct(request.getObject()) ?? {},
    parent: request.getParent(),
    provider: !custom || type === PROVIDER_TYPE ? "" : request.getProvider() || operation.defaultProvider(),
    dependencies: [...request.getDependenciesList()].sort(),
    propertyDependencies,
    deletedWith: request.getDeletedwith(),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    timeouts:
      timeouts === undefined
        ? {}
        : { create: seconds(timeouts.getCreate()), update: seconds(timeouts.getUpdate()), delete: seconds(timeouts.getDelete()) },
  });
}

/** `.get()` and `opts.id`: an external resource, read and never owned. */
export function readGoalOf(operation: Operation, request: ReadResourceRequest): State {
  return newState({
    urn: urnOf(operation, request.getType(), request.getName(), request.getParent()),
    type: request.getType(),
    id: request.getId(),
    external: true,
    inputs: fromStruct(request.getProperties()) ?? {},
    parent: request.getParent(),
    provider: request.getProvider() || operation.defaultProvider(),
    dependencies: [...request.getDependenciesList()].sort(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
  });
}

function urnOf({ setting }: Operation, type: string, name: string, parent: string): string {
  const parentType = parent.split("::")[2];
  const qualified = parentType === undefined || parentType === STACK_TYPE ? type : `${parentType}$${type}`;
  return `urn:pulumi:${setting.stack}::${setting.project}::${qualified}::${name}`;
}

/** `5m`, `1.5h`, `300ms`; nothing and nonsense are "no timeout" (the SDK refuses nonsense itself). */
function seconds(duration: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(duration) ?? [];
  // The pattern admits these units only.
  return amount === undefined ? 0 : Number(amount) * SECONDS[unit as keyof typeof SECONDS];
}
