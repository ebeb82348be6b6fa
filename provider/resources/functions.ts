import * as pulumi from "@pulumi/pulumi";
import { withSignal } from "../http";
import type { Args, Module } from "./declaration";
import { ResourceError } from "./failure";
import type { ExplicitProvider } from "./provider";
import { settingsOf } from "./settings";

/** Options of a read function. */
export interface FunctionOptions {
  /** An explicit provider of the function's module; without it the stack's configuration and the environment count. */
  provider?: ExplicitProvider;
  /** The provider of this parent is used, if it is one of the module's. */
  parent?: pulumi.Resource;
  /** Gives up with the signal's reason. */
  signal?: AbortSignal;
}

/** A read function with its `Output` form, as Pulumi users expect: `getTags` and `getTagsOutput`. */
export interface ReadFunction<A, R> {
  /** For plain arguments; reads at once, also in a preview. */
  readonly plain: (args: A, options?: FunctionOptions) => Promise<R>;
  /** For arguments that may be outputs of resources: reads once they are known. */
  readonly output: (args: OutputArgs<A>, options?: FunctionOptions) => pulumi.Output<R>;
}

type OutputArgs<A> = A extends object ? Args<A> : never;

/**
 * Declares a read function. A dynamic provider has no invokes, so it runs in the program's own process, over the same client and
 * configuration as the resources.
 */
export function readFunction<A extends object, R, C>(
  name: string,
  module: Module<C>,
  read: (client: C, args: A, signal?: AbortSignal) => Promise<R>,
): ReadFunction<A, R> {
  const run = async (args: A, settings: Record<string, string> | undefined, signal?: AbortSignal): Promise<R> => {
    try {
      const client = await module.connect(settingsOf(module.name, settings ? { get: (key) => settings[key] } : stackConfig(), process.env));
      const reading = () => read(client, args ?? {}, signal); // as a program without types may call it
      return await (signal ? withSignal(signal, reading) : reading());
    } catch (error) {
      throw error instanceof Error ? new ResourceError(`${module.name}.${name}: ${error.message}`) : error;
    }
  };
  const output = (args: OutputArgs<A>, options: FunctionOptions = {}) =>
    // `output` unwraps every input at every depth; what comes out is what A describes.
    pulumi
      .all([pulumi.output(args), providerSettings(options)])
      .apply(([known, settings]) => run(known as unknown as A, settings, options.signal)) as unknown as pulumi.Output<R>;
  return {
    output,
    plain: async (args, options = {}) => run(args, await known(providerSettings(options)), options.signal),
  };
}

const isExplicit = (provider: pulumi.ProviderResource): provider is ExplicitProvider => "settings" in provider;

function providerSettings(options: FunctionOptions): pulumi.Output<Record<string, string> | undefined> {
  const given = options.provider ?? options.parent?.getProvider("pulumi-nodejs::");
  if (given === undefined) return pulumi.output(undefined);
  if (!isExplicit(given)) return pulumi.output(undefined);
  return pulumi.unsecret(given.settings); // or whatever is read with a secret password would be secret as a whole
}

/** The stack's configuration, asked for key by key. */
function stackConfig() {
  return {
    get: (key: string) => {
      const [namespace = "", name = ""] = key.split(":", 2);
      return new pulumi.Config(namespace).get(name);
    },
  };
}

/** The value of an output that is known; a plain call cannot wait for what `up` will tell. */
function known<T>(value: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const internals = value as unknown as { promise(): Promise<T>; isKnown: Promise<boolean> }; // the SDK's own members, stable since 1.0 and not in its public type
    internals.isKnown.then(
      (isKnown) =>
        isKnown
          ? internals.promise().then(resolve, reject)
          : reject(new ResourceError("the provider's settings are not known before `up`: use the function's Output form")),
      reject,
    );
  });
}
