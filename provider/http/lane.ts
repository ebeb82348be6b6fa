import { X509Certificate } from "node:crypto";
import * as tls from "node:tls";
import type { Dispatcher, Pool } from "undici";
import { proxyFor, proxyHeaders, tunnel } from "./proxy";
import { undici } from "./undici";

export interface LaneOptions {
  readonly connections: number;
  /** Milliseconds. */
  readonly connectTimeout: number;
  /** Certificates to trust beside those that Node trusts. */
  readonly secureContext?: tls.SecureContext;
  readonly env: NodeJS.ProcessEnv;
}

/** The way to one origin: its connections, directly or through a proxy. */
export interface Lane {
  readonly dispatcher: Dispatcher;
  /**
   * Connections for answers that are read as streams, without a limit: a caller that copies from one stream into
   * the next request would otherwise wait for itself as soon as every connection holds a half-read stream.
   */
  readonly streams: () => Dispatcher;
  /** Stands before the path: a plain HTTP proxy wants the whole URL there. */
  readonly prefix: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the connections as soon as what runs on them is done. */
  retire(): void;
  /** Ends the connections at once. */
  close(): Promise<void>;
}

export function openLane(origin: URL, options: LaneOptions): Lane {
  const connect = { timeout: options.connectTimeout, ...(options.secureContext && { secureContext: options.secureContext }) };
  const proxy = proxyFor(origin, options.env);
  if (proxy === undefined) return lane(origin.origin, connect, options);
  // Many proxies allow CONNECT to port 443 only, and every one knows absolute URLs, so plain HTTP is not tunnelled.
  if (origin.protocol === "http:")
    return lane(proxy.origin, connect, options, { prefix: origin.origin, headers: { host: origin.host, ...proxyHeaders(proxy) } });
  const through = tunnel(proxy, undici().buildConnector(connect), { connect, timeout: options.connectTimeout });
  return lane(origin.origin, through.connect, options, { close: through.close });
}

function lane(
  origin: string,
  connect: Pool.Options["connect"],
  { connections }: LaneOptions,
  more: { prefix?: string; headers?: Readonly<Record<string, string>>; close?: () => Promise<void> } = {},
): Lane {
  const dispatcher = new (undici().Pool)(origin, { connect, connections });
  let streams: Pool | undefined;
  return {
    dispatcher,
    streams: () => {
      streams ??= new (undici().Pool)(origin, { connect, connections: null });
      return streams;
    },
    prefix: more.prefix ?? "",
    headers: more.headers ?? {},
    retire: () => {
      void Promise.all([dispatcher.close(), streams?.close()]).then(() => more.close?.());
    },
    close: async () => {
      await Promise.all([dispatcher.destroy(), streams?.destroy(), more.close?.()]);
    },
  };
}

/** Trusts an authority of one's own beside those that Node trusts (`NODE_EXTRA_CA_CERTS` included). Throws TypeError for what is no PEM certificate. */
export function trusting(pem: string): tls.SecureContext {
  try {
    new X509Certificate(pem);
    const known = tls.getCACertificates?.("default") ?? tls.rootCertificates; // since Node 22.15
    return tls.createSecureContext({ ca: [...known, pem] });
  } catch (error) {
    throw new TypeError("The CA is not a certificate in PEM form (-----BEGIN CERTIFICATE-----)", { cause: error });
  }
}
