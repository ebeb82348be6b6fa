import type { SandboxResponse } from "../contract";
import { isObject } from "../references";
import { repositoryOf } from "./access";
import { type Call, jsonBody } from "./call";
import { refusal } from "./errors";
import { mirroringView } from "./mirroring";
import { page } from "./paging";
import { policyHappened } from "./policies";
import { pushPolicyView } from "./push-mirroring-policies";
import { listed, type Route } from "./route";

const POLICIES = "/api/v0/repositories/{namespace}/{repository}/mirroringPolicies";

/** Push and poll mirroring together. */
export const mirroringPolicyRoutes: readonly Route[] = [
  { method: "GET", path: POLICIES, who: { repository: "admin" }, list: true, run: list },
  { method: "DELETE", path: POLICIES, who: { repository: "admin" }, run: deleteMany },
];

function list(call: Call): SandboxResponse {
  const { world } = call;
  const repository = repositoryOf(call, "admin");
  const push = [...repository.pushMirroringPolicies.values()].map((policy) => ({
    mirroringType: "push",
    ...pushPolicyView(world, repository, policy),
  }));
  const poll = [...repository.pollMirroringPolicies.values()].map((policy) => ({
    mirroringType: "poll",
    ...mirroringView(world, repository, policy),
  }));
  const { items, headers } = page(call, [...push, ...poll], ({ id }) => id);
  return { status: 200, headers, json: listed(world, items) };
}

/** Those of the list `[{ id }, …]`; ids that there are not are passed over. */
function deleteMany(call: Call): SandboxResponse {
  const repository = repositoryOf(call, "admin");
  const given = jsonBody(call);
  const ids = Array.isArray(given) ? given.map((item: unknown) => (isObject(item) ? item.id : undefined)) : [];
  if (!Array.isArray(given) || !ids.every((id) => typeof id === "string"))
    throw refusal("INVALID_JSON", "The body is a list of objects with an id.");
  const gone = ids.filter((id) => repository.pushMirroringPolicies.delete(id) || repository.pollMirroringPolicies.delete(id));
  for (const id of gone) policyHappened(call, repository, id, "DELETE");
  return { status: 204 };
}
