import { createHash } from "node:crypto";
import { z } from "zod";
import type { WorkflowContext } from "./event";
import type { GitHub, GraphqlError } from "./github";

/** What tells the comment of this step from those of other steps, jobs and workflows on the same pull request. */
export interface CommentKey {
  readonly context: Pick<WorkflowContext, "workflow" | "job" | "step">;
  /** What the legs of a matrix differ in. Not the rules: they are what the pull request changes. */
  readonly target: readonly (string | undefined)[];
}

/** An invisible first line by which the comment is found again. */
export function marker({ context: { workflow, job, step }, target }: CommentKey): string {
  const key = createHash("sha256")
    .update(JSON.stringify([workflow, job, step, target]))
    .digest("hex")
    .slice(0, 24);
  return `<!-- registry-as-code/cleanup ${key} -->`;
}

/** GitHub takes at most 65,536 characters. */
export const commentLimit = 60_000;

export interface CommentTarget {
  readonly repository: { readonly owner: string; readonly name: string };
  readonly pullRequest: number;
  readonly marker: string;
}

/** Writes the one comment of this step: creates it, or puts the new text into the one that is there. Throws what the API throws. */
export async function writeComment(github: GitHub, target: CommentTarget, text: string): Promise<"created" | "updated" | "unchanged"> {
  const { repository, pullRequest } = target;
  const path = { owner: repository.owner, repo: repository.name };
  const body = `${target.marker}\n${text}`;
  const found = await findComment(github, target);
  if (found === undefined) {
    await github.rest("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", { ...path, issue_number: pullRequest, body });
    return "created";
  }
  if (found.body === body) return "unchanged";
  const { data, errors } = await github.graphql(change, { id: found.id, body });
  if (errors[0]) throw refused(errors[0]);
  changed.parse(data);
  return "updated";
}

// Not by REST, which wants the comment's number: GraphQL gives numbers as Int, and those of comments have outgrown it since 2024.
const change = "mutation($id:ID!,$body:String!){updateIssueComment(input:{id:$id,body:$body}){issueComment{id}}}";
const changed = z.object({ updateIssueComment: z.object({ issueComment: z.object({ id: z.string() }) }) });

const query = `query($owner:String!,$name:String!,$number:Int!,$after:String){repository(owner:$owner,name:$name){pullRequest(number:$number){
comments(first:100,after:$after){nodes{id body viewerDidAuthor} pageInfo{hasNextPage endCursor}}}}}`;

const comment = z.object({ id: z.string().min(1), body: z.string(), viewerDidAuthor: z.boolean() });
const page = z.object({
  repository: z.object({
    pullRequest: z.object({
      comments: z.object({
        nodes: z.array(comment.nullable()),
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
      }),
    }),
  }),
});

/** The oldest with our marker that this token wrote: anybody may write a comment that begins with it, and would own what we put there. */
async function findComment(github: GitHub, target: CommentTarget): Promise<z.infer<typeof comment> | undefined> {
  const { repository, pullRequest: number, marker } = target;
  let after: string | null = null;
  for (;;) {
    const { data, errors } = await github.graphql(query, { owner: repository.owner, name: repository.name, number, after });
    if (errors[0]) throw refused(errors[0]);
    const { comments } = page.parse(data).repository.pullRequest;
    const found = comments.nodes.find((node) => node?.viewerDidAuthor && node.body.startsWith(marker));
    if (found) return found;
    const { hasNextPage, endCursor } = comments.pageInfo;
    if (!hasNextPage || endCursor === null || endCursor === after) return undefined;
    after = endCursor;
  }
}

const refused = ({ message }: GraphqlError): Error => Object.assign(new Error(message), { status: 403 });
