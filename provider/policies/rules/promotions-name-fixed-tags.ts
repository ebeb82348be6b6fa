import { z } from "zod";
import { inList } from "../matcher";
import { patterns, resourceRule } from "../rule";
import { text } from "../subject";

export interface PromotionsNameFixedTags {
  /** Tags that move, as globs. Default: `latest`, `edge`, `nightly`, `main`, `master`, `dev` and `develop`. */
  floating?: string[];
}

const messages = {
  floating: "`tag` is one that moves, so what is copied depends on when it is copied: name the tag of one build or release",
};

export const promotionsNameFixedTags = resourceRule<Required<PromotionsNameFixedTags>>({
  name: "promotions-name-fixed-tags",
  severity: "medium",
  description: "What is promoted or mirrored must be a tag that stays where it is.",
  types: ["dtr:TagPromotion", "dtr:TagMirroring"],
  messages,
  settings: z.strictObject({
    floating: patterns("Tags that move, as globs.", ["latest", "edge", "nightly", "main", "master", "dev", "develop"]),
  }),
  judge({ floating }) {
    const moves = inList(floating, "promotions-name-fixed-tags: floating");
    return (subject) => subject.when({ tag: text }, ({ tag = "" }) => moves(tag) && subject.violates(messages.floating));
  },
});
