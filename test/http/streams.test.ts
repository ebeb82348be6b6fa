import type { HttpRequest, HttpStream } from "../../provider/http";
import { cleanUp, client, failure, opened } from "./client";
import { json, type Reply, serve, text } from "./server";

afterEach(cleanUp);

const get: HttpRequest = { method: "GET", route: "/blob" };

async function read(stream: HttpStream): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream.body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const large = Buffer.alloc(3_000_000, "0123456789");

const blob: Reply = (response) => {
  response.writeHead(200, { "content-length": large.length });
  response.end(large);
};

describe("a streamed answer", () => {
  it("gives every byte, however slowly it is read, and its connection back", async () => {
    const server = await opened(serve(blob));
    const http = client(server);
    for (let round = 0; round < 3; round++) {
      const stream = await http.stream(get);
      expect(stream).toMatchObject({ status: 200, url: `${server.url}/blob` });
      const chunks: Uint8Array[] = [];
      for await (const chunk of stream.body) {
        chunks.push(chunk);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(Buffer.concat(chunks).equals(large)).toBe(true);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(server.connections()).toBeLessThanOrEqual(2);
  });

  it("is held back while nobody reads", async () => {
    let sent = 0;
    const endless: Reply = (response, _request, socket) => {
      response.writeHead(200);
      const more = () => {
        while (response.writable && response.write("x".repeat(65_536)));
        sent = socket.bytesWritten;
      };
      response.on("drain", more);
      more();
    };
    const server = await opened(serve(endless));
    const stream = await client(server, { timeouts: { body: 40 } }).stream(get);
    await new Promise((resolve) => setTimeout(resolve, 80));
    const before = sent;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sent).toBe(before);
    const first = await stream.body[Symbol.asyncIterator]().next(); // it is the reader who was slow: no timeout
    expect(first.done).toBe(false);
    await stream.cancel();
  });

  it("is retried until its headers are there, and fails like any other", async () => {
    const server = await opened(serve(text("", 503), blob));
    expect(await read(await client(server).stream(get))).toHaveLength(large.length);
    const gone = await opened(serve(json({ errors: [{ code: "BLOB_UNKNOWN" }] }, 404)));
    expect(await failure(client(gone).stream(get))).toMatchObject({ status: 404, code: "BLOB_UNKNOWN" });
  });

  it("that breaks off is an error while it is read", async () => {
    const server = await opened(
      serve((response, _request, socket) => {
        response.writeHead(200, { "content-length": 100 });
        response.write("12345", () => setImmediate(() => socket.destroy()));
      }),
    );
    const stream = await client(server).stream(get);
    const error = await failure(read(stream));
    expect(error).toMatchObject({ kind: "answer", status: 200 });
    expect(error.message).toContain("the answer broke off after 5 of 100 bytes");
  });

  it("that breaks off while nobody reads does no harm, and is told then", async () => {
    const server = await opened(
      serve((response, _request, socket) => {
        response.writeHead(200, { "content-length": 100 });
        response.write("12345", () => setImmediate(() => socket.destroy()));
      }),
    );
    const stream = await client(server).stream(get);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await failure(read(stream))).toMatchObject({ kind: "answer" });
  });

  it("that stalls is an error while it is read", async () => {
    const server = await opened(serve((response) => void response.writeHead(200).write("1")));
    const stream = await client(server, { timeouts: { body: 20 } }).stream(get);
    expect(await failure(read(stream))).toMatchObject({ kind: "timeout", status: 200 });
  });

  it("has the limit that the request names, and none otherwise", async () => {
    const server = await opened(serve(blob));
    const http = client(server, { bodyLimit: 10 });
    expect(await read(await http.stream(get))).toHaveLength(large.length);
    expect((await failure(read(await http.stream({ ...get, bodyLimit: 1_000_000 })))).message).toContain("larger than 1000000 bytes");
  });

  it("ends with the caller's signal", async () => {
    const server = await opened(serve((response) => void response.writeHead(200).write("1")));
    const controller = new AbortController();
    const stream = await client(server).stream({ ...get, signal: controller.signal });
    setTimeout(() => controller.abort(), 5);
    expect(await failure(read(stream))).toMatchObject({ kind: "aborted" });
  });

  it("can be cancelled, which closes its connection", async () => {
    let closed = false;
    const server = await opened(
      serve((response, _request, socket) => {
        socket.on("close", () => {
          closed = true;
        });
        response.writeHead(200).write("1");
      }),
    );
    const stream = await client(server).stream(get);
    await stream.cancel();
    await stream.cancel();
    while (!closed) await new Promise((resolve) => setImmediate(resolve));
  });

  it("does not keep others waiting: more streams may be open than there are slots", async () => {
    const server = await opened(
      serve((response, { url }) => {
        if (url === "/blob") response.writeHead(200).write("1");
        else response.end("{}");
      }),
    );
    const http = client(server, { connections: 2 });
    const streams = await Promise.all(Array.from({ length: 5 }, () => http.stream(get)));
    expect((await http.send({ method: "GET", route: "/x" })).status).toBe(200);
    await Promise.all(streams.map((stream) => stream.cancel()));
  });

  it("can be the body of another request", async () => {
    const server = await opened(serve(blob));
    const target = await opened(serve(json({})));
    const http = client(server);
    async function* source() {
      yield* (await http.stream(get)).body;
    }
    await client(target).send({
      method: "PUT",
      route: "/x",
      body: { stream: source, type: "application/octet-stream", length: large.length },
    });
    expect(target.received[0]?.body).toHaveLength(large.length);
  });
});
