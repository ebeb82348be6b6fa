import type { Rule } from "./rule";
import { garbageCollectionIsRare } from "./rules/garbage-collection-is-rare";
import { immutableTags } from "./rules/immutable-tags";
import { mirroringVerifiesTls } from "./rules/mirroring-verifies-tls";
import { namesFollowAPattern } from "./rules/names-follow-a-pattern";
import { noForceDelete } from "./rules/no-force-delete";
import { noPublicRepositories } from "./rules/no-public-repositories";
import { noTeamAdmin } from "./rules/no-team-admin";
import { noWriteTokenForAll } from "./rules/no-write-token-for-all";
import { oneGarbageCollection } from "./rules/one-garbage-collection";
import { ownersAreNamed } from "./rules/owners-are-named";
import { promotionsNameFixedTags } from "./rules/promotions-name-fixed-tags";
import { repositoriesHaveRetention } from "./rules/repositories-have-retention";
import { scanOnPush } from "./rules/scan-on-push";
import { tagsNameDigests } from "./rules/tags-name-digests";
import { tokensAreRotated } from "./rules/tokens-are-rotated";
import { tokensExpire } from "./rules/tokens-expire";
import { webhooksVerifyTls } from "./rules/webhooks-verify-tls";
import type { PolicySettings } from "./settings";

/** Every rule, by its key in the settings, in the order of the documentation. */
export const table: Readonly<Record<keyof PolicySettings, Rule>> = {
  tokensExpire,
  noWriteTokenForAllRegistries: noWriteTokenForAll,
  tokensAreRotated,
  noPublicRepositories,
  noTeamAdminOnNamespaces: noTeamAdmin,
  immutableTagsInProduction: immutableTags,
  repositoriesHaveRetention,
  scanOnPush,
  mirroringVerifiesTls,
  webhooksVerifyTls,
  noForceDeleteInProduction: noForceDelete,
  namesFollowAPattern,
  tagsNameDigests,
  promotionsNameFixedTags,
  garbageCollectionIsRare,
  oneGarbageCollectionPerRegistry: oneGarbageCollection,
  ownersAreNamed,
};
