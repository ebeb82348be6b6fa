import { type Digest, parseDigest } from "./digest";
import { InvalidName } from "./invalid-name";
import { parseRepository, parseTag, type Repository, type Tag } from "./path-names";

/** What a client can ask a manifest by. */
export type ManifestReference = Tag | Digest;

/** An image's whole name, as Docker writes it. */
export interface ImageReference {
  /** Host, with port if there is one: `localhost:5000`, `docker.io`. */
  readonly registry: string;
  readonly repository: Repository;
  readonly tag?: Tag;
  readonly digest?: Digest;
}

/**
 * Parses `host[:port]/repository[:tag][@digest]`. As with Docker, a first part without dot or port (and not `localhost`) is no host but
 * belongs to a repository on Docker Hub, where `alpine` means `library/alpine`. Throws InvalidName.
 */
export function parseReference(text: string): ImageReference {
  if (text.includes("://")) throw new InvalidName("reference", text, "it is a URL; leave out the scheme");
  const at = text.indexOf("@");
  const digest = at < 0 ? undefined : parseDigest(text.slice(at + 1));
  const named = at < 0 ? text : text.slice(0, at);
  const slash = named.indexOf("/");
  const first = slash < 0 ? "" : named.slice(0, slash);
  const hasHost = /[.:]/.test(first) || first === "localhost";
  const path = hasHost ? named.slice(slash + 1) : named;
  const colon = path.indexOf(":");
  const tag = colon < 0 ? undefined : parseTag(path.slice(colon + 1));
  const name = colon < 0 ? path : path.slice(0, colon);
  const registry = hasHost ? parseHost(first, text) : "docker.io";
  const short = registry === "docker.io" && name !== "" && !name.includes("/");
  const repository = parseRepository(short ? `library/${name}` : name);
  return { registry, repository, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

/** The other way round: `host/repository[:tag][@digest]`. */
export function formatReference(reference: ImageReference): string {
  const { registry, repository, tag, digest } = reference;
  return `${registry}/${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** Parses what stands after `/manifests/`: a digest if it has a colon, else a tag. Throws InvalidName. */
export function parseManifestReference(text: string): ManifestReference {
  return text.includes(":") ? parseDigest(text) : parseTag(text);
}

function parseHost(host: string, text: string): string {
  const well = /^(?:\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?)(?::[0-9]{1,5})?$/.test(host);
  if (!well) throw new InvalidName("reference", text, `${JSON.stringify(host)} is no host name`);
  return host;
}
