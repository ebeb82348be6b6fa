import { z } from "zod";
import { InvalidName } from "./invalid-name";

declare const brand: unique symbol;

/** A repository's whole path on its registry, without host: `team/app`. */
export type Repository = string & { readonly [brand]: "repository" };

/** A tag. Case-sensitive. */
export type Tag = string & { readonly [brand]: "tag" };

// OCI distribution-spec 1.1, "Pulling manifests".
const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tag = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

/** The distribution server refuses longer names; many clients even count the host in. */
export const maxRepositoryLength = 255;

/** Parses a repository's name. Throws InvalidName, which says what is wrong with the text. */
export function parseRepository(text: string): Repository {
  const reason = repositoryFault(text);
  if (reason) throw new InvalidName("repository", text, reason);
  // The only place where a text becomes a Repository: everything that the type promises was checked above.
  return text as Repository;
}

/** Parses a tag. Throws InvalidName, which says what is wrong with the text. */
export function parseTag(text: string): Tag {
  const reason = tagFault(text);
  if (reason) throw new InvalidName("tag", text, reason);
  // As above.
  return text as Tag;
}

export const repositorySchema = z.string().transform((text, context): Repository => {
  const reason = repositoryFault(text);
  if (!reason) return parseRepository(text);
  context.addIssue({ code: "custom", message: new InvalidName("repository", text, reason).message });
  return z.NEVER;
});

export const tagSchema = z.string().transform((text, context): Tag => {
  const reason = tagFault(text);
  if (!reason) return parseTag(text);
  context.addIssue({ code: "custom", message: new InvalidName("tag", text, reason).message });
  return z.NEVER;
});

function repositoryFault(text: string): string | undefined {
  if (text === "") return "it is empty";
  if (text.includes("://")) return "it is a URL; give the path below the registry's host only";
  if (text.startsWith("/")) return "it must not begin with a slash";
  if (text.endsWith("/")) return "it must not end with a slash";
  if (text.includes("@")) return "a digest (`@…`) is no part of a repository's name";
  if (text.includes(":")) return "a tag or port (`:…`) is no part of a repository's name";
  if (/[A-Z]/.test(text)) return "it has upper-case letters; only lower-case ones are allowed";
  const odd = /[^a-z0-9._/-]/u.exec(text);
  if (odd) return `the character ${JSON.stringify(odd[0])} is not allowed; only a-z, 0-9, ".", "_", "-" and "/" are`;
  for (const part of text.split("/")) {
    if (part === "") return "it has an empty part between two slashes";
    if (!component.test(part)) {
      return `its part ${JSON.stringify(part)} must begin and end with a letter or digit, with single separators (".", "_", "__" or dashes) between`;
    }
  }
  if (text.length > maxRepositoryLength) return `it has ${text.length} characters; at most ${maxRepositoryLength} are allowed`;
  return undefined;
}

function tagFault(text: string): string | undefined {
  if (text === "") return "it is empty";
  if (text.length > 128) return `it has ${text.length} characters; at most 128 are allowed`;
  if (text.includes(":")) return "it has a colon; only the tag itself is wanted, without repository or digest";
  if (/^[.-]/.test(text)) return "it must begin with a letter, a digit or an underscore";
  if (tag.test(text)) return undefined;
  const odd = /[^a-zA-Z0-9._-]/u.exec(text);
  return `the character ${JSON.stringify(odd?.[0] ?? text)} is not allowed; only letters, digits, ".", "_" and "-" are`;
}
