/** Policy as code over the resources of this package: rules for a pack of Pulumi's policy SDK, `@pulumi/policy`. */
import type { Policies } from "@pulumi/policy";
import type { Level } from "./level";
import { policyOf } from "./policy";
import type { Around, Rule } from "./rule";
import { requireSdk } from "./sdk";
import type { PolicySettings } from "./settings";
import { table } from "./table";

export type { Level, PlainLevel, Setting, Severity } from "./level";
export type { Around, Rule } from "./rule";
export type { GarbageCollectionIsRare } from "./rules/garbage-collection-is-rare";
export type { ImmutableTags } from "./rules/immutable-tags";
export type { NamesFollowAPattern } from "./rules/names-follow-a-pattern";
export type { NoForceDelete } from "./rules/no-force-delete";
export type { NoPublicRepositories } from "./rules/no-public-repositories";
export type { NoTeamAdmin } from "./rules/no-team-admin";
export type { NoWriteTokenForAll } from "./rules/no-write-token-for-all";
export type { OwnersAreNamed } from "./rules/owners-are-named";
export type { PromotionsNameFixedTags } from "./rules/promotions-name-fixed-tags";
export type { RepositoriesHaveRetention } from "./rules/repositories-have-retention";
export type { ScanOnPush } from "./rules/scan-on-push";
export type { TokensAreRotated } from "./rules/tokens-are-rotated";
export type { TokensExpire } from "./rules/tokens-expire";
export type { PolicySettings } from "./settings";

requireSdk(require.resolve);

/** The table of rules, in the order of the documentation. */
export const rules: readonly Rule[] = Object.values(table);

/**
 * All rules, for `new PolicyPack("registries", { policies: registryPolicies({ tokensExpire: { days: 30 } }) })`. Each rule is `mandatory` unless
 * the settings say otherwise; `--policy-pack-config` overrides both, by the rule's name (`tokens-expire`), also for rules that are `disabled` here.
 *
 * @param settings Levels and configuration by rule.
 * @param around The clock; for tests.
 * @throws Error A rule that does not exist, or one that is not configured as it can be.
 */
export function registryPolicies(settings: PolicySettings = {}, around: Around = { now: Date.now }): Policies {
  if (!isRecord(settings)) throw new Error("the settings must be an object of rules, such as { tokensExpire: { days: 30 } }");
  const unknown = Object.keys(settings).filter((key) => !Object.hasOwn(table, key));
  if (unknown.length > 0) throw new Error(`there is no policy ${unknown.join(", ")}: there are ${Object.keys(table).join(", ")}`);
  const given: Readonly<Record<string, unknown>> = { ...settings };
  return Object.entries(table).map(([key, rule]) => {
    const { level = rule.level, ...configuration } = asObject(rule, given[key]);
    return policyOf(rule, knownLevel(rule, level), configuration, around);
  });
}

const isRecord = (value: unknown): value is object => typeof value === "object" && value !== null && !Array.isArray(value);

/** A program in JavaScript may give anything: `false` in place of "disabled" would leave the rule on without a word. */
function asObject({ name }: Rule, setting: unknown): { level?: unknown } {
  if (typeof setting === "string") return { level: setting };
  if (setting === undefined) return {};
  if (isRecord(setting)) return setting;
  throw new Error(
    `the policy ${name} cannot be set to ${JSON.stringify(setting)}: give a level, or an object with its configuration. The level "disabled" switches it off`,
  );
}

const LEVELS: readonly Level[] = ["advisory", "mandatory", "remediate", "disabled"];

function knownLevel({ name, remediation }: Rule, level: unknown): Level {
  const found = LEVELS.find((known) => known === level && (known !== "remediate" || remediation !== undefined));
  if (found !== undefined) return found;
  const possible = LEVELS.filter((known) => known !== "remediate" || remediation !== undefined);
  throw new Error(`the policy ${name} has no level ${JSON.stringify(level)}: choose one of ${possible.join(", ")}`);
}
