import { z } from "zod";

/** A token that was minted, without its secret: enough to end it, and nothing that could not be printed. */
export interface Receipt {
  readonly type: TokenType;
  /** Host of the registry. */
  readonly registry: string;
  /** How the registry calls it; empty where it does not. */
  readonly id: string;
  /** The whole name, with its nonce. */
  readonly name: string;
  /** RFC 3339, as the registry says it. */
  readonly expiresAt: string;
}

export const tokenTypes = ["selectel", "oci", "dtr"] as const;
export type TokenType = (typeof tokenTypes)[number];

/** What `main` has done so far, for `post`. */
export type TokenState =
  /** Nothing that lasts: not yet minted, or taken back. */
  | { readonly stage: "none" }
  /** The request may have been sent; a token may be there under this name. */
  | { readonly stage: "minting"; readonly type: TokenType; readonly registry: string; readonly name: string; readonly expiresAt: string }
  | { readonly stage: "minted"; readonly receipt: Receipt };

const type = z.enum(tokenTypes);
const time = z.string().refine((text) => !Number.isNaN(Date.parse(text)));
const shape: z.ZodType<TokenState> = z.discriminatedUnion("stage", [
  z.strictObject({ stage: z.literal("none") }),
  z.strictObject({ stage: z.literal("minting"), type, registry: z.string(), name: z.string().min(1), expiresAt: time }),
  z.strictObject({
    stage: z.literal("minted"),
    receipt: z.strictObject({ type, registry: z.string(), id: z.string(), name: z.string().min(1), expiresAt: time }),
  }),
]);

export const formatTokenState = (state: TokenState): string => JSON.stringify(state);

/** Reads what `formatTokenState` wrote; an empty text is a `main` that did not come so far. Throws on anything else. */
export function parseTokenState(text: string): TokenState {
  if (text === "") return { stage: "none" };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error("The saved state of the token action is no JSON: this step's state was changed by somebody else.");
  }
  const parsed = shape.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Error("The saved state of the token action is not understood: was it written by another version?");
}
