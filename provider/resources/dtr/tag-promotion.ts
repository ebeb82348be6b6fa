import { z } from "zod";
import type { DtrClient } from "../../registries/dtr";
import type { CommonInputs, Context } from "../declaration";
import { Incomplete } from "../failure";
import { resource } from "../resource";
import { dtr } from "./module";
import { ImageName } from "./names";
import { RepositoryPath, splitPath } from "./repository-path";
import { expectState } from "./run-once";
import { contentOf, nameOf, needed, type TagPlace } from "./tag-digest";
import { TagName } from "./tag-name";
import { until } from "./until";

/** What a program declares. */
export interface TagPromotionInputs extends CommonInputs {
  /** User or organization that owns the source repository. A change promotes anew, as another resource. */
  namespace: string;
  /** Name of the source repository in its namespace. A change promotes anew, as another resource. */
  repository: string;
  /** Tag in the source. A change promotes anew, as another resource. */
  tag: string;
  /** Repository on the same server that the tag is copied to: `namespace/repository`. A change promotes anew, as another resource. */
  targetRepository: string;
  /** Tag in the target. A change promotes anew, as another resource. */
  targetTag: string;
  /** A change of any value promotes what the source's tag then points to. */
  triggers?: Record<string, string>;
}

/** What the server adds. */
export interface TagPromotionOutputs {
  /** When the tag was last seen to be promoted by this resource: RFC 3339. Empty while it was not. */
  promotedAt: string;
  /** Digest of the image that was promoted; of an index the digests of its images, separated by commas. */
  digest: string;
}

/**
 * Copies a tag to another repository of the same server: when the resource is created, and again whenever an input changes. The resource waits until the target's tag
 * points to the same image. It needs read access to the source and write access to the target. What happens to either tag later is no drift, and
 * destroying the resource leaves the target's tag.
 *
 * The id is `namespace/repository:tag -> targetRepository:targetTag`.
 */
export class TagPromotion extends resource<TagPromotionInputs, TagPromotionOutputs, DtrClient>({
  type: "dtr:TagPromotion",
  module: dtr,
  inputs: {
    namespace: ImageName,
    repository: ImageName,
    tag: TagName,
    targetRepository: RepositoryPath,
    targetTag: TagName,
    triggers: z.record(z.string(), z.string()).optional(),
  },
  outputs: { promotedAt: z.string(), digest: z.string() },
  notAdoptable: "has no effect on a promotion: there is nothing to take over",
  replaceOn: ["namespace", "repository", "tag", "targetRepository", "targetTag"],
  rules: (inputs) => (nameOf(inputs) === nameOf(targetOf(inputs)) ? [{ property: "targetTag", reason: "is the source itself" }] : []),
  key: idOf,
  due: ({ promotedAt }) => (promotedAt === "" ? "the last promotion was not seen to end" : undefined),

  async resume(context, inputs) {
    return (await isThere(context, inputs, await needed(context, inputs))) ? idOf(inputs) : undefined;
  },
  async adopt(context, _id, inputs) {
    return promoted(context, await needed(context, inputs));
  },
  async create(context, inputs) {
    return { id: idOf(inputs), outputs: await promote(context, inputs) };
  },
  async read(_context, _id, last) {
    expectState(last, "dtr.getTag tells where a tag was promoted from");
    return { promotedAt: last.promotedAt ?? "", digest: last.digest ?? "" };
  },
  async update(context, _id, inputs, last) {
    if (
      last.promotedAt === "" &&
      JSON.stringify(inputs.triggers) === JSON.stringify(last.triggers) &&
      (await isThere(context, inputs, last.digest))
    )
      return promoted(context, last.digest);
    return promote(context, inputs);
  },
  async delete() {},
}) {}

async function promote(context: Context<DtrClient>, inputs: TagPromotionInputs): Promise<TagPromotionOutputs> {
  const { client, signal } = context;
  const { namespace, repository, tag, targetRepository, targetTag } = inputs;
  const digest = await needed(context, inputs);
  // After a lost answer the target tells; if it was the same before, there was nothing to do.
  const find = async () =>
    (await isThere(context, inputs, digest))
      ? { promotionPolicyID: "", sourceRepository: `${namespace}/${repository}`, sourceTag: tag }
      : undefined;
  await client.tags.promote({ namespace, repository, tag, targetRepository, targetTag }, { signal, find });
  if (await until(context, async () => (await isThere(context, inputs, digest)) || undefined)) return promoted(context, digest);
  throw new Incomplete<TagPromotionOutputs>(idOf(inputs), { promotedAt: "", digest }, [
    `${nameOf(inputs)} was promoted, but ${nameOf(targetOf(inputs))} does not point to its image (${digest}) yet. Run \`pulumi up\` again to go on`,
  ]);
}

const isThere = async (context: Context<DtrClient>, inputs: TagPromotionInputs, digest: string): Promise<boolean> =>
  (await contentOf(context, targetOf(inputs))) === digest;

const promoted = ({ clock }: Context<DtrClient>, digest: string): TagPromotionOutputs => ({
  promotedAt: new Date(clock.now()).toISOString(),
  digest,
});

const targetOf = ({ targetRepository, targetTag }: Pick<TagPromotionInputs, "targetRepository" | "targetTag">): TagPlace => ({
  ...splitPath(targetRepository),
  tag: targetTag,
});

function idOf(inputs: Readonly<TagPromotionInputs>): string {
  return `${nameOf(inputs)} -> ${inputs.targetRepository}:${inputs.targetTag}`;
}
