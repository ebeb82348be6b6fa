import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createNetServer, type Server, type Socket } from "node:net";

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** The client's port: tells connections apart. */
  readonly port: number | undefined;
}

/** How a server answers one request. */
export type Reply = (response: ServerResponse, request: Received, socket: Socket) => void;

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** Connections that were ever opened. */
  readonly connections: () => number;
  close(): Promise<void>;
}

/** A server that plays the replies in their order and then repeats the last one. Each request is read to the end first. */
export async function serve(...replies: Reply[]): Promise<TestServer> {
  const received: Received[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("error", () => undefined);
    request.on("end", () => {
      const entry = {
        method: request.method ?? "",
        url: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
        port: request.socket.remotePort,
      };
      const reply = replies[Math.min(received.length, replies.length - 1)];
      received.push(entry);
      reply?.(response, entry, request.socket);
    });
  };
  const server = createServer(listener);
  return listen(server, received);
}

/** A server that does with each connection what it likes. */
export const serveRaw = (onSocket: (socket: Socket, index: number) => void): Promise<TestServer> => {
  let index = 0;
  return listen(
    createNetServer((socket) => {
      socket.on("error", () => undefined);
      onSocket(socket, index++);
    }),
    [],
  );
};

export async function listen(server: Server, received: Received[], scheme = "http"): Promise<TestServer> {
  const open = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections++;
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server has no other kind of address
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    received,
    connections: () => connections,
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

export const json =
  (value: unknown, status = 200, headers: Record<string, string | string[]> = {}): Reply =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(value));
  };

export const text =
  (body: string, status = 200, headers: Record<string, string | string[]> = {}): Reply =>
  (response) => {
    response.writeHead(status, headers);
    response.end(body);
  };

export const reset: Reply = (_response, _request, socket) => {
  socket.resetAndDestroy();
};

/** Never answers. */
export const silence: Reply = () => undefined;
