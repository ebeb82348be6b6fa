import { z } from "zod";

/** Docker's `config.json` for one registry host: `{"auths":{"cr.selcloud.ru":{"auth":"<base64 of token:SECRET>"}}}`. */
export interface DockerConfig {
  readonly auths: Readonly<Record<string, { readonly auth: string }>>;
}

/** User name of every Selectel registry token, simple or named. */
export const tokenUsername = "token";

/**
 * Docker's `config.json` with this token. Built here rather than asked for (`docker-config=true`), because the shape of that answer is
 * documented nowhere and it probably lacks the token's id.
 */
export function dockerConfig(registryHost: string, secret: string): DockerConfig {
  return { auths: { [registryHost]: { auth: Buffer.from(`${tokenUsername}:${secret}`, "utf8").toString("base64") } } };
}

export const DockerConfig: z.ZodType<DockerConfig> = z.object({ auths: z.record(z.string(), z.object({ auth: z.string() })) });
