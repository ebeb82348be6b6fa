import { bool, type Call, type JsonObject, text } from "./call";
import { Refusal } from "./errors";
import { RemoteRegistry, type RemoteTarget } from "./remote-registry";
import { RemoteError } from "./remote-request";
import type { MirroringPolicy, Repository } from "./repositories-model";
import { dateText } from "./route";
import { pathOf, type World } from "./world";

/** What lasting policies, one-shot mirroring and the check of a remote registry say of the other side. */
export interface RemoteFields extends RemoteTarget {
  readonly remoteCA: string;
  readonly skipTLSVerification: boolean;
}

/** The fields of a form, over those of the policy that it changes. */
export function remoteFields(fields: JsonObject, known?: RemoteFields): RemoteFields {
  return {
    remoteHost: text(fields, "remoteHost") ?? known?.remoteHost ?? "",
    remoteRepository: text(fields, "remoteRepository") ?? known?.remoteRepository ?? "",
    remoteCA: text(fields, "remoteCA") ?? known?.remoteCA ?? "",
    skipTLSVerification: bool(fields, "skipTLSVerification") ?? known?.skipTLSVerification ?? false,
    username: text(fields, "username") ?? known?.username ?? "",
    password: text(fields, "password") ?? known?.password ?? "",
    authToken: text(fields, "authToken") ?? known?.authToken ?? "",
  };
}

/** What is wrong with a policy's fields as such; undefined when nothing is. */
export function wrongRemote({ remoteHost, remoteRepository }: RemoteTarget): string | undefined {
  if (remoteHost === "") return "remoteHost is required.";
  return remoteRepository === "" ? "remoteRepository is required." : undefined;
}

/** Throws `REMOTE_REGISTRY_INVALID_PERMISSIONS` when the login at the other side does not allow what the mirror is for. */
export async function checkLogin({ world }: Call, target: RemoteTarget, wanted: "read" | "write"): Promise<void> {
  if (world.switches.mirrorLogin === "unchecked") return;
  const permissions = await remotePermissions(world, target);
  if (!permissions[wanted]) throw invalidPermissions(`The account must have ${wanted} access to ${target.remoteRepository}.`);
}

/** What the credentials may do at the other side. Throws `REMOTE_REGISTRY_INVALID_PERMISSIONS` when it is not reached. */
export async function remotePermissions(world: World, target: RemoteTarget): Promise<{ readonly read: boolean; readonly write: boolean }> {
  try {
    return await new RemoteRegistry(world, target).permissions();
  } catch (error) {
    if (error instanceof RemoteError) throw invalidPermissions(error.message);
    throw error;
  }
}

export function invalidPermissions(message: string): Refusal {
  return new Refusal(400, "REMOTE_REGISTRY_INVALID_PERMISSIONS", message);
}

/** A bad policy, with the status that the switch `invalidPolicy` says. */
export function invalidPolicy({ switches }: World, code: string, message: string): Refusal {
  return new Refusal(switches.invalidPolicy === "404" ? 404 : 400, code, message);
}

/** Does the work of a policy as a job, and notes in the policy how it ended. */
export function mirrorAsJob(
  world: World,
  job: {
    readonly action: string;
    readonly repository: Repository;
    readonly policy: MirroringPolicy;
    readonly parameters?: Readonly<Record<string, string>>;
  },
  work: (log: (line: string) => void) => Promise<void>,
): void {
  const { action, repository, policy, parameters } = job;
  world.runJob(action, { repository: pathOf(repository), policyID: policy.id, ...parameters }, (log) =>
    noted(world, policy, () => work(log)),
  );
}

/** Notes in the policy how a piece of work ended, and passes its error on. */
export async function noted(world: World, policy: MirroringPolicy, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    policy.lastMirroredAt = world.clock.now();
    policy.lastStatus = { code: "SUCCESS", detail: "", timestamp: world.clock.now() };
  } catch (error) {
    policy.lastStatus = { code: "FAILURE", detail: error instanceof Error ? error.message : String(error), timestamp: world.clock.now() };
    throw error;
  }
}

/** `responses.PollMirroringPolicy`: never with a secret. */
export function mirroringView(world: World, repository: Repository, policy: MirroringPolicy) {
  const { id, username, remoteHost, remoteRepository, remoteCA, skipTLSVerification, enabled, lastMirroredAt, lastStatus } = policy;
  return {
    id,
    username,
    localRepository: pathOf(repository),
    remoteHost,
    remoteRepository,
    remoteCA,
    skipTLSVerification,
    enabled,
    lastMirroredAt: dateText(world, lastMirroredAt),
    lastStatus: { code: lastStatus.code, detail: lastStatus.detail, timestamp: dateText(world, lastStatus.timestamp) },
  };
}
