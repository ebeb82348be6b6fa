import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** A port of the loopback interface that was free a moment ago: for programs that do not say which one they took. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  // A TCP server has an address and no path.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
