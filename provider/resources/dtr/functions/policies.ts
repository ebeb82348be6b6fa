import type {
  DtrClient,
  MirroringPolicy,
  PollMirroringPolicy,
  PromotionPolicy,
  PruningPolicy,
  PushMirroringPolicy,
  ThinTag,
} from "../../../registries/dtr";
import { readFunction } from "../../functions";
import { dtr } from "../module";
import type { RepositoryArgs } from "./repositories";

/** A policy of a repository. */
export interface PolicyArgs extends RepositoryArgs {
  /** UUID of the policy. */
  policyId: string;
}

const wire = ({ namespace, repository, policyId }: PolicyArgs) => ({ namespace, repository, id: policyId });

const mirroringPolicies = readFunction(
  "getMirroringPolicies",
  dtr,
  (client: DtrClient, args: RepositoryArgs, signal): Promise<MirroringPolicy[]> =>
    Array.fromAsync(client.mirroringPolicies.list(args, { signal })),
);
/** The mirroring policies of a repository, those that pull and those that push, without their passwords. */
export const getMirroringPolicies = mirroringPolicies.plain;
export const getMirroringPoliciesOutput = mirroringPolicies.output;

const pollMirroringPolicies = readFunction(
  "getPollMirroringPolicies",
  dtr,
  async (client: DtrClient, args: RepositoryArgs, signal): Promise<PollMirroringPolicy[]> => [
    ...(await client.pollMirroringPolicies.list(args, { signal })),
  ],
);
/** The policies that pull from other registries into a repository, without their passwords. */
export const getPollMirroringPolicies = pollMirroringPolicies.plain;
export const getPollMirroringPoliciesOutput = pollMirroringPolicies.output;

const pollMirroringPolicy = readFunction(
  "getPollMirroringPolicy",
  dtr,
  (client: DtrClient, args: PolicyArgs, signal): Promise<PollMirroringPolicy> => client.pollMirroringPolicies.get(wire(args), { signal }),
);
/** One policy that pulls; an error if there is none. */
export const getPollMirroringPolicy = pollMirroringPolicy.plain;
export const getPollMirroringPolicyOutput = pollMirroringPolicy.output;

const pushMirroringPolicies = readFunction(
  "getPushMirroringPolicies",
  dtr,
  async (client: DtrClient, args: RepositoryArgs, signal): Promise<PushMirroringPolicy[]> => [
    ...(await client.pushMirroringPolicies.list(args, { signal })),
  ],
);
/** The policies that push from a repository to other registries, without their passwords. */
export const getPushMirroringPolicies = pushMirroringPolicies.plain;
export const getPushMirroringPoliciesOutput = pushMirroringPolicies.output;

const pushMirroringPolicy = readFunction(
  "getPushMirroringPolicy",
  dtr,
  (client: DtrClient, args: PolicyArgs, signal): Promise<PushMirroringPolicy> => client.pushMirroringPolicies.get(wire(args), { signal }),
);
/** One policy that pushes; an error if there is none. */
export const getPushMirroringPolicy = pushMirroringPolicy.plain;
export const getPushMirroringPolicyOutput = pushMirroringPolicy.output;

const promotionPolicies = readFunction(
  "getPromotionPolicies",
  dtr,
  async (
    client: DtrClient,
    args: RepositoryArgs & {
      /** `false`: the policies whose target the repository is. Default `true`: those whose source it is. */
      source?: boolean;
    },
    signal,
  ): Promise<PromotionPolicy[]> => [...(await client.promotionPolicies.list(args, { signal }))],
);
/** The promotion policies of a repository. */
export const getPromotionPolicies = promotionPolicies.plain;
export const getPromotionPoliciesOutput = promotionPolicies.output;

const promotionPolicy = readFunction(
  "getPromotionPolicy",
  dtr,
  (client: DtrClient, args: PolicyArgs, signal): Promise<PromotionPolicy> => client.promotionPolicies.get(wire(args), { signal }),
);
/** One promotion policy; an error if there is none. */
export const getPromotionPolicy = promotionPolicy.plain;
export const getPromotionPolicyOutput = promotionPolicy.output;

const pruningPolicies = readFunction(
  "getPruningPolicies",
  dtr,
  (client: DtrClient, args: RepositoryArgs, signal): Promise<PruningPolicy[]> =>
    Array.fromAsync(client.pruningPolicies.list(args, { signal })),
);
/** The pruning policies of a repository. */
export const getPruningPolicies = pruningPolicies.plain;
export const getPruningPoliciesOutput = pruningPolicies.output;

const pruningPolicy = readFunction(
  "getPruningPolicy",
  dtr,
  (client: DtrClient, args: PolicyArgs, signal): Promise<PruningPolicy> => client.pruningPolicies.get(wire(args), { signal }),
);
/** One pruning policy; an error if there is none. */
export const getPruningPolicy = pruningPolicy.plain;
export const getPruningPolicyOutput = pruningPolicy.output;

/** A condition of a policy. */
export interface RuleArgs {
  /** What is looked at: `tag`, `updated_at`, `vulnerability_critical` and so on. */
  field: string;
  /** How: `eq`, `sw` (starts with), `ew`, `c` (contains), `oo` (one of), `noo`, `gt`, `lt`, `bf` (before), `af` and so on. */
  operator: string;
  /** With what; numbers as texts. */
  values: string[];
}

const testedPruningPolicy = readFunction(
  "testPruningPolicy",
  dtr,
  (
    client: DtrClient,
    args: RepositoryArgs & {
      /** Tags that match all of them would go. */
      rules: RuleArgs[];
    },
    signal,
  ): Promise<ThinTag[]> => Array.fromAsync(client.pruningPolicies.test({ ...args, enabled: true }, { signal })),
);
/** The tags that a pruning policy with these rules would delete now. Nothing is deleted. */
export const testPruningPolicy = testedPruningPolicy.plain;
export const testPruningPolicyOutput = testedPruningPolicy.output;
