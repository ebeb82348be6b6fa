import { z } from "zod";
import { parseAge, parseDuration } from "../../provider/cleanup/policy/age";
import { compilePatterns, repositoryMatcher, splitPatterns } from "../../provider/cleanup/policy/patterns";
import { PolicyError } from "../../provider/cleanup/policy/policy-error";
import { policySettings } from "../../provider/cleanup/policy/policy-settings";
import { compileGroupBy, parseGroupBy } from "../../provider/cleanup/policy/version";
import { parseShard } from "../../provider/cleanup/run/shard";
import { connectionFields } from "../connection-fields";
import { checked, flag, line, word } from "../field";
import type { InputName } from "./declaration";

/** The inputs one by one. What two of them mean together is looked at in `inputs.ts`. `syntax` is what `pattern-syntax` says. */
export function fieldsOf(syntax: "glob" | "regex", now: number) {
  return z.object({
    ...connectionFields,
    repositories: checked((text) => {
      const patterns = splitPatterns(text);
      repositoryMatcher(patterns, "");
      return patterns;
    }),
    "delete-tags": patterns(syntax).optional(),
    "exclude-tags": patterns(syntax).optional(),
    "pattern-syntax": word("glob", "regex"),
    "keep-n-tagged": whole(0).optional(),
    "keep-n-untagged": whole(0).optional(),
    "group-by": checked((text) => {
      compileGroupBy(parseGroupBy(text), "");
      return text;
    }),
    "sort-by": word("created", "semver", "name"),
    "older-than": checked((text) => {
      parseAge(text, "", now);
      return text;
    }).optional(),
    "min-age": checked((text) => {
      parseDuration(text, "");
      return text;
    }),
    "delete-untagged": flag,
    "delete-ghost-images": flag,
    "delete-partial-images": flag,
    "delete-orphaned-referrers": flag,
    "pull-request-tags": template("number").optional(),
    "branch-tags": template("branch").optional(),
    "keep-digests": z.string().optional(),
    "keep-list": checked((text) => splitPatterns(text)).optional(),
    policy: z.string().optional(),
    "dry-run": flag,
    "plan-file": line.optional(),
    "apply-plan": line.optional(),
    "max-deletions": whole(0),
    "max-deletions-percent": checked(percentage),
    "min-keep": whole(0),
    "allow-placeholder-untag": flag,
    "run-gc": word("auto", "true", "false", "only"),
    shard: checked(parseShard).optional(),
    concurrency: whole(1, 256),
    "cache-dir": line.optional(),
    comment: flag,
    "github-token": z.string().optional(),
    "artifact-types": checked((text) => {
      policySettings({ artifactTypes: text }, () => "");
      return text;
    }),
    "delete-dangling-tags": flag,
    "fail-on": word("error", "blocked", "changes", "never"),
  } satisfies Record<InputName, z.ZodType>);
}

export type Fields = z.infer<ReturnType<typeof fieldsOf>>;

const patterns = (syntax: "glob" | "regex") =>
  checked((text) => {
    const list = splitPatterns(text, syntax);
    compilePatterns({ syntax, patterns: list }, "");
    return list;
  });

const whole = (least: number, most = Number.MAX_SAFE_INTEGER) =>
  checked((text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`;
    throw new PolicyError("", `${JSON.stringify(text)} cannot be: give a whole number ${range}.`);
  });

function percentage(text: string): number {
  const value = /^\d+(?:\.\d+)?\s*%?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (value >= 0 && value <= 100) return value;
  throw new PolicyError("", `${JSON.stringify(text)} cannot be: give a number from 0 to 100.`);
}

const template = (name: string) =>
  checked((text) => {
    if (text.split(`{${name}}`).length === 2 && !/[\s{}]/.test(text.replace(`{${name}}`, ""))) return text;
    throw new PolicyError(
      "",
      `${JSON.stringify(text)} is no template: write {${name}} once where it stands in the tag, as in pr-{${name}}.`,
    );
  });
