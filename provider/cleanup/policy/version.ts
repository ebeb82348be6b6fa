import type SemVer = require("semver/classes/semver");

import type { GroupBy } from "./policy";
import { PolicyError } from "./policy-error";
import { compileRegex } from "./regex";

/**
 * A tag that is a version.
 *
 * SemVer 2.0 with what registries need: an optional `v` before it; missing minor and patch count as 0; leading zeros are read over, because
 * calendar versions (`24.04`, `2024.01.15`) have them; build metadata may follow a `_` as well as a `+`, because a tag cannot hold a plus and
 * Helm writes `_` for it. By the rules of SemVer whatever follows a dash is a pre-release, also where people mean a variant: `1.2.3-alpine` is
 * older than `1.2.3`; take such tags apart with a rule or group of their own. A tag of digits alone is a version with a major only, be it
 * `7` or a date (`20240131`); numbers of more than 15 digits are none of a version.
 */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** Identifiers of the pre-release; empty for a release. */
  readonly prerelease: readonly (string | number)[];
}

const form = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:[+_][0-9A-Za-z._+-]*)?$/;

/** The version that a tag is; undefined if it is none (`latest`, `1.2.3.4`, `release-1.2`, `V1`). */
export function parseVersion(tag: string): Version | undefined {
  const parts = form.exec(tag);
  if (!parts) return undefined;
  const [, major = "0", minor = "0", patch = "0", pre] = parts;
  const numbers = [major, minor, patch, ...(pre?.split(".") ?? [])].map(withoutZeros);
  if (numbers.some(isTooLarge)) return undefined;
  const [first, second, third, ...rest] = numbers;
  return new (semver())(`${first}.${second}.${third}${rest.length > 0 ? `-${rest.join(".")}` : ""}`);
}

/** Precedence of SemVer 2.0 §11: negative if `a` is the lower version, 0 if they differ in spelling or build metadata only. */
export function compareVersions(a: Version, b: Version): number {
  return known(a).compare(known(b));
}

/**
 * What group a tag is in: tags with the same key share one quota. Undefined is the group of the tags that are no version, or that the
 * expression does not match as a whole. Throws PolicyError for an expression without exactly one capturing group; `where` names it there.
 */
export function compileGroupBy(groupBy: GroupBy, where: string): (tag: string) => string | undefined {
  if (groupBy === "none") return () => "";
  if (groupBy === "semver-major") return (tag) => parseVersion(tag)?.major.toString();
  if (groupBy === "semver-minor") {
    return (tag) => {
      const version = parseVersion(tag);
      return version && `${version.major}.${version.minor}`;
    };
  }
  const expression = compileRegex(groupBy.pattern, where);
  if (expression.groupCount() !== 1) {
    throw new PolicyError(
      where,
      `the expression ${JSON.stringify(groupBy.pattern)} has ${expression.groupCount()} capturing groups. It needs exactly one, which names the group of a tag, for example ^(.+)-[0-9a-f]{7}$; write (?:…) for the others. The known words are none, semver-major and semver-minor.`,
    );
  }
  return (tag) => {
    const matcher = expression.matcher(tag);
    return matcher.matches() ? (matcher.group(1) ?? undefined) : undefined;
  };
}

/** Reads the words of `group-by`; everything else is an expression, which compileGroupBy checks. */
export function parseGroupBy(text: string): GroupBy {
  return text === "none" || text === "semver-major" || text === "semver-minor" ? text : { pattern: text };
}

let loaded: typeof SemVer | undefined;

/** Loaded with the first version: most runs send their first request before. */
function semver(): typeof SemVer {
  loaded ??= require("semver/classes/semver") as typeof SemVer; // `require` is untyped
  return loaded;
}

function known(version: Version): SemVer {
  if (version instanceof semver()) return version;
  throw new TypeError("Versions come from parseVersion.");
}

/** Of numbers; identifiers with letters stay as they are. */
const withoutZeros = (text: string): string => (/^0\d*$/.test(text) ? text.replace(/^0+(?=\d)/, "") : text);

/** More than what a number can hold exactly. */
const isTooLarge = (text: string): boolean => text.length > 15 && /^\d+$/.test(text);
