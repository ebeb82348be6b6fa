import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../contract";

const claimsSchema = z.object({
  kind: z.enum(["access", "refresh"]),
  /** Empty for an anonymous client. */
  subject: z.string(),
  service: z.string(),
  /** Milliseconds since 1970 by the sandbox's clock. */
  expires: z.number(),
  access: z.array(z.object({ type: z.string(), name: z.string(), actions: z.array(z.string()) })),
});

export type Claims = z.infer<typeof claimsSchema>;

/** Signed tokens, opaque or JWTs: nothing about them is stored, so any number may be issued. */
export class TokenMint {
  constructor(
    private readonly key: Buffer,
    private readonly clock: Clock,
    private readonly format: "opaque" | "jwt" = "opaque",
  ) {}

  sign(claims: Claims): string {
    if (this.format === "jwt") return this.jwt(claims);
    const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
    return `${payload}.${this.mac(payload).toString("base64url")}`;
  }

  /** The claims of a token of this kind; undefined when it is forged, expired or of another kind. */
  verify(token: string, kind: Claims["kind"]): Claims | undefined {
    const mac = token.slice(token.lastIndexOf(".") + 1);
    const signed = token.slice(0, Math.max(0, token.lastIndexOf(".")));
    const payload = signed.slice(signed.indexOf(".") + 1);
    const given = Buffer.from(mac, "base64url");
    const wanted = this.mac(signed);
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
    const claims = claimsSchema.parse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
    return claims.kind === kind && claims.expires > this.clock.now().getTime() ? claims : undefined;
  }

  /** Header and claims by distribution's token specification; what `verify` needs stands beside them. */
  private jwt(claims: Claims): string {
    const now = Math.floor(this.clock.now().getTime() / 1_000);
    const standard = {
      iss: "sandbox",
      sub: claims.subject,
      aud: claims.service,
      iat: now,
      nbf: now,
      exp: Math.floor(claims.expires / 1_000),
    };
    const parts = [
      { typ: "JWT", alg: "HS256" },
      { ...standard, jti: randomUUID(), ...claims },
    ];
    const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    return `${signed}.${this.mac(signed).toString("base64url")}`;
  }

  private mac(payload: string): Buffer {
    return createHmac("sha256", this.key).update(payload).digest();
  }
}
