import * as pulumi from "@pulumi/pulumi";
import { explicitKey } from "./settings";

/** What an explicit provider was made with, for functions that run in the program. */
export interface ExplicitProvider extends pulumi.ProviderResource {
  /** Configuration keys (`oci:url`) to values; secret where one of them is. */
  readonly settings: pulumi.Output<Record<string, string>>;
}

export type ExplicitProviderClass<A extends object> = new (name: string, args: A, opts?: pulumi.ResourceOptions) => ExplicitProvider;

/**
 * The class of a module's explicit provider. All dynamic resources share the engine's provider `pulumi-nodejs`; its inputs become the
 * configuration of the process that serves the resources which name it, so the keys carry the module's namespace.
 */
export function explicitProvider<A extends object>(
  module: string,
  options: {
    readonly keys: readonly (keyof A & string)[];
    readonly required?: readonly (keyof A & string)[];
    readonly secrets: readonly (keyof A & string)[];
  },
): ExplicitProviderClass<A> {
  return class extends pulumi.ProviderResource implements ExplicitProvider {
    readonly settings: pulumi.Output<Record<string, string>>;

    constructor(name: string, args: A, opts?: pulumi.ResourceOptions) {
      const given: Record<string, pulumi.Input<string>> = { [explicitKey(module)]: "true" };
      expectArguments(`${module}.Provider ${name}`, args, options);
      for (const [key, value] of Object.entries(args)) {
        if (value === undefined || value === null) continue;
        given[`${module}:${key}`] = options.secrets.some((secret) => secret === key) ? pulumi.secret(value) : value;
      }
      super("pulumi-nodejs", name, given, opts);
      this.settings = pulumi.output(given);
    }
  };
}

/** Plain JavaScript has no compiler that would say this, and a misspelt `password` would mean anonymous access. */
function expectArguments(
  what: string,
  args: object,
  { keys, required = [] }: { keys: readonly string[]; required?: readonly string[] },
): void {
  if (pulumi.Output.isInstance(args))
    throw new Error(`${what}: its arguments are an output as a whole; pass an object whose properties may be outputs`);
  const unknown = Object.keys(args).filter((key) => !keys.includes(key));
  if (unknown.length > 0) throw new Error(`${what} has no ${unknown.join(", ")}; its arguments are ${keys.join(", ")}`);
  const missing = required.filter((key) => !(key in args));
  if (missing.length > 0) throw new Error(`${what}: ${missing.join(", ")} is missing`);
}
