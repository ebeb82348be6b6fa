import { z } from "zod";
import { flag, text } from "./shape";

/** Whether the replica that answered is well. */
export interface Health {
  readonly healthy: boolean;
  /** What is wrong; empty if nothing is. */
  readonly error: string;
}

export const Health: z.ZodType<Health> = z.object({ healthy: flag, error: text });

/** What the server calls its own version: `2.7.8`. */
export interface ServerVersion {
  readonly version: string;
}

export const ServerVersion: z.ZodType<ServerVersion> = z.object({ version: z.string() });
/** The server's own description of its API: `info.version` is the product's version. */
export const Docs: z.ZodType<ServerVersion> = z.object({ info: z.object({ version: z.string() }) }).transform(({ info }) => info);

/** A token for `/v2` (and, as Bearer, for `/api/v0`). */
export interface AccessToken {
  /** The secret. */
  readonly token: string;
  /** Seconds from the answer. */
  readonly expiresIn?: number;
}

const secret = z.string().min(1).optional().catch(undefined);
export const AccessToken: z.ZodType<AccessToken> = z
  .object({ token: secret, access_token: secret, expires_in: z.number().nullish() })
  .transform(({ token, access_token, expires_in }, context): AccessToken => {
    const found = token ?? access_token;
    if (found === undefined) {
      context.addIssue({ code: "custom", path: ["token"], message: "must be there" });
      return z.NEVER;
    }
    return { token: found, ...(expires_in && { expiresIn: expires_in }) };
  });
