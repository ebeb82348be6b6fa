import * as pulumi from "@pulumi/pulumi";
import { inputShape } from "./check";
import { guardDebugLog } from "./debug-log";
import type { Args, CommonInputs, Context, Declaration, Raw } from "./declaration";
import { type ExistingState, readExisting } from "./existing";
import { IDENTITY, type Lifecycle, lifecycle } from "./lifecycle";
import type { Surroundings } from "./surroundings";

type Instance<I, O> = pulumi.CustomResource & { readonly [K in keyof O]: pulumi.Output<O[K]> } & {
  readonly [K in Exclude<keyof I, keyof CommonInputs>]-?: pulumi.Output<I[K]>;
};

export interface ResourceClass<I extends object, O extends object> {
  new (name: string, args: Args<I>, opts?: pulumi.CustomResourceOptions): Instance<I, O>;
  /** Type token; policies match resources by this. */
  readonly __pulumiType: string;
  /**
   * Reads an existing object without managing it.
   * @param id What the resource's documentation calls its id.
   * @param state Inputs that the id does not tell.
   */
  get(name: string, id: pulumi.Input<pulumi.ID>, state?: Partial<Args<I>>, opts?: pulumi.CustomResourceOptions): Instance<I, O>;
  /** True for an instance of this class, also one made by another copy of the package. */
  isInstance(value: unknown): value is Instance<I, O>;
}

/** What `registry-as-code/dynamic` needs of a class. */
export interface Managed {
  readonly type: string;
  provider(around?: Surroundings): Lifecycle;
  /** Inputs and outputs that are kept encrypted. */
  readonly secretNames: readonly string[];
  /** Inputs that are secret however a program passes them. */
  readonly secretInputs: readonly string[];
  /** An object that no state knows; see `readExisting`. The client must be the module's. */
  existing(context: Context<unknown>, id: string, given: Raw): Promise<ExistingState | undefined>;
}

guardDebugLog();

const managed = new Map<string, Managed>();

/** The resource type behind a name in users' state. */
export const managedType = (type: string): Managed | undefined => managed.get(type);
export const managedTypes = (): readonly string[] => [...managed.keys()].sort();

/** The text that users' state holds for a resource type. It never changes: state refers to the installed package by it, and no closure is serialized. */
export const providerText = (type: string): string =>
  `exports.handler=()=>require("registry-as-code/dynamic").provider(${JSON.stringify(type)});`;

/** Makes the class that programs use out of a declaration: `export class Tag extends resource<TagInputs, TagOutputs, OciClient>({ … }) {}`. */
export function resource<I extends CommonInputs, O extends object, C>(declaration: Declaration<I, O, C>): ResourceClass<I, O> {
  const token = `pulumi-nodejs:dynamic/${declaration.type}`;
  const __provider = providerText(declaration.type);
  // Pulumi knows only the outputs that were named at registration.
  const named = Object.fromEntries(
    [...Object.keys(inputShape(declaration)), ...Object.keys(declaration.outputs), "schemaVersion"].map((key) => [key, undefined]),
  );
  const secretInputs: readonly string[] = declaration.secretInputs ?? [];
  const secrets = { additionalSecretOutputs: [...(declaration.secrets ?? []), ...secretInputs] };
  managed.set(declaration.type, {
    type: declaration.type,
    provider: (around) => lifecycle(declaration, around),
    secretNames: secrets.additionalSecretOutputs,
    secretInputs,
    existing: (context, id, given) => readExisting(declaration, context as Context<C>, id, given), // the caller opened the module's client
  });

  class DeclaredResource extends pulumi.CustomResource {
    static readonly __pulumiType = token;

    constructor(name: string, args: Args<I>, opts: pulumi.CustomResourceOptions = {}) {
      const { customTimeouts } = opts;
      const timeouts = customTimeouts && { create: customTimeouts.create, update: customTimeouts.update, delete: customTimeouts.delete };
      const identity = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack(), name].join("/");
      super(
        token,
        name,
        {
          ...named,
          timeouts,
          ...args,
          ...asSecrets(args, secretInputs),
          __provider,
          ...(opts.id === undefined ? { [IDENTITY]: identity } : {}),
        },
        pulumi.mergeOptions(secrets, opts),
      );
    }

    static get(name: string, id: pulumi.Input<pulumi.ID>, state?: Partial<Args<I>>, opts?: pulumi.CustomResourceOptions): DeclaredResource {
      // What is not given is read from the server: the constructor's required arguments are the created resource's.
      return new DeclaredResource(name, (state ?? {}) as Args<I>, { ...opts, id });
    }

    static override isInstance(value: unknown): value is DeclaredResource {
      return typeof value === "object" && value !== null && "__pulumiType" in value && value.__pulumiType === token;
    }
  }
  return DeclaredResource as unknown as ResourceClass<I, O>; // the instance's properties exist at run time through `named`
}

/** Encrypted in the state although a program may have written them as plain text. */
const asSecrets = (args: object, names: readonly string[]): Record<string, pulumi.Output<unknown>> =>
  Object.fromEntries(
    Object.entries(args)
      .filter(([name, value]) => names.includes(name) && value !== undefined)
      .map(([name, value]) => [name, pulumi.secret(value)]),
  );
