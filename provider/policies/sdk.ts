/**
 * Throws one clear error where the policy SDK, an optional peer, is not installed: rules are of use only in a pack of it.
 * `resolve`: how this package finds another one.
 */
export function requireSdk(resolve: (name: string) => string): void {
  try {
    resolve("@pulumi/policy");
  } catch (error) {
    throw new Error(
      "registry-as-code/policies needs the package @pulumi/policy: add it to the policy pack with `npm install @pulumi/policy`",
      {
        cause: error,
      },
    );
  }
}
