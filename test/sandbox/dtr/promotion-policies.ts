import type { SandboxResponse } from "../contract";
import { repositoryAt } from "./access";
import { bool, type Call, flag, form, type JsonObject, text } from "./call";
import { Refusal } from "./errors";
import { evaluated } from "./policies";
import { addPolicy, changePolicy, type PolicyKind, policyRoutes } from "./policy-routes";
import type { PromotionPolicy, Repository } from "./repositories-model";
import { dateText, listed, type Route } from "./route";
import { rulesOf } from "./rules";
import { tagsOf } from "./stored-tags";
import { promoteByPolicy } from "./tag-life";
import { pathOf, type World } from "./world";

const kind: PolicyKind<PromotionPolicy> = {
  name: "promotion",
  path: "promotionPolicies",
  noSuch: "NO_SUCH_PROMOTION_POLICY",
  policies: ({ promotionPolicies }) => promotionPolicies,
  view,
};

/** Needs the right to administer source and target. */
export const promotionPolicyRoutes: readonly Route[] = policyRoutes(kind, { list, create, update });

/** Of this repository as source, or, with `source=false`, as target. Not paged. */
function list(call: Call, repository: Repository): SandboxResponse {
  const { world } = call;
  const path = pathOf(repository);
  const sources = flag(call, "source", true) ? [repository] : [...world.repositories.values()];
  const views = sources.flatMap((source) => {
    const policies = [...source.promotionPolicies.values()];
    return policies
      .filter(({ targetRepository }) => source === repository || targetRepository === path)
      .map((policy) => view(world, source, policy));
  });
  const wanted = flag(call, "source", true) ? views : views.filter(({ targetRepository }) => targetRepository === path);
  return { status: 200, json: listed(world, wanted) };
}

function create(call: Call, source: Repository): SandboxResponse {
  const changed = fieldsOf(call, source, { targetRepository: "", rules: [], tagTemplate: "%n", enabled: false });
  const policy: PromotionPolicy = { id: call.world.newId(), ...changed };
  addPolicy(kind, call, source, policy);
  return answer(call, source, policy, 201);
}

function update(call: Call, source: Repository, policy: PromotionPolicy): SandboxResponse {
  changePolicy(call, source, policy, fieldsOf(call, source, policy));
  return answer(call, source, policy, 200);
}

/** The form over what there is already. 400 `INVALID_PROMOTION_POLICY`; 404 or 403 for the target. */
function fieldsOf(call: Call, source: Repository, known: Omit<PromotionPolicy, "id" | "lastPromotedAt">) {
  const fields: JsonObject = form(call);
  const rules = rulesOf(call.world, fields);
  if (typeof rules === "string") throw invalid(rules);
  const targetRepository = text(fields, "targetRepository") ?? known.targetRepository;
  if (targetRepository === pathOf(source)) throw invalid("Source and target of a promotion must not be the same repository.");
  repositoryAt(call, targetRepository, "admin");
  return {
    rules: rules ?? known.rules,
    targetRepository,
    tagTemplate: text(fields, "tagTemplate") || known.tagTemplate,
    enabled: bool(fields, "enabled") ?? known.enabled,
  };
}

/** Promotes what the policy is for, then answers it. */
function answer(call: Call, source: Repository, policy: PromotionPolicy, status: number): SandboxResponse {
  const { world, principal } = call;
  return evaluated(
    call,
    source,
    () => {
      if (policy.enabled) promoteByPolicy(world, source, policy, tagsOf(world, source), principal);
    },
    () => ({ status, json: view(world, source, policy) }),
  );
}

function invalid(message: string): Refusal {
  return new Refusal(400, "INVALID_PROMOTION_POLICY", message);
}

/** `responses.PromotionPolicy`. */
function view(world: World, source: Repository, { id, rules, targetRepository, tagTemplate, enabled, lastPromotedAt }: PromotionPolicy) {
  const sourceRepository = pathOf(source);
  return {
    id,
    rules: listed(world, rules),
    sourceRepository,
    targetRepository,
    tagTemplate,
    enabled,
    lastPromotedAt: dateText(world, lastPromotedAt),
  };
}
