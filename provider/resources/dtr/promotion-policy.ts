import { z } from "zod";
import type { DtrClient, PromotionPolicy as Found } from "../../registries/dtr";
import type { CommonInputs } from "../declaration";
import { resource } from "../resource";
import { dtr } from "./module";
import { ImageName } from "./names";
import { policyLife } from "./policy";
import type { PolicyKind } from "./policy-kind";
import { type PolicyRule, PolicyRules, shownRules } from "./policy-rules";
import { RepositoryPath } from "./repository-path";

/** What a program declares. */
export interface PromotionPolicyInputs extends CommonInputs {
  /** User or organization that owns the source repository. A change replaces the policy. */
  namespace: string;
  /** Name of the source repository in its namespace. A change replaces the policy. */
  repository: string;
  /** Repository that tags are promoted to, `namespace/repository`, on the same server. It must exist. */
  targetRepository: string;
  /** The tag in the target. `%n` is the source's; `%Y`, `%m`, `%d`, `%H`, `%M`, `%S` and others are of the time. Default `%n`. */
  tagTemplate?: string;
  /** What a tag must fulfil to be promoted, all of it: rules as of `dtr.PruningPolicy`. */
  rules: PolicyRule[];
  /** Whether the server follows the policy. Default `true`. */
  enabled?: boolean;
  /** Promote matching tags at once when the policy is made or its rules change, and not only those that are pushed or scanned later. Big repositories run into a proxy's time-out. Default `false`. */
  initialEvaluation?: boolean;
}

/** What the server adds. */
export interface PromotionPolicyOutputs {
  /** The server's own id of the policy, a UUID: the last part of the resource's id. */
  policyId: string;
}

const kind: PolicyKind<PromotionPolicyInputs, Found> = {
  type: "dtr:PromotionPolicy",
  list: ({ promotionPolicies }, place, options) => promotionPolicies.list({ ...place, source: true }, options),
  get: ({ promotionPolicies }, at, options) => promotionPolicies.get(at, options),
  create: ({ promotionPolicies }, inputs, initialEvaluation, options) => {
    const { namespace, repository, targetRepository, tagTemplate = "%n", rules, enabled = true } = inputs;
    return promotionPolicies.create({ namespace, repository, targetRepository, tagTemplate, rules, enabled, initialEvaluation }, options);
  },
  update: ({ promotionPolicies }, at, { targetRepository, tagTemplate, rules, enabled }, initialEvaluation, options) =>
    promotionPolicies.update(
      {
        ...at,
        ...(targetRepository !== undefined && { targetRepository }),
        ...(tagTemplate !== undefined && { tagTemplate }),
        ...(rules && { rules }),
        ...(enabled !== undefined && { enabled }),
        initialEvaluation,
      },
      options,
    ),
  delete: ({ promotionPolicies }, at, options) => promotionPolicies.delete(at, options),
  shown: ({ targetRepository, tagTemplate, rules, enabled }) => ({
    targetRepository,
    tagTemplate,
    rules: shownRules(rules),
    enabled,
  }),
};

const life = policyLife(kind);

/**
 * A promotion policy of a repository: when a tag that fulfils all rules is pushed or scanned, the server copies it to another of its repositories. It needs admin
 * access to both repositories. Destroying the policy leaves what was promoted.
 *
 * A policy has no name: one that is equal in everything declared is an existing one, which `adopt: true` takes over.
 *
 * The id is `namespace/repository/policyId`, with the source repository.
 */
export class PromotionPolicy extends resource<PromotionPolicyInputs, PromotionPolicyOutputs, DtrClient>({
  type: "dtr:PromotionPolicy",
  module: dtr,
  inputs: {
    namespace: ImageName,
    repository: ImageName,
    targetRepository: RepositoryPath,
    tagTemplate: z.string().min(1, "must not be empty: %n is the source's tag").default("%n"),
    rules: PolicyRules,
    enabled: z.boolean().default(true),
    initialEvaluation: z.boolean().default(false),
  },
  outputs: { policyId: z.string() },
  replaceOn: ["namespace", "repository"],
  handling: ["initialEvaluation"],
  timeouts: { create: "20m", update: "20m" }, // an evaluation goes through all tags before the server answers
  rules: ({ namespace, repository, targetRepository, tagTemplate = "%n" }) =>
    targetRepository === `${namespace}/${repository}` && tagTemplate === "%n"
      ? [
          {
            property: "targetRepository",
            reason: "is the source itself: name another repository, or give tags another name by tagTemplate",
          },
        ]
      : [],
  ...life,
  update: life.update,
}) {}
