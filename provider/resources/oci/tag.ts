import { z } from "zod";
import { type OciClient, parseDigest, parseRepository, parseTag, removeTag } from "../../registries/oci";
import type { CommonInputs } from "../declaration";
import { resource } from "../resource";
import { textFor } from "../text";
import { oci } from "./module";
import { registryHost } from "./reference";

/** What a program declares. */
export interface TagInputs extends CommonInputs {
  /** Repository path, for example `team/app`. A change replaces the tag. */
  repository: string;
  /** The tag, for example `production`. A change replaces the tag. */
  tag: string;
  /** Digest of the manifest or index that the tag points to, `sha256:…`. It must be in the repository; a change moves the tag. */
  digest: string;
}

/** What the server adds. */
export interface TagOutputs {
  /** Media type of the manifest. */
  mediaType: string;
  /** `host/repository@digest`, for deployments. */
  reference: string;
}

/**
 * Promotion as code: a tag that points to a digest. The manifest is put under the tag byte for byte, so its digest, children, signatures and
 * referrers stay. A tag that someone else moved is drift. Destroying removes the tag alone: the manifest and its other tags stay.
 *
 * The id is `repository:tag`.
 */
export class Tag extends resource<TagInputs, TagOutputs, OciClient>({
  type: "oci:Tag",
  module: oci,
  inputs: { repository: textFor(parseRepository), tag: textFor(parseTag), digest: textFor(parseDigest) },
  outputs: { mediaType: z.string(), reference: z.string() },
  replaceOn: ["repository", "tag"],
  key: ({ repository, tag }) => `${repository}:${tag}`,

  async find({ client }, { repository, tag }) {
    const found = await client.manifests.head(parseRepository(repository), parseTag(tag));
    return found && `${repository}:${tag}`;
  },
  async resume({ client }, { repository, tag, digest }) {
    // What points elsewhere was made by somebody else since.
    const found = await client.manifests.head(parseRepository(repository), parseTag(tag));
    return found?.digest === digest ? `${repository}:${tag}` : undefined;
  },
  async create({ client }, inputs) {
    return { id: `${inputs.repository}:${inputs.tag}`, outputs: await point(client, inputs) };
  },
  async read({ client }, id, last) {
    const at = id.lastIndexOf(":");
    const repository = last.repository ?? id.slice(0, at);
    const tag = last.tag ?? id.slice(at + 1);
    const found = await client.manifests.head(parseRepository(repository), parseTag(tag));
    return found && { repository, tag, digest: found.digest, ...outputs(client, repository, found) };
  },
  async update({ client }, _id, inputs) {
    return point(client, inputs);
  },
  async delete({ client, log }, _id, { repository, tag, digest }) {
    const { how } = await removeTag(client, parseRepository(repository), parseTag(tag), parseDigest(digest));
    if (how === "placeholder")
      log(
        `oci:Tag ${repository}:${tag}: the registry cannot delete a tag alone, so a placeholder was put under it and deleted; the image stays as ${digest}`,
      );
  },
}) {}

const outputs = (client: OciClient, repository: string, { mediaType, digest }: { mediaType: string; digest: string }): TagOutputs => ({
  mediaType,
  reference: `${registryHost(client)}/${repository}@${digest}`,
});

async function point(client: OciClient, { repository, tag, digest }: TagInputs): Promise<TagOutputs> {
  const manifest = await client.manifests.get(parseRepository(repository), parseDigest(digest));
  if (!manifest) throw new Error(`${repository}@${digest} is not in the registry: push the image before a tag can point to it`);
  await client.manifests.put(parseRepository(repository), parseTag(tag), manifest);
  return outputs(client, repository, manifest);
}
