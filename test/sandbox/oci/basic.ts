import type { Access, Authorize, SandboxResponse } from "../contract";
import { failure } from "./errors";
import { basicUser, type Directory, may, userByName } from "./users";

/** `Basic` credentials, as a registry with an htpasswd file asks for them; 403 `DENIED` for what a known user may not do. */
export function basicAuthorize(directory: Directory, realm = "basic-realm"): Authorize {
  return (request, access) => {
    const user = basicUser(directory, request.headers.authorization) ?? userByName(directory, "");
    if (request.fault === "expired-session" || user === undefined || user === "refused") return challenge(realm, access);
    const allowed = neededActions(access).every(([repository, action]) => may(user, action, repository));
    if (allowed) return undefined;
    return user.name === "" ? challenge(realm, access) : failure(403, "DENIED");
  };
}

/** Each action with the repository that it is for; of a mount both. */
export function neededActions({ repository, from, actions }: Access): (readonly [repository: string | undefined, action: string])[] {
  const needed = actions.map((action) => [repository, action] as const);
  return from === undefined ? needed : [...needed, [from, "pull"]];
}

/** `detail` of a 401, as distribution fills it. */
export function accessDetail(access: Access): readonly unknown[] | null {
  const detail = neededActions(access).map(([repository, action]) =>
    repository === undefined
      ? { Type: "registry", Class: "", Name: "catalog", Action: "*" }
      : { Type: "repository", Class: "", Name: repository, Action: action },
  );
  return detail.length > 0 ? detail : null;
}

function challenge(realm: string, access: Access): SandboxResponse {
  return failure(401, { code: "UNAUTHORIZED", detail: accessDetail(access) }, { "www-authenticate": `Basic realm="${realm}"` });
}
