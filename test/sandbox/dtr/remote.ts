import { type Call, form } from "./call";
import { invalidPermissions, remoteFields, remotePermissions, wrongRemote } from "./mirroring";
import type { Route } from "./route";

export const remoteRoutes: readonly Route[] = [{ method: "POST", path: "/api/v0/remote/registry", who: "user", run: check }];

/** Logs in at another registry, or at this one, and says what the login may do with a repository there. */
async function check(call: Call) {
  const target = remoteFields(form(call));
  const wrong = wrongRemote(target);
  if (wrong !== undefined) throw invalidPermissions(wrong);
  const permissions = await remotePermissions(call.world, target);
  if (!permissions.read && !permissions.write) throw invalidPermissions(`The account has no access to ${target.remoteRepository}.`);
  return { status: 201, json: { registryType: call.world.switches.registryType, permissions } };
}
