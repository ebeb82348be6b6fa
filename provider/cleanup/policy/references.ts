import { type ImageReference, isDigest, parseReference, registryHost } from "../../registries/oci";
import type { KeepList } from "./policy";

type KeptReference = KeepList["references"][number];

/** What texts name of a registry, gathered. Things that are named twice count once. */
export interface Named {
  readonly digests: Set<string>;
  readonly references: Map<string, KeptReference>;
  /** References of other registries, as they stand there. */
  readonly elsewhere: Set<string>;
}

export interface Finding {
  /** Host, with port if there is one, as in `ImageRegistry.name`. */
  readonly registry: string;
  /** Whether a reference without a host counts that has no slash either: `12:30` is one to a parser. */
  readonly words: boolean;
}

export const nothingNamed = (): Named => ({ digests: new Set(), references: new Map(), elsewhere: new Set() });

// A host may be an IPv6 address in brackets; everything else that a reference holds, and the scheme that some tools put before it.
const token = /(?:[a-z][a-z0-9+.-]*:\/\/)?(?:\[[0-9a-fA-F:.]+\](?::\d+)?\/)?[A-Za-z0-9][A-Za-z0-9._/:@-]*/g;

/**
 * Adds every digest and image reference in a text, wherever it stands: a list, an argument (`--image=…`), a URL (`oci://…`,
 * `docker-pullable://…`), a text in a text. Finding too much only keeps more. A reference of this registry without tag and digest means `latest`,
 * as it does to Docker. Without a host it counts as this registry's if it has a tag or digest.
 */
export function findReferences(text: string, finding: Finding, named: Named): void {
  for (const [match] of text.matchAll(token)) addCandidate(match, finding, named);
}

/** Whether a text as a whole is a digest or a reference of any registry with a tag or a digest. */
export function isReference(text: string): boolean {
  if (looksLikeDigest(text)) return isDigest(text);
  const reference = parsed(text);
  return reference !== undefined && (reference.tag !== undefined || reference.digest !== undefined || hostOf(text) !== undefined);
}

/** Whether two hosts are the same registry: names of Docker Hub, of this machine, the port that https has anyway. */
export function isSameRegistry(one: string, other: string): boolean {
  return normalHost(one) === normalHost(other);
}

function addCandidate(candidate: string, finding: Finding, named: Named): void {
  const text = withoutScheme(candidate, finding.registry);
  if (!/[:@/]/.test(text)) return; // a word
  for (const variant of new Set([text, text.replace(/[.:@/-]+$/, "")])) {
    if (!looksLikeDigest(variant)) addReference(variant, finding, named);
    else if (isDigest(variant)) named.digests.add(variant); // a broken one would pass for a repository with a tag
  }
}

/** A URL's text after its scheme; of a longer text that holds this registry's name, what begins there. */
function withoutScheme(text: string, registry: string): string {
  const at = text.indexOf(`${registry}/`);
  if (at > 0) return text.slice(at);
  return text.replace(/^[a-z][a-z0-9+.-]*:\/\//, "");
}

function addReference(text: string, { registry, words }: Finding, named: Named): void {
  const reference = parsed(text);
  if (reference === undefined) return;
  const host = hostOf(text);
  const { tag, digest } = reference;
  const isHere = host === undefined || isSameRegistry(host, registry);
  if (!isHere) {
    if (tag !== undefined || digest !== undefined) named.elsewhere.add(text);
    return;
  }
  if (host === undefined && digest === undefined && (tag === undefined || !(words || text.includes("/")))) return;
  // What Docker would take for an official image of Docker Hub is a repository with a short name elsewhere.
  const isShort = host === undefined && !text.includes("/") && normalHost(registry) !== "docker.io";
  const repository = isShort ? reference.repository.replace(/^library\//, "") : reference.repository;
  const below = repository.startsWith(`${pathOf(registry)}/`) ? repository.slice(pathOf(registry).length + 1) : repository;
  for (const one of new Set([repository, below])) keep(one, reference, named);
}

function keep(repository: string, { tag, digest }: ImageReference, named: Named): void {
  const kept: KeptReference = {
    repository,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
    ...(tag === undefined && digest === undefined && { tag: "latest" }),
  };
  named.references.set(`${repository}:${kept.tag ?? ""}@${kept.digest ?? ""}`, kept);
}

/** A registry that does not lie at the root of its host: whether a reference to it has that path in it is everybody's own custom. */
const pathOf = (registry: string): string => (registry.includes("/") ? registry.slice(registry.indexOf("/") + 1) : "");

const looksLikeDigest = (text: string): boolean => /^(?:sha\d+|blake3):/.test(text);

function parsed(text: string): ImageReference | undefined {
  try {
    return parseReference(text);
  } catch {
    return undefined;
  }
}

/** The host that a reference begins with, by Docker's rule: a first part with a dot or a port, or `localhost`. */
function hostOf(text: string): string | undefined {
  const slash = text.indexOf("/");
  const first = slash < 0 ? "" : text.slice(0, slash);
  return /[.:]/.test(first) || first === "localhost" ? first : undefined;
}

function normalHost(host: string): string {
  return registryHost(host)
    .replace(/:443$/, "")
    .replace(/^(?:127\.\d+\.\d+\.\d+|\[::1\])(?=:|$)/, "localhost");
}
