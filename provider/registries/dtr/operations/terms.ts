import { z } from "zod";
import type { Operation } from "../../operation";
import { name } from "./given";

/** What several operations are given, and how they are treated alike. */

/** What a team may do: `read-only` pulls, `read-write` pushes and deletes tags, `admin` also changes settings, policies and grants. */
export const accessLevel = z.enum(["read-only", "read-write", "admin"]);

/** Who sees a repository without a grant: everybody, or nobody. */
export const visibility = z.enum(["public", "private"]);

/** Only that there are texts: which fields and operators there are is the server's to judge, since later versions know more. */
export const rules = z
  .array(z.strictObject({ field: z.string(), operator: z.string(), values: z.array(z.string()).readonly() }))
  .readonly();

/**
 * Whether a policy is evaluated while the call waits. The server's own default is true, which deletes, promotes or mirrors at once, and times out (504) where the
 * repository is big; so it is always sent, and false unless asked for.
 */
export const evaluation = { initialEvaluation: z.boolean().default(false) };

/** Setting the same values twice is like once, but not evaluating twice. */
export const unlessEvaluated = ({ initialEvaluation }: Readonly<Record<string, unknown>>): boolean => initialEvaluation !== true;

/** The server evaluates while the caller waits: a public client allows it four minutes. */
export const slow = { headers: 300_000, total: 900_000 };

/** A rule: one of these must be given. */
export const someOf =
  (...members: readonly string[]) =>
  (parameters: Readonly<Record<string, unknown>>): string | undefined =>
    members.some((member) => parameters[member] !== undefined) ? undefined : "nothing to change";

/** The one parameter of the body, which `wire` calls `body`, is the whole body. */
export const wholeBody = <P, A>(row: Operation<P, A>): Operation<P, A> => ({ ...row, bodyForm: "json" });

/** The host of the registry (`registryHost`): trust data is kept by it. */
export const domain = name.optional();

/** Which events: between two times (RFC 3339), by one user (`actorId`, a UUID), of one type (`CREATE`, …); `objectType` since 2.7. */
export const eventQuery = {
  publishedBefore: name.optional(),
  publishedAfter: name.optional(),
  actorId: name.optional(),
  eventType: name.optional(),
  objectType: name.optional(),
};
