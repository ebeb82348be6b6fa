import { z } from "zod";
import { inList } from "../matcher";
import { patterns, resourceRule } from "../rule";
import { flag, text } from "../subject";

export interface ImmutableTags {
  /** Production repositories, as globs over `namespace/name`. Default: `production` or `prod` as the name or the namespace, or as the last word of one of them. */
  repositories?: string[];
}

const messages = {
  mutable: "tags of the repository can be moved: set `immutableTags` to true, and leave out `tagLimit`, which excludes it",
};

export const immutableTags = resourceRule<Required<ImmutableTags>>({
  name: "immutable-tags-in-production",
  severity: "high",
  description: "Tags of production repositories must not move.",
  types: ["dtr:Repository"],
  messages,
  settings: z.strictObject({
    repositories: patterns("Production repositories, as globs over `namespace/name`.", [
      "*/{production,prod}",
      "*/*[-_.]{production,prod}",
      "{production,prod}/*",
      "*[-_.]{production,prod}/*",
    ]),
  }),
  judge({ repositories }) {
    const isProduction = inList(repositories, "immutable-tags-in-production: repositories");
    return (subject) => {
      if (subject.read({ immutableTags: flag })?.immutableTags) return;
      subject.when({ namespace: text, name: text }, ({ namespace, name }) => {
        if (!isProduction(`${namespace}/${name}`)) return;
        subject.when({ immutableTags: flag }, (values) => values.immutableTags || subject.violates(messages.mutable));
      });
    };
  },
});
