import { forbiddenStep } from "../../http/origin";

/** A registry that sends its clients' credentials where they must not go. */
export class RefusedRealm extends Error {
  constructor(registry: URL, realm: string, reason: string) {
    const shown = realm.replace(/\/\/[^/@]*@/, "//***@").replace(/[?#].*$/s, "");
    super(`${registry.origin} names ${JSON.stringify(shown)} as its token server, which is refused: ${reason}. No credentials were sent.`);
    this.name = "RefusedRealm";
  }
}

/**
 * Decides whether credentials may go to the token server that a registry names. Whoever controls a registry's answers could otherwise have
 * them sent in clear, or use this program to reach services on its own machine and network. Throws RefusedRealm.
 */
export function parseRealm(realm: string, registry: URL): URL {
  if (!URL.canParse(realm)) throw new RefusedRealm(registry, realm, "it is no absolute URL");
  const url = new URL(realm);
  url.hash = "";
  const reason = forbiddenStep(registry, url);
  if (reason !== undefined) throw new RefusedRealm(registry, realm, reason);
  // Not even from one private address to another: that is where clouds keep their machines' credentials.
  if (url.host !== registry.host && /^(169\.254\.|\[fe[89ab]|\[::ffff:a9fe:)/i.test(url.hostname)) {
    throw new RefusedRealm(registry, realm, "it is a link-local address");
  }
  return url;
}
