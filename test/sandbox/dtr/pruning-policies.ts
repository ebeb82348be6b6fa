import type { SandboxResponse } from "../contract";
import { repositoryOf } from "./access";
import { bool, type Call, form } from "./call";
import { invalidPolicy } from "./mirroring";
import { page } from "./paging";
import { evaluated } from "./policies";
import { addPolicy, changePolicy, type PolicyKind, policiesPath, policyRoutes } from "./policy-routes";
import { prunable, pruneByPolicies } from "./pruning";
import type { PruningPolicy, Repository } from "./repositories-model";
import { dateText, listed, type Route } from "./route";
import { rulesOf } from "./rules";
import { digestOfTag } from "./stored-tags";
import { pathOf, type World } from "./world";

const kind: PolicyKind<PruningPolicy> = {
  name: "pruning",
  path: "pruningPolicies",
  noSuch: "NO_SUCH_PRUNING_POLICY",
  policies: ({ pruningPolicies }) => pruningPolicies,
  view,
};

export const pruningPolicyRoutes: readonly Route[] = [
  ...policyRoutes(kind, { list, create, update }),
  { method: "POST", path: `${policiesPath(kind)}/test`, who: { repository: "admin" }, run: test },
];

function list(call: Call, repository: Repository): SandboxResponse {
  const { world } = call;
  const { items, headers } = page(call, [...repository.pruningPolicies.values()], ({ id }) => id);
  return {
    status: 200,
    headers,
    json: listed(
      world,
      items.map((policy) => view(world, repository, policy)),
    ),
  };
}

function create(call: Call, repository: Repository): SandboxResponse {
  const policy: PruningPolicy = { id: call.world.newId(), ...fieldsOf(call, { rules: [], enabled: false }) };
  addPolicy(kind, call, repository, policy);
  return answer(call, repository, policy, 201);
}

function update(call: Call, repository: Repository, policy: PruningPolicy): SandboxResponse {
  changePolicy(call, repository, policy, fieldsOf(call, policy));
  return answer(call, repository, policy, 200);
}

/** The tags that would go; nothing is deleted, and whether the policy is enabled does not count. */
function test(call: Call): SandboxResponse {
  const { world } = call;
  const repository = repositoryOf(call, "admin");
  const { rules } = fieldsOf(call, { rules: [], enabled: false });
  const { items, headers } = page(call, prunable(world, repository, rules), (tag) => tag);
  const thin = items.map((name) => ({ name, digest: digestOfTag(world, repository, name) ?? "" }));
  return { status: 200, headers, json: listed(world, thin) };
}

/** The form over what there is already; `INVALID_PRUNING_POLICY` when it says what there is not. */
function fieldsOf(call: Call, known: Pick<PruningPolicy, "rules" | "enabled">) {
  const fields = form(call);
  const rules = rulesOf(call.world, fields);
  if (typeof rules === "string") throw invalidPolicy(call.world, "INVALID_PRUNING_POLICY", rules);
  return { rules: rules ?? known.rules, enabled: bool(fields, "enabled") ?? known.enabled };
}

/** Prunes, then answers the policy. */
function answer(call: Call, repository: Repository, policy: PruningPolicy, status: number): SandboxResponse {
  const { world } = call;
  return evaluated(
    call,
    repository,
    () => pruneByPolicies(world, repository),
    () => ({ status, json: view(world, repository, policy) }),
  );
}

/** `responses.PruningPolicy`. */
function view(world: World, repository: Repository, { id, rules, enabled, lastPrunedAt }: PruningPolicy) {
  return { id, rules: listed(world, rules), repository: pathOf(repository), enabled, lastPrunedAt: dateText(world, lastPrunedAt) };
}
