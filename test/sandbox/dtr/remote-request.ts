import type { World } from "./world";

export interface RemoteMessage {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export interface RemoteAnswer {
  readonly status: number;
  header(name: string): string | undefined;
  readonly body: Buffer;
}

/** The other side is not reached, or not to be reached; the text is a sentence. */
export class RemoteError extends Error {}

/** No answer within this many milliseconds is none. */
const PATIENCE = 10_000;

/**
 * One request to a host as forms name it: `https://host`, `host:port`. What is this sandbox itself is asked without a network; else the host must be
 * a loopback address, and is spoken to without TLS, as sandboxes speak. Follows nothing.
 */
export async function remoteRequest(world: World, host: string, message: RemoteMessage): Promise<RemoteAnswer> {
  const url = loopbackUrl(world, host);
  return url.host === hostOf(world.origin) ? inside(world, message) : outside(url, message);
}

/** The address of a remote host. Throws a `RemoteError` for one that is none, or is not on this machine. */
function loopbackUrl(world: World, host: string): URL {
  const authority = hostOf(host);
  if (authority === undefined) throw new RemoteError(`'${host}' is not the address of a registry.`);
  const url = new URL(`http://${authority}`);
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (!loopback && authority !== hostOf(world.origin))
    throw new RemoteError(`${host} is not on this machine, and the sandbox asks nobody else.`);
  return url;
}

/** Host and port without the scheme. */
function hostOf(text: string): string | undefined {
  try {
    return new URL(`http://${text.replace(/^https?:\/\//, "")}`).host || undefined;
  } catch {
    return undefined;
  }
}

async function outside(url: URL, { method, path, headers, body }: RemoteMessage): Promise<RemoteAnswer> {
  const init = { method, headers, redirect: "manual" as const, signal: AbortSignal.timeout(PATIENCE) };
  try {
    const answer = await fetch(`${url.origin}${path}`, { ...init, ...(body && { body: new Uint8Array(body) }) });
    const bytes = Buffer.from(await answer.arrayBuffer());
    return { status: answer.status, header: (name) => answer.headers.get(name) ?? undefined, body: bytes };
  } catch (error) {
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new RemoteError(`${url.host} does not answer: ${reason}`);
  }
}

async function inside(world: World, { method, path, headers, body }: RemoteMessage): Promise<RemoteAnswer> {
  const [rawPath = "", query = ""] = path.split("?");
  const sized = body ? { "content-length": String(body.length) } : {};
  const answer = await world.self({
    method,
    rawPath,
    query: new URLSearchParams(query),
    headers: { ...headers, ...sized },
    body: body ?? Buffer.alloc(0),
    origin: world.origin,
  });
  const bytes = answer.json === undefined ? (answer.body ?? "") : JSON.stringify(answer.json);
  const lines = answer.headers ?? {};
  return { status: answer.status, header: (name) => [lines[name]].flat()[0], body: Buffer.from(bytes) };
}
