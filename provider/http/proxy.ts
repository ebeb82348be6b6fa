import { BlockList, isIP, type Socket } from "node:net";
import type { buildConnector, Pool } from "undici";
import { isPrivateHost } from "./origin";
import { mask } from "./redact";
import { undici } from "./undici";

/** A proxy refuses or cannot be used. */
export class ProxyError extends Error {
  override readonly name = "ProxyError";
}

/**
 * The proxy for a URL by `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` (lower case wins, as with curl), or undefined for none.
 * Loopback addresses are never proxied, as with Go's clients (docker, crane, skopeo). Throws TypeError for a proxy URL that cannot be used.
 */
export function proxyFor(url: URL, env: NodeJS.ProcessEnv): URL | undefined {
  const name = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const text = env[name.toLowerCase()] || env[name];
  if (!text || isLoopback(url.hostname) || isExempt(url, env.no_proxy || env.NO_PROXY || "")) return undefined;
  const address = text.includes("://") ? text : `http://${text}`;
  const shown = address.replace(/\/\/[^/]*@/, `//${mask}@`);
  if (!URL.canParse(address)) throw new TypeError(`${name} is "${shown}", which is not a URL`);
  const proxy = new URL(address);
  if (proxy.protocol !== "http:" && proxy.protocol !== "https:")
    throw new TypeError(`${name} is "${shown}", but only http:// and https:// proxies are supported`);
  return proxy;
}

/** Credentials in the proxy's URL, as a header. */
export function proxyHeaders(proxy: URL): Record<string, string> {
  if (proxy.username === "") return {};
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(pair).toString("base64")}` };
}

/** Connects through a proxy's CONNECT and starts TLS with the server inside. `close` ends the connections to the proxy. */
export function tunnel(
  proxy: URL,
  connect: buildConnector.connector,
  options: { readonly connect: Pool.Options["connect"]; readonly timeout: number },
): { connect: buildConnector.connector; close: () => Promise<void> } {
  const pool = new (undici().Pool)(proxy.origin, { connect: options.connect, headersTimeout: options.timeout, connections: null });
  const open = async (target: buildConnector.Options): Promise<Socket> => {
    const path = `${target.hostname.includes(":") ? `[${target.hostname}]` : target.hostname}:${target.port || 443}`;
    const { statusCode, socket } = await pool.connect({ path, headers: { host: path, ...proxyHeaders(proxy) } });
    if (statusCode === 200) return socket as Socket; // a CONNECT's stream is the connection to the proxy
    socket.on("error", () => undefined).destroy();
    throw new ProxyError(statusCode === 407 ? "the proxy wants credentials (407)" : `the proxy refuses the connection (${statusCode})`);
  };
  return {
    connect: (target, callback) => {
      open(target).then(
        (httpSocket) => connect({ ...target, httpSocket }, callback),
        // A plain error in place of undici's own: for "socket" errors a Client would go on connecting for ever.
        (error: unknown) =>
          callback(error instanceof ProxyError ? error : new ProxyError("no connection through the proxy", { cause: error }), null),
      );
    },
    close: () => pool.destroy(),
  };
}

const isLoopback = (hostname: string) => isPrivateHost(hostname) && /^(localhost\.?$|.*\.localhost\.?$|127\.|\[::1\]$)/i.test(hostname);

/** `NO_PROXY`: names with all their subdomains (a leading `.` or `*.` makes no difference), addresses, networks (`10.0.0.0/8`), with or without port, or `*`. */
function isExempt(url: URL, list: string): boolean {
  const host = url.hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return list.split(/[,\s]+/).some((entry) => {
    if (entry === "" || entry === "*") return entry === "*";
    const [, bare = "", entryPort] = /^(\[[^\]]*\]|[^:]*|.*:.*:.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (entryPort !== undefined && entryPort !== port) return false;
    const name = bare
      .replace(/^\[|\]$/g, "")
      .replace(/^\*?\./, "")
      .replace(/\.$/, "");
    return name !== "" && (host === name || host.endsWith(`.${name}`) || isWithin(host, name));
  });
}

function isWithin(host: string, network: string): boolean {
  const [address = "", bits = ""] = network.split("/");
  const family = isIP(host);
  if (family === 0 || family !== isIP(address) || !/^\d{1,3}$/.test(bits)) return false;
  const type = family === 6 ? "ipv6" : "ipv4";
  if (Number(bits) > (family === 6 ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(bits), type);
  return list.check(host, type);
}
