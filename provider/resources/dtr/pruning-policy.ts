import { z } from "zod";
import type { DtrClient, PruningPolicy as Found } from "../../registries/dtr";
import type { CommonInputs } from "../declaration";
import { resource } from "../resource";
import { dtr } from "./module";
import { ImageName } from "./names";
import { policyLife } from "./policy";
import type { PolicyKind } from "./policy-kind";
import { type PolicyRule, PolicyRules, shownRules } from "./policy-rules";

/** What a program declares. */
export interface PruningPolicyInputs extends CommonInputs {
  /** User or organization that owns the repository. A change replaces the policy. */
  namespace: string;
  /** Name of the repository in its namespace. A change replaces the policy. */
  repository: string;
  /**
   * What a tag must fulfil to be deleted, all of it: rules of `{ field, operator, values }`, at least one. `tag` takes the operators `eq`, `sw` (starts with), `ew` (ends with),
   * `c` (contains), `oo` (one of) and `noo` (not one of); `license.name` and `component.name` take `oo` and `noo`; `vulnerability_all`, `vulnerability_critical`,
   * `vulnerability_major` and `vulnerability_minor` take `gte`, `gt`, `eq`, `neq`, `lte` and `lt`; `updated_at` (RFC 3339) and `updated_at_duration` (`12h`) take `bf` (before)
   * and `af` (after). Values are strings, numbers too: `["10"]`. Other fields and operators are sent with a warning: later servers know more.
   */
  rules: PolicyRule[];
  /** Whether the server follows the policy. Default `true`. */
  enabled?: boolean;
  /** Delete matching tags at once when the policy is made or its rules change, and not only at the server's next round (every 15 minutes). Big repositories run into a proxy's time-out. Default `false`. */
  initialEvaluation?: boolean;
}

/** What the server adds. */
export interface PruningPolicyOutputs {
  /** The server's own id of the policy, a UUID: the last part of the resource's id. */
  policyId: string;
}

const kind: PolicyKind<PruningPolicyInputs, Found> = {
  type: "dtr:PruningPolicy",
  list: ({ pruningPolicies }, place, options) => Array.fromAsync(pruningPolicies.list(place, options)),
  get: ({ pruningPolicies }, at, options) => pruningPolicies.get(at, options),
  create: ({ pruningPolicies }, { namespace, repository, rules, enabled = true }, initialEvaluation, options) =>
    pruningPolicies.create({ namespace, repository, rules, enabled, initialEvaluation }, options),
  update: ({ pruningPolicies }, at, { rules, enabled }, initialEvaluation, options) =>
    pruningPolicies.update({ ...at, ...(rules && { rules }), ...(enabled !== undefined && { enabled }), initialEvaluation }, options),
  delete: ({ pruningPolicies }, at, options) => pruningPolicies.delete(at, options),
  shown: ({ rules, enabled }) => ({
    rules: shownRules(rules),
    enabled,
  }),
};

const life = policyLife(kind);

/**
 * A pruning policy of a repository: the server deletes the tags that fulfil all rules, again and again. It deletes names only; space comes back with a garbage
 * collection. `dtr.testPruningPolicy` tells which tags rules would delete now. It needs admin access to the repository.
 *
 * A policy has no name: one that is equal in everything declared is an existing one, which `adopt: true` takes over.
 *
 * The id is `namespace/repository/policyId`.
 */
export class PruningPolicy extends resource<PruningPolicyInputs, PruningPolicyOutputs, DtrClient>({
  type: "dtr:PruningPolicy",
  module: dtr,
  inputs: {
    namespace: ImageName,
    repository: ImageName,
    // Without rules, every tag would fulfil all of them.
    rules: PolicyRules.refine((rules) => rules.length > 0, "must hold a rule: a policy without one could delete every tag"),
    enabled: z.boolean().default(true),
    initialEvaluation: z.boolean().default(false),
  },
  outputs: { policyId: z.string() },
  replaceOn: ["namespace", "repository"],
  handling: ["initialEvaluation"],
  timeouts: { create: "20m", update: "20m" }, // an evaluation goes through all tags before the server answers
  ...life,
  update: life.update,
}) {}
