import type { Receipt } from "./token-state";

/** A new token. Its secret is in no property that printing, logging or JSON would show. */
export class MintedToken {
  readonly #secret: string;
  readonly receipt: Receipt;
  /** For `docker login`; empty where the token is sent as it is (`Authorization: Bearer`). */
  readonly username: string;
  /** What the user should know: a shorter life than asked for. One sentence each. */
  readonly warnings: readonly string[];

  constructor(secret: string, facts: { readonly receipt: Receipt; readonly username: string; readonly warnings?: readonly string[] }) {
    this.#secret = secret;
    this.receipt = facts.receipt;
    this.username = facts.username;
    this.warnings = facts.warnings ?? [];
  }

  get secret(): string {
    return this.#secret;
  }
}
