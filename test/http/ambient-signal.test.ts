import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { HttpClient, isAborted, withSignal } from "../../provider/http";

describe("an operation's signal", () => {
  let server: Server;
  let client: HttpClient;
  beforeEach(async () => {
    server = createServer((request, response) => void (request.url === "/quick" && response.end("{}")));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo; // it listens on TCP
    client = new HttpClient({ baseUrl: `http://127.0.0.1:${port}` });
  });
  afterEach(async () => {
    await client.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it("ends requests that are sent anywhere below it, and no others", async () => {
    const controller = new AbortController();
    const below = async () => {
      await client.send({ method: "GET", route: "/quick" });
      setImmediate(() => controller.abort());
      return client.send({ method: "GET", route: "/never" });
    };
    const error = await withSignal(controller.signal, below).catch((thrown: unknown) => thrown);
    expect(isAborted(error)).toBe(true);
    await expect(client.send({ method: "GET", route: "/quick" })).resolves.toMatchObject({ status: 200 });
  });

  it("does not end a login that other requests share", async () => {
    const controller = new AbortController();
    controller.abort();
    let headers: Promise<Readonly<Record<string, string>>> | undefined;
    const login = () => client.send({ method: "GET", route: "/quick" }).then(() => ({ authorization: "Bearer x" }));
    const shared = new HttpClient({
      baseUrl: client.baseUrl.href,
      authorizer: { authorize: () => (headers ??= login()), renew: async () => false },
    });
    const slow = new AbortController();
    const first = withSignal(slow.signal, () => shared.send({ method: "GET", route: "/never" })).catch((thrown: unknown) => thrown);
    slow.abort();
    expect(isAborted(await first)).toBe(true);
    await expect(headers).resolves.toEqual({ authorization: "Bearer x" });
    await shared.close();
  });
});
