import { createHmac, timingSafeEqual } from "node:crypto";
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

/** Opaque signed tokens: nothing about them is stored, so any number may be issued. */
export class TokenMint {
  constructor(
    private readonly key: Buffer,
    private readonly clock: Clock,
  ) {}

  sign(claims: Claims): string {
    const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
    return `${payload}.${this.mac(payload).toString("base64url")}`;
  }

  /** The claims of a token of this kind; undefined when it is forged, expired or of another kind. */
  verify(token: string, kind: Claims["kind"]): Claims | undefined {
    const [payload = "", mac = ""] = token.split(".");
    const given = Buffer.from(mac, "base64url");
    const wanted = this.mac(payload);
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
    const claims = claimsSchema.parse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
    return claims.kind === kind && claims.expires > this.clock.now().getTime() ? claims : undefined;
  }

  private mac(payload: string): Buffer {
    return createHmac("sha256", this.key).update(payload).digest();
  }
}
