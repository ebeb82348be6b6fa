import type { MintedToken } from "./minted-token";
import type { TokenRequest } from "./request";
import type { TokenName } from "./token-name";
import type { Receipt, TokenType } from "./token-state";

/** Mints tokens of one registry, and ends them. */
export interface TokenMinter {
  readonly type: TokenType;
  /** Host, as `docker login` wants it. */
  readonly registry: string;
  /** Checks a request and looks up what it names. Changes nothing. Throws TokenRequestError for what cannot be had. */
  prepare(request: TokenRequest): Promise<TokenOrder>;
  /** Tokens of exactly this name, whatever their state: how one is found whose answer was lost. Empty where tokens have no names. */
  find(name: string): Promise<readonly Receipt[]>;
  /**
   * Ends a token. `gone`: it was ended already. `lives`: this registry's tokens cannot be ended, they die by their expiry.
   * Throws if it may still be used, or could not be removed.
   */
  revoke(receipt: Receipt): Promise<"revoked" | "gone" | "lives">;
  /** Removes what earlier runs with names of this family left behind and nobody can use any more. Never a token that may be active. */
  sweep(name: TokenName): Promise<readonly Receipt[]>;
  close(): Promise<void>;
}

/** A request that was found good. */
export interface TokenOrder {
  /** RFC 3339: when the token will have ended if the registry does as asked. */
  readonly expiresAt: string;
  /** What the user should know before: levels that are the same here, registries in place of repositories. One sentence each. */
  readonly notes: readonly string[];
  /** Mints the token; one whose answer was lost is found by its name. */
  mint(): Promise<MintedToken>;
  /** Throws WrongToken if the token grants less than was asked for, or more. */
  verify(token: MintedToken): Promise<void>;
}
