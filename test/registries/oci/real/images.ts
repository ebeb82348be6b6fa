import { randomBytes } from "node:crypto";
import {
  type Descriptor,
  type Digest,
  digestOf,
  mediaTypes,
  type OciClient,
  parseTag,
  type Repository,
} from "../../../../provider/registries/oci";

let serial = 0;

/** An image that no other test has; `docker` has Docker's media types. Gives its descriptor. */
export async function pushImage(
  client: OciClient,
  repository: Repository,
  tags: readonly string[],
  more: { readonly docker?: boolean; readonly subject?: Descriptor; readonly artifactType?: string } = {},
): Promise<Descriptor> {
  const { docker = false, subject, artifactType } = more;
  const config = Buffer.from(
    JSON.stringify({ architecture: "amd64", os: "linux", serial: ++serial, rootfs: { type: "layers", diff_ids: [] } }),
  );
  const layer = randomBytes(64);
  await client.blobs.upload(repository, config);
  await client.blobs.upload(repository, layer);
  const part = (mediaType: string, bytes: Buffer) => ({ mediaType, digest: digestOf(bytes), size: bytes.length });
  return pushManifest(client, repository, tags, docker ? mediaTypes.dockerManifest : mediaTypes.ociManifest, {
    ...(artifactType && { artifactType }),
    config: part(docker ? mediaTypes.dockerConfig : mediaTypes.ociConfig, config),
    layers: [part(docker ? "application/vnd.docker.image.rootfs.diff.tar.gzip" : "application/vnd.oci.image.layer.v1.tar+gzip", layer)],
    ...(subject && { subject }),
  });
}

export function pushIndex(
  client: OciClient,
  repository: Repository,
  tags: readonly string[],
  children: readonly Descriptor[],
  docker = false,
): Promise<Descriptor> {
  const manifests = children.map((child, index) => ({
    ...child,
    platform: { os: "linux", architecture: index === 0 ? "amd64" : "arm64" },
  }));
  return pushManifest(client, repository, tags, docker ? mediaTypes.dockerList : mediaTypes.ociIndex, { manifests });
}

async function pushManifest(
  client: OciClient,
  repository: Repository,
  tags: readonly string[],
  mediaType: string,
  content: object,
): Promise<Descriptor> {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...content }));
  const digest = digestOf(bytes);
  for (const reference of tags.length > 0 ? tags.map(parseTag) : [digest])
    await client.manifests.put(repository, reference, { mediaType, bytes });
  return { mediaType, digest, size: bytes.length };
}

/** Tag to digest of everything that can be pulled by tag. */
export async function tagsOf(client: OciClient, repository: Repository): Promise<Record<string, Digest | undefined>> {
  const tags = await Array.fromAsync(client.tags(repository));
  const entries = await Promise.all(tags.sort().map(async (tag) => [tag, (await client.manifests.head(repository, tag))?.digest] as const));
  return Object.fromEntries(entries);
}
