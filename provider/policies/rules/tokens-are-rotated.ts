import { z } from "zod";
import { unlessNamed } from "../matcher";
import { patterns, resourceRule } from "../rule";
import { record, text } from "../subject";

export interface TokensAreRotated {
  /** Names (`selectel.Token`) and labels (`dtr.ApiToken`) of tokens that need no rotation, as globs. Default: none. */
  except?: string[];
}

const messages = {
  token: 'nothing rotates the token: set `expiresIn` and `rotateBefore` (for example "90d" and "14d"), or `rotationTriggers`',
  basic: 'a simple token cannot be rotated before it ends: set `ttl` to "12h", or use `selectel.Token`',
  api: "nothing rotates the token: set `rotationTriggers`",
};

export const tokensAreRotated = resourceRule<Required<TokensAreRotated>>({
  name: "tokens-are-rotated",
  severity: "medium",
  description: "Tokens must be rotated.",
  types: ["selectel:Token", "selectel:BasicToken", "dtr:ApiToken"],
  messages,
  settings: z.strictObject({
    except: patterns("Names (`selectel.Token`) and labels (`dtr.ApiToken`) of tokens that need no rotation, as globs."),
  }),
  judge({ except }) {
    const unlessExcepted = unlessNamed(except, "tokens-are-rotated: except");
    return (subject) => {
      if (subject.type === "selectel:BasicToken") {
        subject.when({ ttl: text }, ({ ttl }) => ttl === "1y" && subject.violates(messages.basic));
        return;
      }
      const isApi = subject.type === "dtr:ApiToken";
      // One of them is enough, whatever the other one will be.
      if (subject.read({ rotateBefore: text })?.rotateBefore !== undefined) return;
      subject.when({ rotateBefore: text, rotationTriggers: record, active: (value) => value !== false }, ({ rotationTriggers, active }) => {
        if (active && Object.keys(rotationTriggers).length === 0)
          unlessExcepted(subject, [isApi ? "label" : "name"], () => subject.violates(isApi ? messages.api : messages.token));
      });
    };
  },
});
