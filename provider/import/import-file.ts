import type { Raw } from "../resources/declaration";
import { providerText } from "../resources/resource";
import type { Existing } from "./found";

// How the engine marks a secret in state and import files; see `sdk/go/common/resource/stack` of the engine.
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/**
 * The file for `pulumi import --file`. Its entries carry inputs and outputs, so the engine takes them as they are and asks no provider (since 3.254).
 * Secrets are marked, so that the state keeps them encrypted; in the file itself they are readable.
 */
export function importFile(resources: readonly { readonly existing: Existing; readonly name: string }[]): object {
  return {
    resources: resources.map(({ existing, name }) => {
      const { type, id, inputs, outputs, secretNames } = existing;
      const __provider = providerText(type);
      return {
        type: `pulumi-nodejs:dynamic/${type}`,
        name,
        id,
        inputs: { ...marked(inputs, secretNames), __provider },
        // Inputs once more, with defaults: a resource's state is both.
        outputs: { ...marked({ ...inputs, ...outputs }, secretNames), __provider },
      };
    }),
  };
}

const marked = (values: Raw, names: readonly string[]): Raw =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      names.includes(name) ? { [SIGNATURE]: SECRET, plaintext: JSON.stringify(value) } : value,
    ]),
  );
