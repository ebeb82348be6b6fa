import { type Case, later, UNKNOWN_TEXT, wrong } from "./case";
import { digest, promotion, tagMirroring } from "./inputs";

export const tags: readonly Case[] = [
  // tags-name-digests
  wrong(
    "tagsNameDigests",
    "no digest",
    "oci:Tag",
    { repository: "a", tag: "production", digest: "latest" },
    "malformed",
    {
      repository: "a",
      tag: "production",
      digest,
    },
    { refused: true },
  ),
  wrong(
    "tagsNameDigests",
    "a shortened digest",
    "oci:Tag",
    { repository: "a", tag: "production", digest: "sha256:abc" },
    "malformed",
    {
      repository: "a",
      tag: "production",
      digest,
    },
    { refused: true },
  ),
  {
    rule: "tagsNameDigests",
    what: "what a promotion found",
    resources: [
      { type: "oci:Tag", props: { repository: "a", tag: "production", digest: UNKNOWN_TEXT }, from: { digest: [1] } },
      { type: "dtr:TagPromotion", props: promotion },
    ],
    says: [[0, "moving"]],
  },
  {
    rule: "tagsNameDigests",
    what: "the digest of another tag resource",
    resources: [
      { type: "oci:Tag", props: { repository: "a", tag: "production", digest }, from: { digest: [1] } },
      { type: "oci:Tag", props: { repository: "a", tag: "staging", digest } },
    ],
  },
  later("tagsNameDigests", "a digest that is not known", "oci:Tag", { repository: "a", tag: "production", digest: UNKNOWN_TEXT }, [
    "digest",
  ]),

  // promotions-name-fixed-tags
  wrong("promotionsNameFixedTags", "a promotion of latest", "dtr:TagPromotion", { ...promotion, tag: "latest" }, "floating", promotion),
  wrong("promotionsNameFixedTags", "a mirroring of main", "dtr:TagMirroring", { ...tagMirroring, tag: "main" }, "floating", tagMirroring),
  wrong(
    "promotionsNameFixedTags",
    "another list",
    "dtr:TagPromotion",
    promotion,
    "floating",
    { ...promotion, tag: "1.0.0" },
    {
      configuration: { floating: ["v?"] },
    },
  ),
  later("promotionsNameFixedTags", "a tag that is not known", "dtr:TagPromotion", { ...promotion, tag: UNKNOWN_TEXT }, ["tag"]),
];
