import { z } from "zod";
import { operation } from "../../operation";
import { PromotionPolicy } from "../schemas/policies";
import { array } from "../schemas/values";
import { name } from "./given";
import { evaluation, rules, slow, someOf, unlessEvaluated } from "./terms";

const changed = {
  rules: rules.optional(),
  /** `namespace/name`. */
  targetRepository: name.optional(),
  /** `%n` is the tag's name. */
  tagTemplate: z.string().optional(),
  enabled: z.boolean().optional(),
};

/** Policies that copy tags to another repository of this server. */
export const promotionPolicies = {
  /** In no pages. `source` false: the policies whose target this repository is; otherwise those whose source it is. */
  list: operation("GET /api/v0/repositories/{namespace}/{repository}/promotionPolicies", {
    query: { source: z.boolean().optional() },
    answer: array(PromotionPolicy),
    errors: [403, 404],
  }),
  /**
   * Needs admin access here and in the target. INVALID_PROMOTION_POLICY: what was sent is not right. NO_SUCH_REPOSITORY: this one or the target is not there.
   * `initialEvaluation`: promote at once what is there; default false.
   */
  create: operation("POST /api/v0/repositories/{namespace}/{repository}/promotionPolicies", {
    query: evaluation,
    body: { ...changed, targetRepository: name, enabled: z.boolean() },
    answer: PromotionPolicy,
    timeouts: slow,
    errors: [400, 403, 404],
  }),
  /** NO_SUCH_PROMOTION_POLICY: it is gone. */
  get: operation("GET /api/v0/repositories/{namespace}/{repository}/promotionPolicies/{id}", {
    answer: PromotionPolicy,
    errors: [403, 404],
  }),
  /** Changes what is given. */
  update: operation("PUT /api/v0/repositories/{namespace}/{repository}/promotionPolicies/{id}", {
    query: evaluation,
    body: changed,
    rule: someOf(...Object.keys(changed)),
    answer: PromotionPolicy,
    repeatable: unlessEvaluated,
    timeouts: slow,
    errors: [400, 403, 404],
  }),
  /** Succeeds if it is gone. */
  delete: operation("DELETE /api/v0/repositories/{namespace}/{repository}/promotionPolicies/{id}", { errors: [403, 404] }),
};
