import type { HttpClock } from "../../http";
import { type OciClient, parseRepository } from "../../registries/oci";
import { tryAccess } from "../../registries/oci/access-trial";
import { type Scope, type SelectelClient, type Token, timestampDate } from "../../registries/selectel";
import type { MintedToken } from "../minted-token";
import { WrongToken } from "../wrong-token";

/** What a token was asked to be. */
export interface Terms {
  readonly scope: Scope;
  /** RFC 3339. */
  readonly expiresAt: string;
}

/** Holds what the service says of a token against what was asked for. Throws WrongToken. */
export async function verifyTerms(client: SelectelClient, token: MintedToken, { scope, expiresAt }: Terms): Promise<void> {
  const { id } = token.receipt;
  const found = await client.v2.tokens.get({ id });
  const difference = (kind: WrongToken["kind"], text: string) =>
    new WrongToken(kind, `Selectel made the token ${id} other than asked: ${text}.`);
  if (found.status !== "active") throw difference("less", `its status is ${found.status}, not active`);
  if (found.scope.modeRW !== scope.modeRW)
    throw difference(
      found.scope.modeRW ? "more" : "less",
      `it may ${modeInWords(found.scope.modeRW)}, not only ${modeInWords(scope.modeRW)}`,
    );
  compareReach(found, scope, difference);
  const end = found.expiration.isSet ? timestampDate(found.expiration.expiresAt ?? "")?.getTime() : undefined;
  const wanted = Date.parse(expiresAt);
  if (end === undefined) throw difference("more", `it never ends; it was to end at ${expiresAt}`);
  if (Math.floor(end / 1000) !== wanted / 1000)
    throw difference(end > wanted ? "more" : "less", `it ends at ${found.expiration.expiresAt}; it was to end at ${expiresAt}`);
}

function compareReach(found: Token, scope: Scope, difference: (kind: WrongToken["kind"], text: string) => WrongToken): void {
  if (found.scope.allRegistries !== scope.allRegistries) {
    if (found.scope.allRegistries) throw difference("more", "it reaches all registries of the project");
    throw difference("less", "it does not reach all registries of the project");
  }
  if (scope.allRegistries) return;
  const [have, want] = [new Set(found.scope.registryIds), new Set(scope.registryIds)];
  const surplus = [...have].filter((id) => !want.has(id));
  const missing = [...want].filter((id) => !have.has(id));
  if (surplus.length > 0) throw difference("more", `it also reaches the registries ${surplus.join(", ")}`);
  if (missing.length > 0) throw difference("less", `it does not reach the registries ${missing.join(", ")}`);
}

const modeInWords = (write: boolean): string => (write ? "pull, push and delete" : "pull");

/** A new token may need a moment until the registry knows it. */
const waits = [500, 1_000, 2_000, 4_000];

export interface HostTrial {
  /** Of the registry's host, with the token. */
  readonly client: OciClient;
  /** Names of registries that the token is to reach. */
  readonly registries: readonly string[];
  readonly write: boolean;
  readonly clock: HttpClock;
}

/** Tries the secret itself at the registry's host, in repositories that are not there. Throws WrongToken. */
export async function verifyAtHost({ client, registries, write, clock }: HostTrial): Promise<void> {
  for (const registry of registries) {
    const repository = parseRepository(`${registry}/registry-as-code-probe-${client.nonce()}`);
    let pull = await tryAccess(client, repository, "pull");
    for (const wait of waits) {
      if (pull !== "refused") break;
      await clock.sleep(wait);
      pull = await tryAccess(client, repository, "pull");
    }
    if (pull === "refused") throw new WrongToken("less", `The registry ${registry} does not let the new token pull.`);
    const push = await tryAccess(client, repository, "push");
    if (write && push === "refused") throw new WrongToken("less", `The registry ${registry} does not let the new token push.`);
    if (!write && push === "granted")
      throw new WrongToken("more", `The registry ${registry} lets the new token push, although it is for reading only.`);
  }
}
