import type { SandboxResponse } from "../contract";
import { bool, type Call, flag, form, text } from "./call";
import { checkLogin, invalidPolicy, mirroringView, remoteFields, wrongRemote } from "./mirroring";
import { addPolicy, changePolicy, type PolicyKind, policyRoutes } from "./policy-routes";
import { mirrorByPolicy } from "./push-mirroring";
import type { PushMirroringPolicy, Repository } from "./repositories-model";
import { listed, type Route } from "./route";
import { rulesOf } from "./rules";
import { tagsOf } from "./stored-tags";
import type { World } from "./world";

const kind: PolicyKind<PushMirroringPolicy> = {
  name: "push mirroring",
  path: "pushMirroringPolicies",
  noSuch: "NO_SUCH_PUSH_MIRRORING_POLICY",
  policies: ({ pushMirroringPolicies }) => pushMirroringPolicies,
  view: pushPolicyView,
};

export const pushMirroringPolicyRoutes: readonly Route[] = policyRoutes(kind, { create, update });

async function create(call: Call, repository: Repository): Promise<SandboxResponse> {
  const { world } = call;
  const evaluate = flag(call, "initialEvaluation", true);
  const fields = await fieldsOf(call);
  const policy: PushMirroringPolicy = { id: world.newId(), ...fields, lastStatus: { code: "", detail: "" } };
  addPolicy(kind, call, repository, policy);
  const json = pushPolicyView(world, repository, policy);
  if (evaluate) mirrorSoon(world, repository, policy);
  return { status: 201, json };
}

/** Only the keys that are there. */
async function update(call: Call, repository: Repository, policy: PushMirroringPolicy): Promise<SandboxResponse> {
  const { world } = call;
  const evaluate = flag(call, "initialEvaluation", true);
  changePolicy(call, repository, policy, await fieldsOf(call, policy));
  const json = pushPolicyView(world, repository, policy);
  if (evaluate) mirrorSoon(world, repository, policy);
  return { status: 200, json };
}

/** `responses.PushMirroringPolicy`: never with a secret. */
export function pushPolicyView(world: World, repository: Repository, policy: PushMirroringPolicy) {
  return { ...mirroringView(world, repository, policy), rules: listed(world, policy.rules), tagTemplate: policy.tagTemplate };
}

/** What there is already goes, too; the answer does not wait for it. */
function mirrorSoon(world: World, repository: Repository, policy: PushMirroringPolicy): void {
  if (policy.enabled) mirrorByPolicy(world, repository, policy, tagsOf(world, repository));
}

/** The form over what there is already, when it is complete and the login works. */
async function fieldsOf(call: Call, known?: PushMirroringPolicy) {
  const { world } = call;
  const fields = form(call);
  const rules = rulesOf(world, fields);
  const remote = remoteFields(fields, known);
  const wrong = typeof rules === "string" ? rules : wrongRemote(remote);
  if (wrong) throw invalidPolicy(world, "INVALID_PUSH_MIRRORING_POLICY", wrong);
  const enabled = bool(fields, "enabled") ?? known?.enabled ?? false;
  const tagTemplate = text(fields, "tagTemplate") || known?.tagTemplate || "%n";
  if (!known || Object.keys(fields).some((key) => key !== "enabled")) await checkLogin(call, remote, "write");
  return { ...remote, enabled, rules: (typeof rules === "string" ? undefined : rules) ?? known?.rules ?? [], tagTemplate };
}
