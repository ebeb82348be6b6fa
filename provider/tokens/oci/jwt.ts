import { z } from "zod";
import type { Access } from "../../registries/oci/scope";

/** What a registry's access token says of itself, as far as it can be read. Nothing here is verified: the registry does that. */
export interface TokenClaims {
  /** What it grants, by resource. Undefined where the token does not say it. */
  readonly access?: Access;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number;
  readonly issuedAt?: number;
  readonly id?: string;
}

const seconds = z.number().optional().catch(undefined);
const claims = z.looseObject({
  access: z
    .array(
      z.looseObject({
        type: z.string(),
        name: z.string(),
        actions: z
          .array(z.string())
          .nullish()
          .transform((actions) => actions ?? []),
      }),
    )
    .optional()
    .catch(undefined),
  exp: seconds,
  iat: seconds,
  jti: z.string().optional().catch(undefined),
});

/** Reads a token that is a JWT (distribution, "Token Authentication Implementation"); others are opaque and give nothing. */
export function readClaims(token: string): TokenClaims {
  const [, payload, signature, ...rest] = token.split(".");
  if (payload === undefined || signature === undefined || rest.length > 0) return {};
  const parsed = claims.safeParse(json(Buffer.from(payload, "base64url").toString("utf8")));
  if (!parsed.success) return {};
  const { access, exp, iat, jti } = parsed.data;
  return {
    ...(access && { access: accessOf(access) }),
    ...(exp !== undefined && { expiresAt: exp * 1000 }),
    ...(iat !== undefined && { issuedAt: iat * 1000 }),
    ...(jti !== undefined && jti !== "" && { id: jti }),
  };
}

/** Entries without actions grant nothing. A class (`repository(plugin)`) is left out, as the scope grammar has it. */
function accessOf(entries: readonly { readonly type: string; readonly name: string; readonly actions: readonly string[] }[]): Access {
  const access = new Map<string, Set<string>>();
  for (const { type, name, actions } of entries) {
    if (actions.length === 0) continue;
    const resource = `${type.replace(/\(.*\)$/, "")}:${name}`;
    access.set(resource, new Set([...(access.get(resource) ?? []), ...actions]));
  }
  return access;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
