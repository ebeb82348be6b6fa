import { z } from "zod";

/*
 * What a policy file may say. Every property has a description, because editors show them; keys are the action's inputs in
 * camelCase. What a pattern, duration or expression may be is checked in policy-file.ts, where errors know the line.
 */

const patterns = (description: string) => z.union([z.string(), z.array(z.string()).min(1)]).describe(description);

const syntax = z.enum(["glob", "regex"]);
const age = z.string().min(1);
const positive = z.int().min(1);
const natural = z.int().min(0);

const keep = z
  .strictObject({
    count: positive.optional().describe("The newest so many of each group stay. Counted over all tags of the rule, before age."),
    groupBy: z
      .string()
      .min(1)
      .optional()
      .describe(
        "What count counts in: none (default), semver-major, semver-minor, or a regular expression (RE2, matching the whole tag) with one group.",
      ),
    sortBy: z.enum(["created", "semver", "name"]).optional().describe("What newest means. Default: created."),
    youngerThan: age.optional().describe("What is younger stays: 90s, 12h, 30d, 2w or an ISO date."),
  })
  .describe("These stay; the rest of the rule's tags goes.");

const remove = z
  .strictObject({ olderThan: age.optional().describe("Only what is older goes: 90s, 12h, 30d, 2w or an ISO date.") })
  .describe("The rule's tags go.");

const rule = z
  .strictObject({
    name: z.string().min(1).optional().describe("Said in the reasons of the report. Default: rule 1, rule 2, …"),
    repositories: patterns("Globs over repository paths; ! negates. Default: all that the policy is about.").optional(),
    tags: patterns("Patterns of tags; !pattern takes its matches out. Without tags and templates: every tag.").optional(),
    patternSyntax: syntax.optional().describe("Of tags. Default: the policy's."),
    pullRequestTags: z.string().min(1).optional().describe("A template such as pr-{number}: selects the tags of closed pull requests."),
    branchTags: z.string().min(1).optional().describe("A template such as branch-{branch}: selects the tags of branches that are gone."),
    keep: keep.optional(),
    delete: remove.optional(),
  })
  .describe("What becomes of the tags that this rule is the first to match. Exactly one of keep and delete.");

const protection = z
  .strictObject({
    name: z.string().min(1).optional().describe("Said in the reasons of the report."),
    repositories: patterns("Globs over repository paths; ! negates. Default: all.").optional(),
    tags: patterns("Patterns of tags that stay."),
    patternSyntax: syntax.optional().describe("Of tags. Default: the policy's."),
  })
  .describe("Tags that stay whatever the rules say, with their digest, its other tags, children, referrers and signatures.");

const untagged = z
  .strictObject({
    delete: z.boolean().describe("Whether images without tags that are part of nothing may go."),
    repositories: patterns("Globs over repository paths; ! negates. Default: all that the policy is about.").optional(),
    keepNewest: natural.optional().describe("The newest so many of each repository stay."),
    olderThan: age.optional().describe("Only what is older goes: 90s, 12h, 30d, 2w or an ISO date."),
  })
  .describe("Images without tags. Default: they stay.");

/** The policy file, version 1. Strict: a key that is not known is an error. */
export const policyFileSchema = z
  .strictObject({
    $schema: z.string().optional().describe("For editors."),
    version: z.literal(1).describe("Version of this form."),
    repositories: patterns(
      "Globs over repository paths that the policy is about; ! negates; only negative ones mean all but those. Default: all.",
    ).optional(),
    patternSyntax: syntax
      .optional()
      .describe("Of all patterns of tags. Default: glob. Regular expressions (RE2) must match the whole tag."),
    protect: z.array(protection).optional().describe("Beats every rule."),
    rules: z.array(rule).optional().describe("For each tag the first rule that matches it counts; tags that match none stay."),
    untagged: untagged.optional(),
    deleteGhostImages: z.boolean().optional().describe("Indexes without a single child that exists may go. Default: false."),
    deletePartialImages: z.boolean().optional().describe("Indexes some of whose children do not exist may go. Default: false."),
    deleteOrphanedReferrers: z
      .boolean()
      .optional()
      .describe("Signatures and other referrers whose subject does not exist may go. Default: false."),
    deleteDanglingTags: z.boolean().optional().describe("Tags that point to nothing may go. Default: false."),
    minAge: z
      .union([z.string().min(1), z.literal(0)])
      .optional()
      .describe("Nothing younger goes, whatever the rules say. Default: 24h; 0 lifts the guard."),
    minKeep: natural.optional().describe("So many of the newest tagged images of each repository stay whatever the rules say. Default: 1."),
    maxDeletions: natural.optional().describe("If more is to go in a run, nothing goes. Default: 1000."),
    maxDeletionsPercent: z
      .number()
      .min(0)
      .max(100)
      .optional()
      .describe("If more percent of the tagged images of any one repository are to go, nothing goes. Default: 50."),
    artifactTypes: z
      .union([z.literal("any"), z.array(z.enum(["image", "helm", "other"])).min(1)])
      .optional()
      .describe("What kinds may go. Default: image."),
    allowPlaceholderUntag: z
      .boolean()
      .optional()
      .describe("Remove a doomed tag of a kept image by way of a placeholder where the server has no other way. Default: false."),
  })
  .describe("What may go from a container registry and what must stay.");

export type PolicyFile = z.infer<typeof policyFileSchema>;
export type PolicyFileRule = z.infer<typeof rule>;

/** JSON schema of the policy file, for editors and other tools. */
export function policySchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(policyFileSchema, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      // The reader of a policy says this with the line and what to do; editors should know it, too.
      if (zodSchema === rule) jsonSchema.oneOf = [{ required: ["keep"] }, { required: ["delete"] }];
    },
  });
  return { $schema, title: "Cleanup policy of registry-as-code", ...rest };
}
