/**
 * Which branches exist, as far as names of tags can tell. Tools replace what a tag cannot hold in different ways (docker/metadata-action one dash
 * for each run of such characters, others one for each; GitLab small letters and at most 63 of them), so names are compared in a form in which all
 * these are equal: rather too many branches exist than too few.
 */
export class BranchNames {
  private readonly forms: ReadonlySet<string>;

  constructor(names: Iterable<string>) {
    this.forms = new Set(Array.from(names, plain));
  }

  /** `part`: what a tag has for the branch; `cut`: the tag is as long as tags can be, so that the rest of the name may be missing. */
  has(part: string, cut: boolean): boolean {
    const form = plain(part);
    if (this.forms.has(form)) return true;
    if (!cut && part.length !== gitlabLength) return false;
    for (const name of this.forms) if (name.startsWith(form)) return true;
    return false;
  }
}

/** Longest tag (OCI distribution-spec, "Pulling manifests"). */
export const longestTag = 128;
/** `CI_COMMIT_REF_SLUG` is cut to so many characters. */
const gitlabLength = 63;

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
