import { RegistryError } from "../../http/error";
import type { HttpAnswer, HttpRequest } from "../../http/request";
import { hasErrorCode } from "./answer-errors";
import type { OciClient } from "./client";
import { zeroDigest } from "./digest";
import type { Repository } from "./path-names";
import { deleteScope, pullScope, pushScope } from "./scope";

/** What a token can be asked to allow in a repository. */
export type Action = "pull" | "push" | "delete";

/**
 * What a trial shows. `granted`: the registry did, or would have done, what was asked. `refused`: the credentials do not allow it.
 * `unclear`: neither, such as a repository that is not there, which some registries also say of one that may not be seen.
 */
export type Trial = "granted" | "refused" | "unclear";

/**
 * Tries what a client's credentials allow in a repository by a request that has no effect: a list of tags, a piece of an upload that was
 * never begun, the deletion of the digest of zeros, which no content has. Errors other than refusals are thrown.
 */
export async function tryAccess(client: OciClient, repository: Repository, action: Action): Promise<Trial> {
  const verdict = await attempt(client, trials[action](client, repository));
  if (verdict !== undefined) return verdict;
  return action === "push" ? tryUpload(client, repository) : "unclear";
}

interface Experiment {
  readonly request: HttpRequest;
  /** undefined: the answer shows nothing. */
  readonly read: (answer: HttpAnswer) => Trial | undefined;
}

/** Answers that are no refusal for lack of rights. 401 and 403 come as errors, after credentials were renewed. */
const expect = [400, 404, 405, 409, 416, 501];

const trials: Readonly<Record<Action, (client: OciClient, repository: Repository) => Experiment>> = {
  pull: (_, repository) => ({
    request: {
      method: "GET",
      route: "/v2/{+repository}/tags/list",
      path: { repository },
      query: { n: 1 },
      scope: [pullScope(repository)],
    },
    read: ({ status }) => (status < 300 ? "granted" : undefined),
  }),
  push: (client, repository) => ({
    request: {
      method: "PATCH",
      route: "/v2/{+repository}/blobs/uploads/{session}",
      path: { repository, session: strangeSession(client.nonce()) },
      scope: [pushScope(repository)],
      body: { bytes: new Uint8Array(), type: "application/octet-stream" },
      // There is no such upload, however often it is asked for.
      repeatable: true,
    },
    read: (answer) => (answer.status < 300 || hasErrorCode(answer, "BLOB_UPLOAD_UNKNOWN", "BLOB_UPLOAD_INVALID") ? "granted" : undefined),
  }),
  delete: (_, repository) => ({
    request: {
      method: "DELETE",
      route: "/v2/{+repository}/manifests/{+reference}",
      path: { repository, reference: zeroDigest },
      scope: [deleteScope(repository)],
    },
    // A server that deletes nothing for anybody (405) says so only to those who might: docker-registry asks for the token first.
    read: (answer) =>
      answer.status < 300 || answer.status === 405 || hasErrorCode(answer, "MANIFEST_UNKNOWN", "UNSUPPORTED") ? "granted" : undefined,
  }),
};

async function attempt(client: OciClient, { request, read }: Experiment): Promise<Trial | undefined> {
  try {
    return read(await client.http.send({ ...request, expect }));
  } catch (error) {
    if (isRefusal(error)) return "refused";
    throw error;
  }
}

/** For registries whose answer about an unknown upload says nothing: begins one, and takes it back. Left over, it is empty, and registries throw such away. */
async function tryUpload(client: OciClient, repository: Repository): Promise<Trial> {
  let location: string | undefined;
  const verdict = await attempt(client, {
    request: {
      method: "POST",
      route: "/v2/{+repository}/blobs/uploads/",
      path: { repository },
      scope: [pushScope(repository)],
      repeatable: true,
    },
    read: (answer) => {
      if (answer.status >= 300) return undefined;
      location = answer.headers.get("location");
      return "granted";
    },
  });
  if (location !== undefined) await cancel(client, repository, location);
  return verdict ?? "unclear";
}

/** distribution wants the action `delete` for this, which a token for pushing does not have. */
async function cancel(client: OciClient, repository: Repository, location: string): Promise<void> {
  try {
    await client.http.send({ method: "DELETE", route: "", url: location, scope: [deleteScope(repository)], expect });
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
  }
}

/** 401, 403, and a token server that gives these credentials nothing for that. */
function isRefusal(error: unknown): boolean {
  return error instanceof RegistryError && error.kind === "status" && (error.status === 401 || error.status === 403);
}

/** In the form of a UUID, which servers take for the id of an upload. */
function strangeSession(nonce: string): string {
  const hex = Buffer.from(nonce).toString("hex").padEnd(32, "0").slice(0, 32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
