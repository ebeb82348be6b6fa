import type { OciClient } from "./client";
import { type Digest, digestOf } from "./digest";
import { mediaTypes } from "./media-types";
import type { Repository } from "./path-names";
import type { ManifestReference } from "./reference";

/** A manifest with all blobs that it refers to, ready to be pushed. */
export interface Artifact {
  readonly mediaType: string;
  readonly bytes: Buffer;
  readonly digest: Digest;
  readonly blobs: readonly { readonly digest: Digest; readonly bytes: Buffer }[];
}

export interface EmptyArtifactOptions {
  /** What the artifact is, as a media type: `application/vnd.example.thing`. */
  readonly artifactType: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

const empty = Buffer.from("{}");
const emptyDescriptor = { mediaType: mediaTypes.ociEmpty, digest: digestOf(empty), size: empty.length };

/**
 * The smallest artifact that OCI 1.1 allows: an empty config and one empty layer (image-spec, "Guidelines for Artifact Usage").
 * The same options always give the same bytes.
 */
export function emptyArtifact({ artifactType, annotations = {} }: EmptyArtifactOptions): Artifact {
  const sorted = Object.entries(annotations).sort(([a], [b]) => (a < b ? -1 : 1));
  return artifactOf(
    {
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      artifactType,
      config: emptyDescriptor,
      layers: [emptyDescriptor],
      ...(sorted.length > 0 && { annotations: Object.fromEntries(sorted) }),
    },
    [empty],
  );
}

/**
 * An image that means nothing and that nobody else has: what a tag is pointed to before both are deleted together (see untag.ts).
 * `labels` stand in its config, where Docker's and OCI's images have them alike.
 */
export function placeholderImage(kind: "oci" | "docker", labels: Readonly<Record<string, string>>): Artifact {
  const layer = Buffer.from("{}");
  const config = Buffer.from(
    JSON.stringify({
      architecture: "amd64",
      os: "linux",
      config: { Labels: labels },
      rootfs: { type: "layers", diff_ids: [digestOf(layer)] },
    }),
  );
  const oci = kind === "oci";
  return artifactOf(
    {
      schemaVersion: 2,
      mediaType: oci ? mediaTypes.ociManifest : mediaTypes.dockerManifest,
      config: { mediaType: oci ? mediaTypes.ociConfig : mediaTypes.dockerConfig, digest: digestOf(config), size: config.length },
      layers: [
        {
          mediaType: oci ? "application/vnd.oci.image.layer.v1.tar" : "application/vnd.docker.image.rootfs.diff.tar.gzip",
          digest: digestOf(layer),
          size: layer.length,
        },
      ],
    },
    [config, layer],
  );
}

/** Pushes an artifact's blobs, where they are missing, and then its manifest. Gives the manifest's digest. May be repeated at will. */
export async function pushArtifact(
  client: Pick<OciClient, "blobs" | "manifests">,
  repository: Repository,
  reference: ManifestReference,
  artifact: Artifact,
): Promise<Digest> {
  await pushBlobs(client, repository, artifact);
  await client.manifests.put(repository, reference, artifact);
  return artifact.digest;
}

export async function pushBlobs(
  client: Pick<OciClient, "blobs">,
  repository: Repository,
  { blobs }: Pick<Artifact, "blobs">,
): Promise<void> {
  for (const { digest, bytes } of blobs) {
    if (!(await client.blobs.exists(repository, digest))) await client.blobs.upload(repository, bytes, { digest });
  }
}

function artifactOf(manifest: { readonly mediaType: string; readonly [member: string]: unknown }, blobs: readonly Buffer[]): Artifact {
  const bytes = Buffer.from(JSON.stringify(manifest));
  return {
    mediaType: manifest.mediaType,
    bytes,
    digest: digestOf(bytes),
    blobs: blobs.map((blob) => ({ digest: digestOf(blob), bytes: blob })),
  };
}
