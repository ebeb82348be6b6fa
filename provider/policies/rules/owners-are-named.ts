import { z } from "zod";
import { matches } from "../expression";
import { resourceRule } from "../rule";
import { text } from "../subject";

export interface OwnersAreNamed {
  /** Regular expression of RE2's syntax that a description must have a match of. Default: `owner:` and a word, in any case. */
  pattern?: string;
}

const messages = {
  repository: "neither `shortDescription` nor `longDescription` names the owner: one of them must have a match of {pattern}",
  team: "`description` does not name the owner: it must have a match of {pattern}",
};

/** Only these have a description that the API can set. */
export const ownersAreNamed = resourceRule<Required<OwnersAreNamed>>({
  name: "owners-are-named",
  severity: "low",
  description: "A description must name the owner.",
  types: ["dtr:Repository", "dtr:Team"],
  messages,
  settings: z.strictObject({
    pattern: z
      .string()
      .min(1)
      .default("(?i)\\bowner:\\s*\\S")
      .describe("Regular expression (RE2) that a description must have a match of. The default is `owner:` and a word."),
  }),
  judge({ pattern }) {
    const namesOwner = matches(pattern, "owners-are-named: pattern");
    return (subject) => {
      const keys = subject.type === "dtr:Team" ? ["description"] : ["shortDescription", "longDescription"];
      // One description that names the owner is enough, whatever the other one will be.
      if (keys.some((key) => namesOwner(subject.read({ [key]: text })?.[key] ?? ""))) return;
      subject.when(Object.fromEntries(keys.map((key) => [key, text])), () =>
        subject.violates(subject.type === "dtr:Team" ? messages.team : messages.repository, { pattern }),
      );
    };
  },
});
