import type { Level, Setting } from "./level";
import type { GarbageCollectionIsRare } from "./rules/garbage-collection-is-rare";
import type { ImmutableTags } from "./rules/immutable-tags";
import type { NamesFollowAPattern } from "./rules/names-follow-a-pattern";
import type { NoForceDelete } from "./rules/no-force-delete";
import type { NoPublicRepositories } from "./rules/no-public-repositories";
import type { NoTeamAdmin } from "./rules/no-team-admin";
import type { NoWriteTokenForAll } from "./rules/no-write-token-for-all";
import type { OwnersAreNamed } from "./rules/owners-are-named";
import type { PromotionsNameFixedTags } from "./rules/promotions-name-fixed-tags";
import type { RepositoriesHaveRetention } from "./rules/repositories-have-retention";
import type { ScanOnPush } from "./rules/scan-on-push";
import type { TokensAreRotated } from "./rules/tokens-are-rotated";
import type { TokensExpire } from "./rules/tokens-expire";

/** A rule without configuration of its own. */
// biome-ignore lint/complexity/noBannedTypes: an object without keys is what is meant
type Nothing = {};

/** Each rule's level, configuration or both. What is not here has the defaults: every rule is `mandatory`. */
export interface PolicySettings {
  /** Tokens must end. */
  tokensExpire?: Setting<TokensExpire>;
  /** No token may write to all registries. */
  noWriteTokenForAllRegistries?: Setting<NoWriteTokenForAll>;
  /** Tokens must be rotated. */
  tokensAreRotated?: Setting<TokensAreRotated>;
  /** Repositories must not be public. */
  noPublicRepositories?: Setting<NoPublicRepositories, Level>;
  /** No team may have admin access to a whole namespace. */
  noTeamAdminOnNamespaces?: Setting<NoTeamAdmin>;
  /** Tags of production repositories must not move. */
  immutableTagsInProduction?: Setting<ImmutableTags>;
  /** Every repository must have a tag limit or a pruning policy. */
  repositoriesHaveRetention?: Setting<RepositoriesHaveRetention>;
  /** Images must be scanned when they are pushed. */
  scanOnPush?: Setting<ScanOnPush, Level>;
  /** Mirroring must verify the other registry by TLS. */
  mirroringVerifiesTls?: Setting<Nothing, Level>;
  /** Webhooks must go to https with verification. */
  webhooksVerifyTls?: Setting<Nothing, Level>;
  /** Nothing in a production stack may be deleted with its images. */
  noForceDeleteInProduction?: Setting<NoForceDelete, Level>;
  /** Names must follow the pattern of their kind. */
  namesFollowAPattern?: Setting<NamesFollowAPattern>;
  /** A tag must be set to a fixed digest. */
  tagsNameDigests?: Setting<Nothing>;
  /** What is promoted or mirrored must be a tag that stays where it is. */
  promotionsNameFixedTags?: Setting<PromotionsNameFixedTags>;
  /** Garbage must not be collected too often. */
  garbageCollectionIsRare?: Setting<GarbageCollectionIsRare>;
  /** One resource must collect the garbage of a registry. */
  oneGarbageCollectionPerRegistry?: Setting<Nothing>;
  /** A description must name the owner. */
  ownersAreNamed?: Setting<OwnersAreNamed>;
}
