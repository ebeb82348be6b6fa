import { z } from "zod";
import { DeadlineExceeded, type DtrClient, JobFailed, type Mirroring } from "../../registries/dtr";
import type { CommonInputs, Context } from "../declaration";
import { Incomplete } from "../failure";
import { resource } from "../resource";
import { describeFailure, endOfJob, watchJobs } from "./job-end";
import { dtr } from "./module";
import { ImageName } from "./names";
import { loginProblems, remoteLogin, wireLogin } from "./remote-login";
import { expectState } from "./run-once";
import { contentIn, entriesOf, nameOf, needed } from "./tag-digest";
import { TagName } from "./tag-name";
import { withoutSecrets } from "./without-secrets";

/** What a program declares. */
export interface TagMirroringInputs extends CommonInputs {
  /** User or organization that owns the repository. A change mirrors anew, as another resource. */
  namespace: string;
  /** Name of the repository in its namespace. A change mirrors anew, as another resource. */
  repository: string;
  /** Tag in the repository. A change mirrors anew, as another resource. */
  tag: string;
  /** Address of the other registry, for example `https://dtr.example.com`. A change mirrors anew, as another resource. */
  remoteHost: string;
  /** Repository there: `namespace/repository`. A change mirrors anew, as another resource. */
  remoteRepository: string;
  /** Tag there. A change mirrors anew, as another resource. */
  remoteTag: string;
  /** PEM of the certificate authority of the other registry. Default: the authorities that the server trusts. A change mirrors again. */
  remoteCa?: string;
  /** Do not look at the other registry's certificate. Default `false`. A change mirrors again. */
  skipTlsVerification?: boolean;
  /** User name there. A change mirrors again. */
  username?: string;
  /** Password there, or an access token. A change mirrors again. */
  password?: string;
  /** Token there, in place of user name and password. A change mirrors again. */
  authToken?: string;
  /** A change of any value mirrors what the tag then points to. */
  triggers?: Record<string, string>;
}

/** What the server adds. */
export interface TagMirroringOutputs {
  /** When the tag was last mirrored by this resource: RFC 3339. Empty while the end was not seen. */
  mirroredAt: string;
  /** Digest of the image that was mirrored. */
  digest: string;
}

/**
 * Pushes a tag to another registry: when the resource is created, and again whenever an input changes. Where the server does it as a job and this user may see jobs
 * (administrators), the resource waits for its end, and shows the log if it fails. It needs write access to the repository. What happens to either tag later is no
 * drift, and destroying the resource leaves the other registry's tag. Credentials are encrypted in the state.
 *
 * The id is `namespace/repository:tag -> remoteHost/remoteRepository:remoteTag`.
 */
export class TagMirroring extends resource<TagMirroringInputs, TagMirroringOutputs, DtrClient>({
  type: "dtr:TagMirroring",
  module: dtr,
  inputs: {
    namespace: ImageName,
    repository: ImageName,
    tag: TagName,
    ...remoteLogin,
    skipTlsVerification: z.boolean().default(false),
    remoteTag: TagName,
    triggers: z.record(z.string(), z.string()).optional(),
  },
  outputs: { mirroredAt: z.string(), digest: z.string() },
  secretInputs: ["password", "authToken"],
  rules: loginProblems,
  notAdoptable: "has no effect on mirroring: there is nothing to take over",
  replaceOn: ["namespace", "repository", "tag", "remoteHost", "remoteRepository", "remoteTag"],
  timeouts: { create: "30m", update: "30m" },
  key: idOf,
  due: ({ mirroredAt }) => (mirroredAt === "" ? "the last mirroring was not seen to end" : undefined),

  async create(context, inputs) {
    return { id: idOf(inputs), outputs: await mirror(context, inputs) };
  },
  async read(_context, _id, last) {
    expectState(last, "dtr.getTag tells where a tag was mirrored to");
    return { mirroredAt: last.mirroredAt ?? "", digest: last.digest ?? "" };
  },
  async update(context, _id, inputs) {
    return mirror(context, inputs);
  },
  async delete() {},
}) {}

/** Once more does no harm: the same image under the same tag is sent, and registries take it for nothing new. */
async function mirror(context: Context<DtrClient>, inputs: TagMirroringInputs): Promise<TagMirroringOutputs> {
  const { client, signal, clock } = context;
  const { namespace, repository, tag, remoteHost, remoteRepository, remoteTag, password, authToken } = inputs;
  await needed(context, inputs);
  const before = await noted(context, inputs);
  const jobs = await watchJobs(context, "push_mirror_tag");
  // After a lost answer the tag itself tells where it was mirrored to, unless it had told the same before.
  const find = async () => (before ? undefined : noted(context, inputs));
  const request = { ...wireLogin(inputs), namespace, repository, tag, remoteHost, remoteRepository, remoteTag };
  const secrets = [password, authToken].flatMap((secret) => secret || []);
  const made = await withoutSecrets(secrets, () => client.tags.mirror(request, { signal, find }));
  const ours = (await jobs()).find(({ parameters }) => {
    // Whole names: the job of `app:v1` is not that of `app-web:v10`.
    const told = new Set(Object.values(parameters).flatMap((value) => value.split(/[^\w.-]+/)));
    return told.has(tag) && told.has(repository);
  });
  // The log of a job may tell what the job was told.
  if (ours) await withoutSecrets(secrets, () => jobEnd(context, inputs, ours.id, made.digest));
  return { mirroredAt: new Date(clock.now()).toISOString(), digest: made.digest };
}

async function jobEnd(context: Context<DtrClient>, inputs: TagMirroringInputs, id: string, digest: string): Promise<void> {
  try {
    await endOfJob(context, id);
  } catch (error) {
    if (error instanceof JobFailed) throw new Error(describeFailure(error));
    if (!(error instanceof DeadlineExceeded || context.signal.aborted)) throw error;
    throw new Incomplete<TagMirroringOutputs>(idOf(inputs), { mirroredAt: "", digest }, [
      `the job ${id} that mirrors ${nameOf(inputs)} was not seen to end. Run \`pulumi up\` again: it mirrors again, which does no harm`,
    ]);
  }
}

/** What the server notes with a tag of where it was mirrored to, if that is what is declared and of the image that the tag points to now. */
async function noted(context: Context<DtrClient>, inputs: TagMirroringInputs): Promise<Mirroring | undefined> {
  const entries = (await entriesOf(context, inputs)) ?? [];
  const digest = contentIn(entries);
  const notes = entries.flatMap(({ mirroring }) => (mirroring === undefined ? [] : [mirroring]));
  return notes.find(
    (note) => note.remoteRepository === inputs.remoteRepository && note.remoteTag === inputs.remoteTag && digest?.includes(note.digest),
  );
}

function idOf(inputs: Readonly<TagMirroringInputs>): string {
  return `${nameOf(inputs)} -> ${inputs.remoteHost}/${inputs.remoteRepository}:${inputs.remoteTag}`;
}
