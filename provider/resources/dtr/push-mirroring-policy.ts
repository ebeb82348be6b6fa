import { z } from "zod";
import type { DtrClient, PushMirroringPolicy as Found } from "../../registries/dtr";
import type { CommonInputs } from "../declaration";
import { resource } from "../resource";
import { dtr } from "./module";
import { ImageName } from "./names";
import { policyLife } from "./policy";
import type { PolicyKind } from "./policy-kind";
import { type PolicyRule, PolicyRules, shownRules } from "./policy-rules";
import { loginProblems, remoteLogin, sameLogin, shownLogin, wireLogin } from "./remote-login";

/** What a program declares. */
export interface PushMirroringPolicyInputs extends CommonInputs {
  /** User or organization that owns the local repository. A change replaces the policy. */
  namespace: string;
  /** Name of the local repository in its namespace. A change replaces the policy. */
  repository: string;
  /** Address of the other registry, for example `https://dtr.example.com`. Without a scheme, `https`. */
  remoteHost: string;
  /** Repository there: `namespace/repository`. */
  remoteRepository: string;
  /** What a tag must fulfil to be mirrored, all of it: rules as of `dtr.PruningPolicy`. */
  rules: PolicyRule[];
  /** The tag there. `%n` is the tag here; `%Y`, `%m`, `%d`, `%H`, `%M`, `%S` and others are of the time. Default `%n`. */
  tagTemplate?: string;
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
  /** Mirror matching tags at once when the policy is made or its rules change, and not only those that are pushed or scanned later. Big repositories run into a proxy's time-out. Default `false`. */
  initialEvaluation?: boolean;
}

/** What the server adds. */
export interface PushMirroringPolicyOutputs {
  /** The server's own id of the policy, a UUID: the last part of the resource's id. */
  policyId: string;
}

const kind: PolicyKind<PushMirroringPolicyInputs, Found> = {
  type: "dtr:PushMirroringPolicy",
  list: ({ pushMirroringPolicies }, place, options) => pushMirroringPolicies.list(place, options),
  get: ({ pushMirroringPolicies }, at, options) => pushMirroringPolicies.get(at, options),
  create: ({ pushMirroringPolicies }, inputs, initialEvaluation, options) => {
    const { namespace, repository, remoteHost, remoteRepository, rules, tagTemplate = "%n", enabled = true } = inputs;
    return pushMirroringPolicies.create(
      { ...wireLogin(inputs), namespace, repository, remoteHost, remoteRepository, rules, tagTemplate, enabled, initialEvaluation },
      options,
    );
  },
  update: ({ pushMirroringPolicies }, at, changed, initialEvaluation, options) => {
    const { rules, tagTemplate, enabled } = changed;
    return pushMirroringPolicies.update(
      {
        ...at,
        ...wireLogin(changed),
        ...(rules && { rules }),
        ...(tagTemplate !== undefined && { tagTemplate }),
        ...(enabled !== undefined && { enabled }),
        initialEvaluation,
      },
      options,
    );
  },
  delete: ({ pushMirroringPolicies }, at, options) => pushMirroringPolicies.delete(at, options),
  shown: ({ rules, tagTemplate, enabled, ...login }) => ({ ...shownLogin(login), rules: shownRules(rules), tagTemplate, enabled }),
  same: sameLogin,
};

const life = policyLife(kind);

/**
 * A mirroring policy that pushes: when a tag that fulfils all rules is pushed or scanned, the server pushes it to another registry. It needs admin access to the
 * repository, and the server tries the login there when the policy is made. `dtr.checkRemoteRegistry` tries it beforehand. Destroying the policy leaves
 * what was mirrored.
 *
 * Credentials are encrypted in the state, and sent when the policy is made or adopted and when they change, never otherwise. A policy has no name: one
 * that is equal in everything declared (credentials apart, which nobody can see) is an existing one, which `adopt: true` takes over.
 *
 * The id is `namespace/repository/policyId`.
 */
export class PushMirroringPolicy extends resource<PushMirroringPolicyInputs, PushMirroringPolicyOutputs, DtrClient>({
  type: "dtr:PushMirroringPolicy",
  module: dtr,
  inputs: {
    namespace: ImageName,
    repository: ImageName,
    ...remoteLogin,
    skipTlsVerification: z.boolean().default(false),
    rules: PolicyRules,
    tagTemplate: z.string().min(1, "must not be empty: %n is the tag here").default("%n"),
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
