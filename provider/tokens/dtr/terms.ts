import { listed, type TokenRequest } from "../request";
import type { RequestProblem } from "../request-error";

const better = "use type: oci with the same address: its token server gives tokens for single repositories, which end by themselves";

/** What a request for an access token of Docker Trusted Registry must say, as far as the request alone shows it. Problems go to `problems`. */
export function dtrProblems(request: TokenRequest, problems: RequestProblem[]): void {
  const { registries, repositories, allowWiderScope, allowLongLived } = request;
  if (registries && registries.length > 0)
    problems.push({ setting: "registries", text: "is for Selectel, whose tokens are scoped by registry: remove it" });
  listed("repositories", repositories, problems);
  if (!allowWiderScope)
    problems.push({
      setting: "allow-wider-scope",
      text: `an access token of Docker Trusted Registry may do everything that its user may, in every repository: ${better}; or set allow-wider-scope: true if you mean it`,
    });
  if (!allowLongLived)
    problems.push({
      setting: "allow-long-lived",
      text: `an access token of Docker Trusted Registry never ends by itself, it is only deleted after the job: ${better}; or set allow-long-lived: true if you mean it`,
    });
}
