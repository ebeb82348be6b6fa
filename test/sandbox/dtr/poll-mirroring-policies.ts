import type { SandboxResponse } from "../contract";
import { bool, type Call, flag, form } from "./call";
import { checkLogin, invalidPolicy, mirroringView, remoteFields, wrongRemote } from "./mirroring";
import { addPolicy, changePolicy, type PolicyKind, policyRoutes } from "./policy-routes";
import { pollSoon } from "./poll-mirroring";
import type { MirroringPolicy, Repository } from "./repositories-model";
import type { Route } from "./route";

const kind: PolicyKind<MirroringPolicy> = {
  name: "poll mirroring",
  path: "pollMirroringPolicies",
  noSuch: "NO_SUCH_POLL_MIRRORING_POLICY",
  policies: ({ pollMirroringPolicies }) => pollMirroringPolicies,
  view: mirroringView,
};

export const pollMirroringPolicyRoutes: readonly Route[] = policyRoutes(kind, { create, update });

/** Unless `initialEvaluation=false`, the first look at the other side begins at once; the answer does not wait for it. */
async function create(call: Call, repository: Repository): Promise<SandboxResponse> {
  const { world } = call;
  const evaluate = flag(call, "initialEvaluation", true);
  const fields = await fieldsOf(call);
  const policy: MirroringPolicy = { id: world.newId(), ...fields, lastStatus: { code: "", detail: "" } };
  addPolicy(kind, call, repository, policy);
  const json = mirroringView(world, repository, policy);
  if (evaluate && policy.enabled) pollSoon(world, repository, policy);
  return { status: 201, json };
}

/** Only the keys that are there; it has no `initialEvaluation`. */
async function update(call: Call, repository: Repository, policy: MirroringPolicy): Promise<SandboxResponse> {
  changePolicy(call, repository, policy, await fieldsOf(call, policy));
  return { status: 200, json: mirroringView(call.world, repository, policy) };
}

/** The form over what there is already, when it is complete and the login works; where only `enabled` changes nobody is asked. */
async function fieldsOf(call: Call, known?: MirroringPolicy) {
  const fields = form(call);
  const remote = remoteFields(fields, known);
  const wrong = wrongRemote(remote);
  if (wrong) throw invalidPolicy(call.world, "INVALID_POLL_MIRRORING_POLICY", wrong);
  const enabled = bool(fields, "enabled") ?? known?.enabled ?? false;
  if (!known || Object.keys(fields).some((key) => key !== "enabled")) await checkLogin(call, remote, "read");
  return { ...remote, enabled };
}
