import { connectionInputs } from "../connection-inputs";
import { type InputDeclaration, namesOf } from "../input-declaration";

/** The inputs and outputs of the action: `action.yml`, the parser and the README are held against this. */
export const inputs = {
  ...connectionInputs,
  repositories: {
    description:
      "Globs over full repository paths (`<registry>/<image>` on Selectel), separated by newlines or commas. `!` negates; only negative entries mean all but those. A name without wildcard needs no catalog.",
    default: "**",
  },
  "delete-tags": {
    description: "Patterns of tags that may go, separated by newlines or commas. `!pattern` takes its matches out of this list only.",
  },
  "exclude-tags": {
    description:
      "Patterns of tags that stay whatever else is said, with their digest, its other tags, its children, signatures and other referrers.",
  },
  "pattern-syntax": {
    description:
      "Syntax of `delete-tags` and `exclude-tags`: `glob`, or `regex` (RE2, must match the whole tag, separated by newlines only).",
    default: "glob",
  },
  "keep-n-tagged": {
    description:
      "Keep the newest so many tagged images of each repository and group; counted over all candidates, before `older-than`. Without tag selectors, every tagged image is a candidate.",
  },
  "keep-n-untagged": { description: "Delete all untagged images of each repository but the newest so many." },
  "group-by": {
    description: "What `keep-n-tagged` counts in: `none`, `semver-major`, `semver-minor`, or a regular expression with one group.",
    default: "none",
  },
  "sort-by": { description: "What newest means: `created`, `semver` or `name`.", default: "created" },
  "older-than": {
    description: "Delete only what is older: `30d`, `12h`, `2w` or an ISO date. Without tag selectors, every tagged image is a candidate.",
  },
  "min-age": { description: "Nothing younger is touched: `24h`, `7d`. `0` lifts this guard.", default: "24h" },
  "delete-untagged": { description: "Delete images without tags that are part of nothing.", default: "false" },
  "delete-ghost-images": { description: "Delete multi-platform images none of whose platforms exist.", default: "false" },
  "delete-partial-images": { description: "Delete multi-platform images some of whose platforms do not exist.", default: "false" },
  "delete-orphaned-referrers": {
    description: "Delete signatures, attestations and other referrers whose image does not exist.",
    default: "false",
  },
  "pull-request-tags": {
    description:
      "Template such as `pr-{number}`: a matching tag is a candidate exactly when that pull request of this repository is closed. Needs `pull-requests: read`.",
  },
  "branch-tags": {
    description:
      "Template such as `branch-{branch}`: a matching tag is a candidate exactly when this repository has no branch of that name any more. Needs `contents: read`.",
  },
  "keep-digests": {
    description:
      "Digests (for every repository) or references of this registry that stay with all their tags, separated by newlines or commas.",
  },
  "keep-list": {
    description:
      "Files (JSON, YAML or text; separated by newlines or commas) in which every image reference names something that stays: stack outputs, rendered manifests, pod lists.",
  },
  policy: {
    description: "Path of a YAML file, or the YAML itself, with several rules; takes the place of all other selectors.",
  },
  "dry-run": { description: "Only plan and report. Nothing is deleted unless this is `false`.", default: "true" },
  "plan-file": { description: "Where the plan is written (JSON lines). Default: a file under `RUNNER_TEMP`." },
  "apply-plan": { description: "Path of a plan of an earlier run that is applied as it is; takes the place of all selectors." },
  "max-deletions": {
    description: "If more images and tags than this are planned to go in the whole run, nothing is deleted and the run fails.",
    default: "1000",
  },
  "max-deletions-percent": {
    description:
      "If more than this percentage of the tagged images of any one repository is planned to go, nothing is deleted and the run fails.",
    default: "50",
  },
  "min-keep": { description: "So many of the newest tagged images of each repository stay whatever the rules say.", default: "1" },
  "allow-placeholder-untag": {
    description:
      "On servers that cannot delete a tag alone: remove a tag of an image that stays by moving it to a placeholder manifest, which is then deleted.",
    default: "false",
  },
  "run-gc": {
    description:
      "Garbage collection (not `oci`): `auto` (once at the end if something went; never on `registryui` and `dtr`, which nobody can push to meanwhile), `true`, `false`, or `only` (nothing else is done).",
    default: "auto",
  },
  shard: {
    description: "`2/8`: this job takes its share of the repositories, decided by their names alone, so that a matrix spreads the work.",
  },
  concurrency: { description: "Parallel requests for reading.", default: "8" },
  "cache-dir": { description: "Directory in which manifests are kept by digest from run to run." },
  comment: {
    description:
      "In a pull request: write one comment, updated in place, with what the changed policy would delete, and how that differs from what the policy file of the base branch would delete. Needs `pull-requests: write`, and `contents: read` for the difference.",
    default: "false",
  },
  "github-token": {
    description: "Token for `comment`, `pull-request-tags` and `branch-tags`.",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the runner puts the value in
    default: "${{ github.token }}",
  },
  "artifact-types": { description: "What may be deleted: `image`, `helm`, `other`, separated by commas, or `any`.", default: "image" },
  "delete-dangling-tags": { description: "Delete tags that point to nothing; otherwise they protect their repository.", default: "false" },
  "fail-on": {
    description:
      "When the step fails: `error`, `blocked` (or something was protected against its rule), `changes` (or the plan is not empty), `never`.",
    default: "error",
  },
} as const satisfies Readonly<Record<string, InputDeclaration>>;

export type InputName = keyof typeof inputs;

export const inputNames = namesOf(inputs);

/** In the order in which they are set. */
export const outputs = {
  "deleted-count": "Digests deleted.",
  "untagged-count": "Tags removed from digests that stay.",
  "failed-count": "Deletions that failed.",
  "kept-count": "Images that stay.",
  "would-delete-count": "What the plan would make `deleted-count`; also when it is applied.",
  "bytes-freed": "Bytes freed by what was deleted; layers that something else still has are not counted.",
  changed: "`true` if anything was removed.",
  deleted:
    "JSON array of what was deleted: repository, digest, tags, reason, bytes. Above 256 KiB it is cut, and `truncated` in its last element says how many are missing.",
  failed: "JSON array of what could not be deleted, with the message; cut in the same way.",
  "plan-path": "Path of the plan (JSON lines).",
  "report-path": "Path of the report (JSON lines); empty if nothing was to be applied.",
} as const;

export type OutputName = keyof typeof outputs;
export const outputNames = namesOf(outputs);
