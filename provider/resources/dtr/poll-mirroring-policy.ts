import { z } from "zod";
import type { DtrClient, PollMirroringPolicy as Found } from "../../registries/dtr";
import type { CommonInputs } from "../declaration";
import { resource } from "../resource";
import { dtr } from "./module";
import { ImageName } from "./names";
import { policyLife } from "./policy";
import type { PolicyKind } from "./policy-kind";
import { loginProblems, remoteLogin, sameLogin, shownLogin, wireLogin } from "./remote-login";

/** What a program declares. */
export interface PollMirroringPolicyInputs extends CommonInputs {
  /** User or organization that owns the local repository. A change replaces the policy. */
  namespace: string;
  /** Name of the local repository in its namespace. A change replaces the policy. */
  repository: string;
  /** Address of the other registry, for example `https://dtr.example.com`. Without a scheme, `https`. */
  remoteHost: string;
  /** Repository there: `namespace/repository`. */
  remoteRepository: string;
  /** PEM of the certificate authority of the other registry. Default: what the server has, which is then left alone. */
  remoteCa?: string;
  /** Do not look at the other registry's certificate. Default `false`. */
  skipTlsVerification?: boolean;
  /** User name there. Default: what the server has, which is then left alone. */
  username?: string;
  /** Password there, or an access token. The server never shows it: only a change in the program is noticed, and sends it. */
  password?: string;
  /** Token there, in place of user name and password. Never shown either. */
  authToken?: string;
  /** Whether the server follows the policy. Default `true`. */
  enabled?: boolean;
  /** Mirror at once when the policy is made, and not only at the server's next round (every 30 minutes). Big repositories run into a proxy's time-out. Default `false`. */
  initialEvaluation?: boolean;
}

/** What the server adds. */
export interface PollMirroringPolicyOutputs {
  /** The server's own id of the policy, a UUID: the last part of the resource's id. */
  policyId: string;
}

const kind: PolicyKind<PollMirroringPolicyInputs, Found> = {
  type: "dtr:PollMirroringPolicy",
  list: ({ pollMirroringPolicies }, place, options) => pollMirroringPolicies.list(place, options),
  get: ({ pollMirroringPolicies }, at, options) => pollMirroringPolicies.get(at, options),
  create: ({ pollMirroringPolicies }, inputs, initialEvaluation, options) => {
    const { namespace, repository, remoteHost, remoteRepository, enabled = true } = inputs;
    return pollMirroringPolicies.create(
      { ...wireLogin(inputs), namespace, repository, remoteHost, remoteRepository, enabled, initialEvaluation },
      options,
    );
  },
  // This call of the API knows no initial evaluation.
  update: ({ pollMirroringPolicies }, at, changed, _initialEvaluation, options) =>
    pollMirroringPolicies.update(
      { ...at, ...wireLogin(changed), ...(changed.enabled !== undefined && { enabled: changed.enabled }) },
      options,
    ),
  delete: ({ pollMirroringPolicies }, at, options) => pollMirroringPolicies.delete(at, options),
  shown: ({ enabled, ...login }) => ({ ...shownLogin(login), enabled }),
  same: sameLogin,
};

const life = policyLife(kind);

/**
 * A mirroring policy that pulls: the server copies all tags of a repository in another registry, every 30 minutes (the job `poll_mirror`). It needs admin access to
 * the repository, and the server tries the login there when the policy is made. `dtr.checkRemoteRegistry` tries it beforehand. Destroying the policy leaves
 * what was mirrored.
 *
 * Credentials are encrypted in the state, and sent when the policy is made or adopted and when they change, never otherwise. A policy has no name: one
 * that is equal in everything declared (credentials apart, which nobody can see) is an existing one, which `adopt: true` takes over.
 *
 * The id is `namespace/repository/policyId`.
 */
export class PollMirroringPolicy extends resource<PollMirroringPolicyInputs, PollMirroringPolicyOutputs, DtrClient>({
  type: "dtr:PollMirroringPolicy",
  module: dtr,
  inputs: {
    namespace: ImageName,
    repository: ImageName,
    ...remoteLogin,
    skipTlsVerification: z.boolean().default(false),
    enabled: z.boolean().default(true),
    initialEvaluation: z.boolean().default(false),
  },
  outputs: { policyId: z.string() },
  secretInputs: ["password", "authToken"],
  rules: loginProblems,
  replaceOn: ["namespace", "repository"],
  handling: ["initialEvaluation"],
  timeouts: { create: "20m", update: "20m" }, // an evaluation goes through all tags before the server answers
  same: sameLogin,
  ...life,
  update: life.update,
}) {}
