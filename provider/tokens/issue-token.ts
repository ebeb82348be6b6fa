import { RegistryError, redactor, withSignal } from "../http";
import type { MintedToken } from "./minted-token";
import type { TokenMinter, TokenOrder } from "./minter";
import type { TokenRequest } from "./request";
import type { Receipt, TokenState } from "./token-state";

/** What happens around a new token, in this order: `keep` minting, mint, `mask`, `keep` minted, verify, `deliver`. */
export interface IssueSteps {
  readonly minter: TokenMinter;
  readonly request: TokenRequest;
  /** Writes down how far things are, for whoever ends the token later. Nothing in it is secret. */
  keep(state: TokenState): void | Promise<void>;
  /** Hears the secret before anybody else. */
  mask(token: MintedToken): void;
  /** Hands the token out: it is what was asked for. If this fails, the token is taken back. */
  deliver(token: MintedToken): void | Promise<void>;
  log(line: string): void;
  warn(line: string): void;
  readonly signal?: AbortSignal;
}

/**
 * Mints a token, proves that it grants what was asked for and no more, and hands it out. Whatever fails after the mint ends the token; a
 * token whose answer was lost is looked up by its name. The signal ends the way there, never the way back.
 * Throws TokenRequestError (nothing was minted), WrongToken, RegistryError, or what `deliver` threw.
 */
export async function issueToken(steps: IssueSteps): Promise<MintedToken> {
  const { minter, request, signal } = steps;
  const during = <T>(run: () => Promise<T>): Promise<T> => (signal ? withSignal(signal, run) : run());
  const order = await during(() => minter.prepare(request));
  signal?.throwIfAborted();
  for (const note of order.notes) steps.log(note);
  const { text: name } = request.name;
  await steps.keep({ stage: "minting", type: minter.type, registry: minter.registry, name, expiresAt: order.expiresAt });
  const token = await during(() => order.mint()).catch(async (error: unknown) => {
    await takeBackLost(steps, order, error);
    throw error;
  });
  try {
    steps.mask(token);
    await steps.keep({ stage: "minted", receipt: token.receipt });
    await during(() => order.verify(token));
    signal?.throwIfAborted();
    for (const warning of token.warnings) steps.warn(warning);
    await steps.deliver(token);
    return token;
  } catch (error) {
    await takeBack(steps, token.receipt);
    throw withoutSecret(error, token.secret);
  }
}

/** After a mint that failed: a token of this name may be there all the same. */
async function takeBackLost({ minter, request, keep, warn }: IssueSteps, order: TokenOrder, error: unknown): Promise<void> {
  if (provesNothingMinted(error)) return void (await keep({ stage: "none" }));
  const { text: name } = request.name;
  const unclear = `It is unknown whether a token named ${name} was minted; nobody has its secret. If so, it ends at ${order.expiresAt}.`;
  try {
    const found = await minter.find(name);
    for (const receipt of found) await minter.revoke(receipt);
    // A list may lag behind: where nothing is found, whoever comes later looks once more.
    if (found.length > 0) await keep({ stage: "none" });
  } catch (failure) {
    warn(`${unclear} ${messageOf(failure)}`);
  }
}

function provesNothingMinted(error: unknown): boolean {
  if (!(error instanceof RegistryError) || error.fate === "unknown" || error.kind === "aborted") return false;
  return error.fate === "not-sent" || (error.kind === "status" && error.status !== undefined && error.status < 500);
}

async function takeBack({ minter, keep, log, warn }: IssueSteps, receipt: Receipt): Promise<void> {
  const { id, expiresAt } = receipt;
  try {
    if ((await minter.revoke(receipt)) === "lives")
      warn(`The token that was minted is not handed out; it dies by its expiry at ${expiresAt}.`);
    else log(`The token ${id} that was minted is revoked again.`);
    await keep({ stage: "none" });
  } catch (failure) {
    warn(`The token ${id} that was minted could not be revoked; it ends at ${expiresAt}. ${messageOf(failure)}`);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : "Unknown reason.");

/** Errors of this package hold no secrets; what others throw while the token is handed out may repeat it. */
function withoutSecret(error: unknown, secret: string): unknown {
  if (error instanceof RegistryError || !(error instanceof Error)) return error;
  const redact = redactor([secret]);
  const text = `${error.name} ${error.message} ${error.stack ?? ""} ${error.cause === undefined ? "" : String(error.cause)}`;
  return text.includes(secret) || redact(error.message) !== error.message ? new Error(redact(error.message)) : error;
}
