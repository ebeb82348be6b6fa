import { type Access, accessKey, covers, mergeAccess } from "./scope";
import type { Token, TokenServer } from "./token-server";

export type RequestToken = (server: TokenServer, access: Access) => Promise<Token>;

interface Entry {
  /** What the token was asked for; the server may have given less. */
  readonly access: Access;
  readonly token: Promise<Token>;
  /** Once it has arrived. */
  arrived?: Token;
}

/**
 * Tokens by token server and resource. What was asked for a repository is asked for again together with the next wish for it, so that
 * pulling and deleting in turn needs one token and not two. Requests for the same access at the same time share one question.
 */
export class BearerTokens {
  readonly #entries = new Map<string, Entry>();

  constructor(
    private readonly request: RequestToken,
    private readonly now: () => number,
  ) {}

  /** A token for this access that is not about to end. */
  async get(server: TokenServer, access: Access): Promise<Token> {
    const entry = this.#entries.get(keyOf(server, access));
    if (entry && covers(entry.access, access) && this.alive(entry)) return entry.token;
    return this.fetch(server, entry ? mergeAccess(access, entry.access) : access);
  }

  /** The same, if it is there already. */
  current(server: TokenServer, access: Access): Token | undefined {
    const entry = this.#entries.get(keyOf(server, access));
    return entry && covers(entry.access, access) && this.alive(entry) ? entry.arrived : undefined;
  }

  /** A token that is not the one that was just refused: one that came in the meantime, or a new one. */
  async getOther(server: TokenServer, access: Access, refused: string | undefined): Promise<Token> {
    const entry = this.#entries.get(keyOf(server, access));
    const usable = entry && covers(entry.access, access) && this.alive(entry);
    if (usable && (refused === undefined || entry.arrived?.value !== refused)) return entry.token;
    // The demanded access comes first: some servers look at the first scope only.
    return this.fetch(server, entry ? mergeAccess(access, entry.access) : access);
  }

  private fetch(server: TokenServer, access: Access): Promise<Token> {
    const key = keyOf(server, access);
    const entry: Entry = { access, token: this.request(server, access) };
    this.#entries.set(key, entry);
    entry.token.then(
      (token) => {
        entry.arrived = token;
      },
      () => {
        // Forgotten together with what it asked for: a server that refuses too wide a wish must not block narrower ones.
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
      },
    );
    return entry.token;
  }

  private alive(entry: Entry): boolean {
    return entry.arrived === undefined || entry.arrived.expiresAt > this.now();
  }
}

function keyOf(server: TokenServer, access: Access): string {
  return JSON.stringify([server.realm.href, server.service ?? "", accessKey(access)]);
}
