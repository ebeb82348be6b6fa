import { createHash } from "node:crypto";
import { requestError } from "./request-error";

/**
 * The name of one token: `<base>-<nonce>`. The nonce keeps apart what runs at the same time, and is how a token is found again whose answer
 * was lost. Its last digits are a check of the rest, so that a name that somebody else made up is never taken for one of these.
 */
export interface TokenName {
  /** `gha.octo.app.123.1.build`, or what the user chose. */
  readonly base: string;
  readonly nonce: string;
  /** The whole name. */
  readonly text: string;
}

/** Where a default name comes from. */
export interface Run {
  /** `octo/app` */
  readonly repository: string;
  readonly runId: string;
  readonly attempt: string;
  readonly job: string;
}

/** Eight random bytes. */
export type RandomBytes = () => Uint8Array;

/** Default names begin with it, and no others. */
const prefix = "gha.";
const longest = 100;

/**
 * The name of a token of a workflow's job. Its parts are joined by dots, which no part holds: `octo/app` cannot be mistaken for
 * `octo/app-two`, whatever the names are. GitHub's names do not distinguish case.
 */
export function defaultTokenName({ repository, runId, attempt, job }: Run, random: RandomBytes): TokenName {
  const slash = repository.indexOf("/");
  if (slash <= 0 || slash === repository.length - 1)
    throw requestError("name", "the default name needs GITHUB_REPOSITORY (owner/name): outside of a workflow, give a name");
  const owner = part(repository.slice(0, slash).toLowerCase(), 30);
  const name = part(repository.slice(slash + 1).toLowerCase(), 40);
  return named([`${prefix}${owner}`, name, part(runId, 20), part(attempt, 10), part(job, 30)].join("."), random);
}

/** The name of a token that the user has named. Throws TokenRequestError for names that cannot be. */
export function customTokenName(base: string, random: RandomBytes): TokenName {
  if (base.trim() === "") throw requestError("name", "it is empty: give a name, or leave it out for the default");
  if (base.length > longest) throw requestError("name", `it has ${base.length} characters; at most ${longest} are allowed`);
  if (!/^[\w.-]+$/.test(base)) throw requestError("name", "only letters, digits, dots, dashes and underscores are allowed");
  if (base.toLowerCase().startsWith(prefix))
    throw requestError("name", `names that begin with "${prefix}" are the default ones: choose another beginning, or leave it out`);
  return named(base, random);
}

/** The parts of a name, if it is one of these. */
export function parseTokenName(text: string): TokenName | undefined {
  const [, base, salt, check] = /^(.+)-([0-9a-f]{16})([0-9a-f]{8})$/s.exec(text) ?? [];
  if (base === undefined || salt === undefined || check === undefined || checkOf(base, salt) !== check) return undefined;
  return { base, nonce: salt + check, text };
}

/** What names have in common whose leftovers may be swept together: the repository of default names, the whole base of others. */
export function familyOf({ base }: Pick<TokenName, "base">): string {
  if (!base.startsWith(prefix)) return base;
  return `${base.split(".").slice(0, 3).join(".")}.`;
}

function named(base: string, random: RandomBytes): TokenName {
  const salt = Buffer.from(random()).toString("hex").padStart(16, "0").slice(-16);
  const nonce = salt + checkOf(base, salt);
  return { base, nonce, text: `${base}-${nonce}` };
}

const checkOf = (base: string, salt: string): string => hash(`${base}\n${salt}`).slice(0, 8);
const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Letters, digits and dashes stay; others are written with underscores, so that different texts stay different. Long ones end in a hash. */
function part(text: string, length: number): string {
  const written = text.replace(/[^A-Za-z0-9-]/gu, (character) => {
    if (character === "_") return "__";
    return character === "." ? "_d" : `_x${character.codePointAt(0)?.toString(16)}_`;
  });
  // No written character begins like that.
  return written.length <= length ? written : `${written.slice(0, Math.max(0, length - 18))}_h${hash(text).slice(0, 16)}`;
}
