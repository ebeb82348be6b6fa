import { z } from "zod";
import { unlessNamed } from "../matcher";
import { patterns, resourceRule } from "../rule";
import { flag, text } from "../subject";

export interface NoWriteTokenForAll {
  /** Whether `selectel.BasicToken` may be used, which always has full access to all registries of the project. Default `false`. */
  allowBasicTokens?: boolean;
  /** Names of tokens that may write to all registries, as globs. Default: none. */
  except?: string[];
}

const messages = {
  all: 'the token may write to all registries, future ones too: list the ones that it needs in `registries` in place of `allRegistries`, or set `mode` to "read"',
  basic:
    "a simple token has full access to all registries of the project: use `selectel.Token` with `registries`, or set the policy's `allowBasicTokens`",
};

export const noWriteTokenForAll = resourceRule<Required<NoWriteTokenForAll>>({
  name: "no-write-token-for-all-registries",
  severity: "critical",
  description: "No token may write to all registries.",
  types: ["selectel:Token", "selectel:BasicToken"],
  messages,
  settings: z.strictObject({
    allowBasicTokens: z
      .boolean()
      .default(false)
      .describe("Whether `selectel.BasicToken` may be used, which always has full access to all registries of the project."),
    except: patterns("Names of tokens that may write to all registries, as globs."),
  }),
  judge({ allowBasicTokens, except }) {
    const unlessExcepted = unlessNamed(except, "no-write-token-for-all-registries: except");
    return (subject) => {
      if (subject.type === "selectel:BasicToken") {
        if (!allowBasicTokens) subject.violates(messages.basic);
        return;
      }
      // Each alone can settle it while the other one is not known yet.
      if (subject.read({ mode: text })?.mode === "read" || subject.read({ allRegistries: flag })?.allRegistries === false) return;
      subject.when({ mode: text, allRegistries: flag }, ({ mode, allRegistries }) => {
        if (mode === "write" && allRegistries) unlessExcepted(subject, ["name"], () => subject.violates(messages.all));
      });
    };
  },
});
