/**
 * What the declarations of resources touch of `@pulumi/pulumi` when they are loaded: base classes and the log. A bundle that only reads through them
 * (the command line) takes this in place of the SDK, which is large and need not be installed where an import runs. Nothing can be declared with it.
 */
export class CustomResource {
  constructor() {
    throw new Error("this bundle has no Pulumi SDK: resources can be declared only in a Pulumi program");
  }
}

export class ProviderResource extends CustomResource {}

export const log = { debug: (): void => undefined };
