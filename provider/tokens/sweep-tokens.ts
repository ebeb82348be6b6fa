import type { TokenMinter } from "./minter";
import type { TokenName } from "./token-name";

/** Removes what earlier runs left behind. A failure is only a warning: somebody else sweeps the next time. Never throws. */
export async function sweepLeftovers(
  minter: TokenMinter,
  name: TokenName,
  { log, warn }: { readonly log: (line: string) => void; readonly warn: (line: string) => void },
): Promise<number> {
  try {
    const swept = await minter.sweep(name);
    if (swept.length > 0) log(`Removed ${swept.length} leftover ${swept.length === 1 ? "token" : "tokens"} of earlier runs.`);
    return swept.length;
  } catch (error) {
    warn(`Leftover tokens of earlier runs could not be removed. ${error instanceof Error ? error.message : "Unknown reason."}`);
    return 0;
  }
}
