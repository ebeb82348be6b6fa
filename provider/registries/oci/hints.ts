import type { HintFacts } from "../../http";
import type { OciCredentials } from "./credentials";

/** What the reader of a registry's refusal can do next. */
export function hintFor(credentials: OciCredentials): (facts: HintFacts) => string | undefined {
  const who = credentials ? ("username" in credentials ? `user ${credentials.username}` : "the given token") : "anonymous access";
  return ({ status, kind, route }) => {
    if (kind !== "status") return undefined;
    if (status === 401) {
      return credentials
        ? `The registry does not accept ${who} for this: wrong or expired credentials, or no right to it`
        : "The registry wants credentials for this: give a user name and password, or run docker login";
    }
    if (status === 403) return `The registry does not allow this to ${who}`;
    if (status === 429) return "The registry's rate limit is used up: wait, or log in if this was anonymous";
    if (status === 404 && route.startsWith("/v2/{+repository}/blobs/uploads"))
      return "Check the repository's name; some registries want a repository or project to be created first";
    return undefined;
  };
}
