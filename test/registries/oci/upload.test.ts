import fc from "fast-check";
import { digestOf, type OciClient, parseRepository, type UploadOptions } from "../../../provider/registries/oci";
import { chunksOf } from "../../../provider/registries/oci/upload-chunks";
import { ociError, type Reply, type Scripted, type Seen, scripted } from "./scripted";

const repository = parseRepository("team/app");
const content = Buffer.from("0123456789");
const digest = digestOf(content);

/** What a fault does to the n-th request of a method: `before` and `after` cut the connection, before or after the effect. */
type Fault = (request: Seen, turn: number) => "before" | "after" | "half" | Reply | undefined;

/** A registry that takes uploads as the specification says, with faults; it never accepts a byte twice. */
async function registry(fault: Fault = () => undefined, options: { minimum?: number; singlePost?: boolean } = {}) {
  const sessions = new Map<string, Buffer>();
  const blobs = new Map<string, Buffer>();
  const turns = new Map<string, number>();
  let count = 0;
  let step = 0;
  const session = (id: string) => ({
    // A new address with each answer, with a query of its own, as distribution does it.
    location: `/v2/team/app/blobs/uploads/${id}?_state=${++step}%3D`,
    range: `0-${Math.max((sessions.get(id)?.length ?? 0) - 1, 0)}`,
    ...(options.minimum && { "oci-chunk-min-length": String(options.minimum) }),
  });
  const effect = (request: Seen): Reply => {
    const { method, path, query, body } = request;
    if (path.includes("/blobs/sha256")) {
      const blob = blobs.get(path.split("/").at(-1) ?? "");
      return blob ? { headers: { "content-length": String(blob.length) }, body: blob } : ociError(404, "BLOB_UNKNOWN");
    }
    const wanted = query.get("digest");
    const store = (bytes: Buffer) => {
      if (wanted !== digestOf(bytes)) return ociError(400, "DIGEST_INVALID");
      blobs.set(wanted, bytes);
      return { status: 201, headers: { "docker-content-digest": wanted } };
    };
    if (method === "POST") {
      if (wanted && options.singlePost !== false) return store(body);
      const id = String(++count);
      sessions.set(id, Buffer.alloc(0));
      return { status: 202, headers: session(id) };
    }
    const id = path.split("/").at(-1) ?? "";
    const held = sessions.get(id);
    if (!held) return ociError(404, "BLOB_UPLOAD_UNKNOWN");
    if (method === "GET") return { status: 204, headers: session(id) };
    if (method === "PATCH") {
      const start = Number(/^(\d+)-/.exec(request.headers["content-range"] ?? "")?.[1]);
      if (start !== held.length) return { status: 416, headers: session(id) };
      sessions.set(id, Buffer.concat([held, body]));
      return { status: 202, headers: session(id) };
    }
    sessions.delete(id);
    return store(Buffer.concat([held, body]));
  };
  const server = await scripted((request) => {
    const turn = (turns.get(request.method) ?? 0) + 1;
    turns.set(request.method, turn);
    const wrong = fault(request, turn);
    if (wrong === undefined) return effect(request);
    if (wrong === "before") return { reset: true };
    if (wrong !== "after" && wrong !== "half") return wrong;
    effect(wrong === "after" ? request : { ...request, body: request.body.subarray(0, request.body.length >> 1) });
    return { reset: true };
  });
  return { server, blobs };
}

const methods = ({ seen }: Scripted) => seen.map(({ method }) => method).join(" ");
const upload = (client: OciClient, options: UploadOptions, source: Uint8Array | (() => AsyncIterable<Uint8Array>) = content) =>
  client.blobs.upload(repository, source, options);
async function* streamed() {
  yield content.subarray(0, 3);
  yield content.subarray(3);
}

describe("uploading a blob", () => {
  it.each([
    ["monolithic" as const, "POST PUT"],
    ["single-post" as const, "POST"],
    ["chunked" as const, "POST PATCH PATCH PATCH PUT"],
  ])("%s sends %s", async (mode, expected) => {
    const { server, blobs } = await registry();
    expect(await upload(server.client(), { mode, chunkSize: 4 })).toBe(digest);
    expect(blobs.get(digest)).toEqual(content);
    expect(methods(server)).toBe(expected);
  });

  it("without a known digest is chunked, and the digest is computed on the way", async () => {
    const { server, blobs } = await registry();
    expect(await upload(server.client(), { chunkSize: 6 }, streamed)).toBe(digest);
    expect(blobs.get(digest)).toEqual(content);
    expect(server.seen.filter(({ method }) => method === "PATCH").map(({ headers }) => headers["content-range"])).toEqual(["0-5", "6-9"]);
  });

  it("as a stream with a known digest is one PUT", async () => {
    const { server, blobs } = await registry();
    expect(await upload(server.client(), { digest, size: 10 }, streamed)).toBe(digest);
    expect(blobs.get(digest)).toEqual(content);
    expect(server.seen[1]?.headers["content-length"]).toBe("10");
  });

  it("of nothing works", async () => {
    for (const mode of ["monolithic", "chunked"] as const) {
      const { server, blobs } = await registry();
      expect(await upload(server.client(), { mode }, Buffer.alloc(0))).toBe(digestOf(""));
      expect(blobs.size).toBe(1);
    }
  });

  it("keeps the query of the place it is sent to, and goes on where each answer says", async () => {
    const { server } = await registry();
    await upload(server.client(), { mode: "chunked", chunkSize: 5 });
    expect(server.seen.slice(1).map(({ query }) => query.get("_state"))).toEqual(["1=", "2=", "3="]);
  });

  it("sends no chunk smaller than the registry allows, but the last", async () => {
    const { server, blobs } = await registry(undefined, { minimum: 7 });
    await upload(server.client(), { mode: "chunked", chunkSize: 2 });
    expect(server.seen.filter(({ method }) => method === "PATCH").map(({ body }) => body.length)).toEqual([7, 3]);
    expect(blobs.has(digest)).toBe(true);
  });

  it("in a single POST goes on by PUT where the registry does not know that", async () => {
    const { server, blobs } = await registry(undefined, { singlePost: false });
    await upload(server.client(), { mode: "single-post" });
    expect(methods(server)).toBe("POST PUT");
    expect(blobs.get(digest)).toEqual(content);
  });

  it("whose content is not what the digest says is not finished", async () => {
    const { server, blobs } = await registry();
    await expect(upload(server.client(), { mode: "chunked", digest: digestOf("else") })).rejects.toThrow(/nothing was pushed/);
    await expect(upload(server.client(), { mode: "monolithic", digest: digestOf("else") })).rejects.toThrow(/DIGEST_INVALID/);
    expect(blobs.size).toBe(0);
  });

  it("is refused with the registry's reason", async () => {
    const { server } = await registry(({ method }) => (method === "POST" ? ociError(403, "DENIED", "no") : undefined));
    await expect(upload(server.client(), {})).rejects.toThrow(/DENIED/);
    expect(methods(server)).toBe("POST");
  });
});

describe("an upload survives", () => {
  const nth =
    (method: string, n: number, what: ReturnType<Fault>): Fault =>
    (request, turn) =>
      request.method === method && turn === n ? what : undefined;
  const all: [string, Fault][] = (["before", "after"] as const).flatMap((when) =>
    ["POST", "PATCH", "PUT"].flatMap((method) => [
      [`the first ${method} lost ${when} its effect`, nth(method, 1, when)] as [string, Fault],
      [`the second ${method} lost ${when} its effect`, nth(method, 2, when)] as [string, Fault],
    ]),
  );

  it.each([
    ...all,
    ["half of a PATCH", nth("PATCH", 2, "half")],
    ["half of a PUT", nth("PUT", 1, "half")],
    ["a 502 to a PATCH", nth("PATCH", 2, { status: 502 })],
    ["a 503 to the PUT", nth("PUT", 1, { status: 503 })],
    ["a 429 to a PATCH", nth("PATCH", 1, { status: 429, headers: { "retry-after": "0" } })],
    ["a session that is unknown all of a sudden", nth("PATCH", 2, ociError(404, "BLOB_UPLOAD_UNKNOWN"))],
    ["a session that is invalid all of a sudden", nth("PATCH", 2, ociError(400, "BLOB_UPLOAD_INVALID"))],
    ["a 416", nth("PATCH", 2, { status: 416 })],
  ])("%s", async (_, fault) => {
    for (const mode of ["monolithic", "single-post", "chunked"] as const) {
      for (const source of [content, streamed]) {
        const { server, blobs } = await registry(fault);
        expect(await upload(server.client(), { mode, digest, chunkSize: 4 }, source)).toBe(digest);
        expect([...blobs.values()]).toEqual([content]);
      }
    }
  });

  it("whatever happens to any of its first requests, or fails; but never stores anything else", async () => {
    const faults = fc.array(fc.constantFrom(undefined, undefined, "before" as const, "after" as const, "half" as const), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        faults,
        fc.integer({ min: 1, max: 11 }),
        fc.constantFrom("monolithic" as const, "chunked" as const),
        async (list, chunkSize, mode) => {
          let n = 0;
          const { server, blobs } = await registry(() => list[n++]);
          const result = await upload(server.client(), { mode, chunkSize, digest }).catch(() => undefined);
          expect([...blobs.values()]).toEqual(
            result === undefined ? [...blobs.values()].filter((blob) => blob.equals(content)) : [content],
          );
          if (list.every((fault) => fault === undefined)) expect(result).toBe(digest);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("a lost last answer without sending anything twice: the blob is there", async () => {
    const { server } = await registry(nth("PUT", 1, "after"));
    await upload(server.client(), {});
    expect(methods(server)).toBe("POST PUT HEAD");
  });

  it("not for ever: a registry that loses every session is an error", async () => {
    const { server } = await registry(({ method }) => (method === "PUT" ? ociError(404, "BLOB_UPLOAD_UNKNOWN") : undefined));
    await expect(upload(server.client(), {})).rejects.toThrow(/BLOB_UPLOAD_UNKNOWN/);
    expect(server.seen.filter(({ method }) => method === "POST")).toHaveLength(3);
  });

  it("not a registry that takes nothing and calls it progress", async () => {
    const { server } = await registry(({ method }) => (method === "PATCH" ? { status: 202, headers: { range: "0-99" } } : undefined));
    await expect(upload(server.client(), { mode: "chunked" })).rejects.toThrow(/says that it has 100 bytes/);
  });
});

describe("cutting into chunks", () => {
  it("gives pieces of one size but the last, and loses nothing", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 9 }),
        fc.integer({ min: 1, max: 10 }),
        async (pieces, size) => {
          const whole = Buffer.concat(pieces);
          const seen: Uint8Array[] = [];
          const source = async function* () {
            yield* pieces;
          };
          const chunks = await Array.fromAsync(chunksOf(source, size, (bytes) => seen.push(bytes)));
          expect(Buffer.concat(chunks)).toEqual(whole);
          expect(Buffer.concat(seen)).toEqual(whole);
          expect(chunks.slice(0, -1).every((chunk) => chunk.length === size)).toBe(true);
          expect(chunks.every((chunk) => chunk.length > 0 && chunk.length <= size)).toBe(true);
        },
      ),
    );
  });
});
