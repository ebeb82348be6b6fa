import type { InputName as CleanupInput } from "../cleanup/declaration";
import type { InputName as TokenInput } from "../token/declaration";

type InputName = CleanupInput | TokenInput;

/** Inputs with a few words to choose from. A test holds them against what the actions accept. */
export const words: Readonly<Partial<Record<InputName, readonly string[]>>> = {
  type: ["dtr", "oci", "registryui", "selectel"],
  "pattern-syntax": ["glob", "regex"],
  "group-by": ["none", "semver-major", "semver-minor"],
  "sort-by": ["created", "semver", "name"],
  "run-gc": ["auto", "true", "false"],
  "fail-on": ["error", "blocked", "changes", "never"],
  "artifact-types": ["image", "helm", "other", "any"],
  permission: ["read", "write", "delete"],
};

/** Inputs that hold lists: their options may be given several times. */
export const lists: ReadonlySet<InputName> = new Set<InputName>([
  "repositories",
  "delete-tags",
  "exclude-tags",
  "keep-digests",
  "keep-list",
  "registries",
]);

/** What stands for the value in `--help`; `file` and `folder` are completed as such by shells. */
export const placeholders: Readonly<Partial<Record<InputName, string>>> = {
  type: "api",
  registry: "address",
  username: "name",
  "ca-file": "file",
  "account-id": "id",
  "project-id": "id",
  "project-name": "name",
  "auth-url": "url",
  "api-url": "url",
  repositories: "globs",
  registries: "names",
  "delete-tags": "patterns",
  "exclude-tags": "patterns",
  "pattern-syntax": "syntax",
  "keep-n-tagged": "n",
  "keep-n-untagged": "n",
  "group-by": "what",
  "sort-by": "what",
  "older-than": "age",
  "min-age": "age",
  "pull-request-tags": "template",
  "branch-tags": "template",
  "keep-digests": "digests",
  "keep-list": "file",
  policy: "file",
  "plan-file": "file",
  "max-deletions": "n",
  "max-deletions-percent": "n",
  "min-keep": "n",
  "run-gc": "when",
  shard: "i/n",
  concurrency: "n",
  "cache-dir": "folder",
  "artifact-types": "types",
  "fail-on": "what",
  permission: "what",
  "expires-in": "duration",
  name: "name",
};
