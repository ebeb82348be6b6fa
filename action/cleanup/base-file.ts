import { z } from "zod";
import type { Base, WorkflowContext } from "./event";
import { type GitHub, statusOf } from "./github";

/** A file at the commit that a pull request is to be merged into. */
export interface BaseFile {
  readonly text: string;
  /** What it is called there, if the pull request renames it. */
  readonly renamedFrom?: string;
}

export interface BaseFileQuestion {
  readonly repository: NonNullable<WorkflowContext["repository"]>;
  readonly pullRequest: number;
  readonly base: Base;
  /** As it is called in the pull request. */
  readonly path: string;
}

/** Reads a file at the base commit; undefined: it is not there. Throws what GitHub's API throws, and where it shows no file. Needs `contents: read`. */
export async function readBaseFile(github: GitHub, question: BaseFileQuestion): Promise<BaseFile | undefined> {
  const text = await contents(github, question, question.path);
  if (text !== undefined) return { text };
  await expectReadable(github, question);
  const renamedFrom = await formerName(github, question);
  const former = renamedFrom === undefined ? undefined : await contents(github, question, renamedFrom);
  return renamedFrom === undefined || former === undefined ? undefined : { text: former, renamedFrom };
}

const file = z.object({ type: z.literal("file"), encoding: z.string(), content: z.string() });

/** Undefined where GitHub answers 404: there is no such file, or it must not be seen. */
async function contents(github: GitHub, { repository, base }: BaseFileQuestion, path: string): Promise<string | undefined> {
  let answer: unknown;
  try {
    const place = { owner: repository.owner, repo: repository.name, path, ref: base.sha };
    answer = (await github.rest("GET /repos/{owner}/{repo}/contents/{path}", place)).data;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
  const { data } = file.safeParse(answer);
  // A folder, a submodule, a link to one; above 1 MB there is no content.
  if (data?.encoding !== "base64") throw new Error(`${path} is no file there, or too large for a policy`);
  return Buffer.from(data.content, "base64").toString("utf8");
}

/** GitHub answers 404 both for what is not there and for what must not be seen. The commit itself is there. */
async function expectReadable(github: GitHub, { repository, base }: BaseFileQuestion): Promise<void> {
  const place = { owner: repository.owner, repo: repository.name, commit_sha: base.sha };
  await github.rest("GET /repos/{owner}/{repo}/git/commits/{commit_sha}", place);
}

const changedFiles = z.array(z.object({ filename: z.string(), status: z.string(), previous_filename: z.string().optional() }));
const perPage = 100;
/** GitHub lists at most 3,000 files of a pull request. */
const mostPages = 30;

/** What the file was called before the pull request; undefined if it was not renamed, or GitHub does not tell. */
async function formerName(github: GitHub, { repository, pullRequest, path }: BaseFileQuestion): Promise<string | undefined> {
  const place = { owner: repository.owner, repo: repository.name, pull_number: pullRequest, per_page: perPage };
  try {
    for (let page = 1; page <= mostPages; page++) {
      const { data, next } = await github.rest("GET /repos/{owner}/{repo}/pulls/{pull_number}/files", { ...place, page });
      const found = changedFiles.parse(data).find(({ filename }) => filename === path);
      if (found) return found.status === "renamed" ? found.previous_filename : undefined;
      if (!next) return undefined;
    }
  } catch {
    // A renamed policy is shown as a new one then, which hides nothing of what it deletes.
  }
  return undefined;
}
