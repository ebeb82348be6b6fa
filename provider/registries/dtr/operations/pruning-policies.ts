import { z } from "zod";
import { operation } from "../../operation";
import { paged } from "../paging";
import { PruningPolicy } from "../schemas/policies";
import { ThinTag } from "../schemas/tags";
import { array } from "../schemas/values";
import { evaluation, rules, slow, someOf, unlessEvaluated } from "./terms";

const changed = { rules: rules.optional(), enabled: z.boolean().optional() };

/** Policies that delete tags. */
export const pruningPolicies = {
  list: paged("GET /api/v0/repositories/{namespace}/{repository}/pruningPolicies", {
    items: array(PruningPolicy),
    key: ({ id }) => id,
    errors: [403, 404],
  }),
  /** INVALID_PRUNING_POLICY (a 404): what was sent is not right, a rule for instance. `initialEvaluation`: delete at once; default false. */
  create: operation("POST /api/v0/repositories/{namespace}/{repository}/pruningPolicies", {
    query: evaluation,
    body: { rules, enabled: z.boolean() },
    answer: PruningPolicy,
    timeouts: slow,
    errors: [400, 403, 404],
  }),
  /** The tags that such a policy would delete now. Deletes nothing. */
  test: paged("POST /api/v0/repositories/{namespace}/{repository}/pruningPolicies/test", {
    body: { rules, enabled: z.boolean().default(true) },
    items: array(ThinTag),
    key: (tag) => tag.name,
    repeatable: true,
    timeouts: slow,
    errors: [400, 403, 404],
  }),
  /** NO_SUCH_PRUNING_POLICY: it is gone. */
  get: operation("GET /api/v0/repositories/{namespace}/{repository}/pruningPolicies/{id}", { answer: PruningPolicy, errors: [403, 404] }),
  /** Changes what is given. */
  update: operation("PUT /api/v0/repositories/{namespace}/{repository}/pruningPolicies/{id}", {
    query: evaluation,
    body: changed,
    rule: someOf(...Object.keys(changed)),
    answer: PruningPolicy,
    repeatable: unlessEvaluated,
    timeouts: slow,
    errors: [403, 404],
  }),
  /** Succeeds if it is gone. */
  delete: operation("DELETE /api/v0/repositories/{namespace}/{repository}/pruningPolicies/{id}", { errors: [403, 404] }),
};
