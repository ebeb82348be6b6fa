import { BlockList, isIP } from "node:net";
import { mask } from "./redact";

/**
 * Parses a client's base URL: http or https, without credentials, query and fragment.
 * Throws TypeError with a text that does not repeat credentials.
 */
export function parseBaseUrl(text: string): URL {
  const shown = text.replace(/\/\/[^/?#]*@/, `//${mask}@`).replace(/[?#].*$/s, "");
  const url = parse(text);
  if (url === undefined) throw new TypeError(`The address "${shown}" is not a URL. It must look like https://registry.example.com`);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new TypeError(`The address "${shown}" must begin with https:// or http://`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new TypeError(
      `The address "${shown}" must not hold a user name or password: give them as credentials, since addresses are shown in messages`,
    );
  }
  if (url.search !== "" || url.hash !== "") throw new TypeError(`The address "${shown}" must not have a query or a fragment`);
  url.pathname = url.pathname.replace(/\/+$/, "");
  return url;
}

/** The address with the scheme that it means: without one, http on loopback and https everywhere else, as container tools have it. */
export function withScheme(address: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(address)) return address;
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::|\/|$)/i.test(address) ? `http://${address}` : `https://${address}`;
}

export function parse(text: string, base?: string): URL | undefined {
  return URL.canParse(text, base) ? new URL(text, base) : undefined;
}

/** Why a client must not go from one URL to the other with a request; undefined if it may. */
export function forbiddenStep(from: URL, to: URL): string | undefined {
  if (to.protocol !== "https:" && to.protocol !== "http:") return `${to.protocol} is not http or https`;
  if (to.username !== "" || to.password !== "") return "the address holds credentials";
  if (from.protocol === "https:" && to.protocol === "http:") return "it leads from https to http";
  if (isPrivateHost(to.hostname) && !isPrivateHost(from.hostname)) return "it leads from a public host to a private address";
  return undefined;
}

/**
 * A loopback, link-local or private address literal, or `localhost`. A public registry that sends its clients there
 * is after the services inside their network (metadata endpoints above all); regclient and go-containerregistry refuse that too.
 */
export function isPrivateHost(hostname: string): boolean {
  if (/^localhost\.?$|\.localhost\.?$/i.test(hostname)) return true;
  const address = hostname.replace(/^\[|\]$/g, "");
  const family = isIP(address);
  return family !== 0 && privateAddresses().check(address, family === 6 ? "ipv6" : "ipv4");
}

let list: BlockList | undefined;

function privateAddresses(): BlockList {
  if (list !== undefined) return list;
  list = new BlockList();
  for (const [network, prefix] of [
    ["0.0.0.0", 8],
    ["10.0.0.0", 8],
    ["100.64.0.0", 10],
    ["127.0.0.0", 8],
    ["169.254.0.0", 16],
    ["172.16.0.0", 12],
    ["192.168.0.0", 16],
  ] as const) {
    list.addSubnet(network, prefix, "ipv4"); // BlockList applies these to IPv4-mapped IPv6 addresses as well
  }
  for (const [network, prefix] of [
    ["::", 127],
    ["fc00::", 7],
    ["fe80::", 10],
  ] as const)
    list.addSubnet(network, prefix, "ipv6");
  return list;
}
