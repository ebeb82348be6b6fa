import { ending } from "./expiry";
import type { TokenMinter } from "./minter";
import type { TokenState } from "./token-state";

export interface EndSteps {
  /** What `issueToken` kept last. */
  readonly state: TokenState;
  /** Opens the minter; called only if there is something to end. */
  open(): Promise<TokenMinter>;
  /** Milliseconds since 1970. */
  now(): number;
}

/** How it went, as a sentence. `failed` is no reason to fail anything: what is left is swept, or dies by its expiry. */
export interface Ended {
  readonly outcome: "nothing" | "expired" | "revoked" | "gone" | "lives" | "failed";
  readonly text: string;
}

/** Ends what `issueToken` minted: a token that was found by its name, too, if its answer was lost. Never throws, never names a secret. */
export async function endToken({ state, open, now }: EndSteps): Promise<Ended> {
  if (state.stage === "none") return { outcome: "nothing", text: "No token was minted, so there is none to revoke." };
  const { name, expiresAt } = state.stage === "minted" ? state.receipt : state;
  const what = state.stage === "minted" && state.receipt.id !== "" ? `The token ${state.receipt.id}` : `The token ${name}`;
  if (Date.parse(expiresAt) <= now()) return { outcome: "expired", text: `${what} has expired at ${expiresAt}.` };
  try {
    const minter = await open();
    try {
      const receipts = state.stage === "minted" ? [state.receipt] : await minter.find(state.name);
      if (receipts.length === 0) return { outcome: "nothing", text: `No token ${name} was minted, so there is none to revoke.` };
      const outcomes: ("revoked" | "gone" | "lives")[] = [];
      for (const receipt of receipts) outcomes.push(await minter.revoke(receipt));
      const outcome = outcomes.find((one) => one !== "gone") ?? "gone";
      return { outcome, text: `${what} ${endings[outcome]}${outcome === "lives" ? ` at ${expiresAt}` : ""}.` };
    } finally {
      await minter.close();
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : "Unknown reason.";
    return { outcome: "failed", text: `${what} could not be revoked. It ${ending(expiresAt)}. ${why}` };
  }
}

const endings = {
  revoked: "is revoked",
  gone: "was gone already",
  lives: "cannot be revoked at this registry; it dies by its expiry",
} as const;
