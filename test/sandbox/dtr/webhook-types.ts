/** What a subscription of a type is about, and with that whose business it is. */
export type WebhookScope = "repository" | "namespace" | "system";

/** The event types of 2.6 and 2.7. */
export const webhookScopes: Readonly<Record<string, WebhookScope>> = {
  TAG_PUSH: "repository",
  TAG_PULL: "repository",
  TAG_DELETE: "repository",
  PROMOTION: "repository",
  PUSH_MIRRORING: "repository",
  POLL_MIRRORING: "repository",
  MANIFEST_PUSH: "repository",
  MANIFEST_PULL: "repository",
  MANIFEST_DELETE: "repository",
  SCAN_COMPLETED: "repository",
  SCAN_FAILED: "repository",
  REPO_EVENT: "namespace",
  SCANNER_UPDATE_COMPLETED: "system",
};

/** The body of a delivery, without the time at which it was made. */
interface Sample {
  readonly type: string;
  readonly contents: Readonly<Record<string, unknown>>;
  readonly location: string;
}

const DIGEST = "sha256:b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c";
const of = { namespace: "foo", repository: "bar" };
const platform = { os: "linux", architecture: "amd64" };
const time = "2015-01-02T15:04:05Z";
const tag = { ...of, tag: "latest", digest: DIGEST, imageName: "foo/bar:latest", ...platform, author: "" };
const manifest = { ...of, digest: DIGEST, imageName: `foo/bar@${DIGEST}`, ...platform, author: "" };
const mirrored = { ...tag, remoteHost: "https://registry.example", remoteRepository: "foo/bar", remoteTag: "latest" };
const image = { ...of, tag: "latest", imageName: "foo/bar:latest" };
const counts = { critical: 1, major: 2, minor: 3 };

const samples: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  TAG_PUSH: { ...tag, pushedAt: time },
  TAG_PULL: { ...tag, pulledAt: time },
  TAG_DELETE: { ...tag, deletedAt: time },
  PROMOTION: { ...tag, source: "foo/bar:latest", target: "foo/stable:latest", promotedAt: time },
  PUSH_MIRRORING: { ...mirrored, pushedAt: time },
  POLL_MIRRORING: { ...mirrored, pushedAt: time },
  MANIFEST_PUSH: { ...manifest, pushedAt: time },
  MANIFEST_PULL: { ...manifest, pulledAt: time },
  MANIFEST_DELETE: { ...manifest, deletedAt: time },
  SCAN_COMPLETED: { ...image, scanSummary: { ...of, reponame: "bar", tag: "latest", ...counts, last_scan_status: 6 } },
  SCAN_FAILED: { ...image, error: "the layer could not be read" },
  REPO_EVENT: { ...of, event: "REPO_CREATED", author: "", data: {} },
  SCANNER_UPDATE_COMPLETED: {
    scanner_version: 3,
    scanner_updated_at: time,
    db_version: 100,
    db_updated_at: time,
    success: true,
    replicas: {},
  },
};

/** The fixed sample that `webhooks/test` sends; undefined for a type that there is not. */
export function sampleOf(type: string): Sample | undefined {
  const contents = samples[type];
  if (!contents) return undefined;
  return { type, contents, location: locationOf(contents) };
}

/** Where in the web interface something happened: `/repositories/foo/bar/tags/latest`. */
function locationOf(contents: Readonly<Record<string, unknown>>): string {
  const { namespace, repository, tag: name, digest } = contents;
  if (typeof namespace !== "string") return "/";
  if (typeof repository !== "string") return `/repositories/${namespace}`;
  const below = `/repositories/${namespace}/${repository}`;
  if (typeof name === "string") return `${below}/tags/${name}`;
  return typeof digest === "string" ? `${below}/manifests/${digest}` : below;
}
