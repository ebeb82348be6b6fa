import type { HintFacts } from "../../http";

/** Next steps for readers of errors, where the server's own texts leave them alone. undefined: the general one. */
export function hintFor(facts: HintFacts): string | undefined {
  if (facts.kind !== "status") return undefined;
  return (facts.code === undefined ? undefined : ofCode(facts.code, facts)) ?? ofStatus(facts);
}

const untrust =
  "Remove its trust data first: docker trust revoke <host>/<namespace>/<repository>:<tag>, or notary delete for the whole repository; then delete again";

function ofCode(code: string, { status, method, route }: HintFacts): string | undefined {
  switch (code) {
    case "TAG_IN_NOTARY":
      return `The tag is signed, and the server keeps signed tags. ${untrust}`;
    case "REPOSITORY_CONTAINS_TAGS_IN_NOTARY":
      return `The repository holds signed tags, and the server keeps them. ${untrust}`;
    case "REMOTE_REGISTRY_INVALID_PERMISSIONS":
      return "The other registry refuses this login: check remoteHost, remoteRepository, remoteCA, and that username and password (or authToken) may read there, and for push mirroring write";
    case "REPOSITORY_EXISTS":
      return "There is a repository of this name, perhaps one that this user may not see: adopt it, or choose another name";
    case "SCANNING_NOT_ENABLED":
      return "Security scanning is off: an administrator turns it on in the settings (scanningEnabled), if the license has it";
    case "SCANNING_DB_NOT_READY":
      return "The vulnerability database is not there yet: update it first";
    case "NO_SUCH_REPOSITORY":
      return "There is no such repository, or this user may not see it";
    case "NO_SUCH_ACCOUNT":
      return "There is no such user or organization, or this user may not see it";
  }
  if (code.startsWith("INVALID_") && status === 404) {
    return "This server says 404 where what was sent is not right: nothing is missing; check fields, operators and values";
  }
  if (code.endsWith("_POLICY") && code.startsWith("NO_SUCH_") && method === "PUT") return "The policy is gone: create it again";
  if (code === "NO_SUCH_TEAM" && route.includes("teamAccess")) return "The team must exist in the organization that owns the namespace";
  return undefined;
}

function ofStatus({ status, method, route }: HintFacts): string | undefined {
  switch (status) {
    case 401:
      return "Check user name and password. An access token works in place of the password, unless it was deleted or made inactive";
    case 403:
      return route.startsWith("/enzi/") || administrative.test(route)
        ? "This needs a system administrator, or an owner of the organization"
        : "The user may not do that here: reading needs read access to the repository, changing tags write access, policies and grants admin access";
    case 504:
      return evaluating.test(`${method} ${route}`)
        ? "A policy that is evaluated at once (initialEvaluation: true) takes longer than the proxy waits where the repository is big. Look whether it was saved; save it with initialEvaluation: false, and it is evaluated later"
        : undefined;
  }
  return undefined;
}

const administrative =
  /^\/api\/v0\/(?:(?:meta|crons|action_configs|jobs|workers|content_caches|accounts)\b|imagescan\/(?:layeroverride\b|scan$|scan\/update$))/;
/** The calls that take `initialEvaluation`. */
const evaluating =
  /^POST .*\/(?:promotion|pruning|pollMirroring|pushMirroring)Policies$|^PUT .*\/(?:promotion|pruning|pushMirroring)Policies\//;
