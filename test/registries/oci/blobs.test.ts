import { digestOf, parseRepository } from "../../../provider/registries/oci";
import { ociError, type Reply, scripted } from "./scripted";

const repository = parseRepository("team/app");
const content = Buffer.from("0123456789");
const digest = digestOf(content);
const partial = (body: string, range: string): Reply => ({ status: 206, body, headers: { "content-range": range } });

describe("reading a blob", () => {
  it("gives its verified content", async () => {
    const server = await scripted(() => ({ body: content }));
    expect(await server.client().blobs.get(repository, digest)).toEqual(content);
    expect(server.lines()).toEqual([`GET /v2/team/app/blobs/${digest}`]);
  });

  it("fails at the end when it is not the digest's content", async () => {
    const server = await scripted(() => ({ body: "0123456780" }));
    await expect(server.client().blobs.get(repository, digest)).rejects.toThrow(/Blob sha256:.* of team\/app does not match its digest/);
    const stream = await server.client().blobs.stream(repository, digest);
    const read = async () => {
      let text = "";
      for await (const chunk of stream?.body ?? []) text += Buffer.from(chunk).toString();
      return text;
    };
    await expect(read()).rejects.toThrow(/does not match its digest/);
  });

  it("of another algorithm is verified with that", async () => {
    const server = await scripted(() => ({ body: content }));
    const other = digestOf(content, "sha512");
    expect(await server.client().blobs.get(repository, other)).toEqual(content);
    await expect(server.client().blobs.get(repository, digestOf("else", "sha512"))).rejects.toThrow(/does not match/);
  });

  describe("of which at most so many bytes are wanted: in one answer", () => {
    const limit = 4096;

    it("gives its verified content, also of another algorithm", async () => {
      const server = await scripted(() => ({ body: content }));
      for (const one of [digest, digestOf(content, "sha512")]) {
        expect(await server.client().blobs.get(repository, one, { limit })).toEqual(content);
      }
    });

    it("fails when it is not the digest's content", async () => {
      const server = await scripted(() => ({ body: "0123456780" }));
      await expect(server.client().blobs.get(repository, digest, { limit })).rejects.toThrow(/Blob sha256:.* does not match its digest/);
    });

    it("takes a web page for what it is asked for if its digest is that", async () => {
      const page = Buffer.from("<html><title>a layer of its own kind</title></html>");
      const server = await scripted(() => ({ body: page, headers: { "content-type": "text/html" } }));
      expect(await server.client().blobs.get(repository, digestOf(page), { limit })).toEqual(page);
      await expect(server.client().blobs.get(repository, digest, { limit })).rejects.toThrow(/does not match its digest/);
    });

    it.each([
      ["BLOB_UNKNOWN", 404],
      ["NAME_UNKNOWN", 404],
    ])("is undefined for %s", async (code, status) => {
      const server = await scripted(() => ociError(status, code));
      expect(await server.client().blobs.get(repository, digest, { limit })).toBeUndefined();
    });

    it("is an error where the registry does not prove that it is missing", async () => {
      const server = await scripted(() => ({ status: 404, body: "404 page not found", headers: { "content-type": "text/plain" } }));
      await expect(server.client().blobs.get(repository, digest, { limit })).rejects.toThrow(/No such route/);
    });
  });

  it("fails beyond the limit", async () => {
    const server = await scripted(() => ({ body: content }));
    await expect(server.client().blobs.get(repository, digest, { limit: 9 })).rejects.toThrow(/more than 9 bytes/);
  });

  it("gives a range", async () => {
    const server = await scripted(({ headers }) => (headers.range === "bytes=2-4" ? partial("234", "bytes 2-4/10") : { status: 500 }));
    expect((await server.client().blobs.get(repository, digest, { range: { start: 2, end: 4 } }))?.toString()).toBe("234");
  });

  it.each([
    [{ start: 2, end: 4 }, "234"],
    [{ start: 7 }, "789"],
    [{ start: 0, end: 0 }, "0"],
  ])("cuts the range %j out where the registry sends everything", async (range, expected) => {
    const server = await scripted(() => ({ body: content }));
    expect((await server.client().blobs.get(repository, digest, { range }))?.toString()).toBe(expected);
  });

  it("fails when the registry sends another range than was asked for, or none exists", async () => {
    const wrong = await scripted(() => partial("012", "bytes 0-2/10"));
    await expect(wrong.client().blobs.get(repository, digest, { range: { start: 2, end: 4 } })).rejects.toThrow(/another range/);
    const beyond = await scripted(() => ({ status: 416 }));
    await expect(beyond.client().blobs.get(repository, digest, { range: { start: 20 } })).rejects.toThrow(/no bytes from 20 on/);
  });

  it("follows a redirect to a storage host without the registry's credentials", async () => {
    const storage = await scripted(({ headers }) => (headers.authorization === undefined ? { body: content } : { status: 400 }));
    const registry = await scripted(
      ({ headers }): Reply =>
        headers.authorization
          ? { status: 307, headers: { location: `${storage.url}/bucket/x?signature=s` } }
          : { status: 401, headers: { "www-authenticate": "Basic realm=r" } },
    );
    const client = registry.client({ credentials: { username: "me", password: "pw" } });
    expect(await client.blobs.get(repository, digest)).toEqual(content);
    expect(storage.lines()).toEqual(["GET /bucket/x?signature=s"]);
  });
});

describe("whether a blob is there", () => {
  it("is asked by HEAD", async () => {
    const server = await scripted(() => ({ headers: { "content-length": "10" } }));
    expect(await server.client().blobs.head(repository, digest)).toEqual({ digest, size: 10 });
    expect(server.lines()).toEqual([`HEAD /v2/team/app/blobs/${digest}`]);
  });

  it("is asked by GET for the first byte where HEAD says too little", async () => {
    const server = await scripted(({ method }) => (method === "HEAD" ? { status: 405 } : partial("0", "bytes 0-0/10")));
    expect(await server.client().blobs.head(repository, digest)).toEqual({ digest, size: 10 });
  });

  it("is known of a blob that is a web page, too", async () => {
    const page = Buffer.from("<html><title>a layer of its own kind</title></html>");
    const server = await scripted(() => ({ body: page, headers: { "content-type": "text/html", "content-length": String(page.length) } }));
    expect(await server.client().blobs.head(repository, digestOf(page))).toEqual({ digest: digestOf(page), size: page.length });
    expect(await server.client().blobs.get(repository, digestOf(page))).toEqual(page);
  });

  it.each([
    ["the blob is unknown", ociError(404, "BLOB_UNKNOWN"), false],
    ["the repository is unknown", ociError(404, "NAME_UNKNOWN"), false],
  ])("is denied when %s", async (_, reply, expected) => {
    const server = await scripted(({ method }) => (method === "HEAD" ? { status: 404 } : reply));
    expect(await server.client().blobs.exists(repository, digest)).toBe(expected);
  });

  it("is not decided on a 404 that says nothing", async () => {
    const server = await scripted(() => ({ status: 404, body: "404 page not found", headers: { "content-type": "text/plain" } }));
    await expect(server.client().blobs.exists(repository, digest)).rejects.toThrow(/No such route/);
  });
});

describe("mounting a blob", () => {
  const from = parseRepository("team/base");

  it("is done with 201", async () => {
    const server = await scripted(() => ({ status: 201 }));
    expect(await server.client().blobs.mount(repository, digest, from)).toBe(true);
    expect(server.seen[0]?.query.get("mount")).toBe(digest);
    expect(server.seen[0]?.query.get("from")).toBe("team/base");
  });

  it("that is refused leaves no upload session behind", async () => {
    const server = await scripted(({ method }) =>
      method === "POST" ? { status: 202, headers: { location: "/v2/team/app/blobs/uploads/1" } } : { status: 204 },
    );
    expect(await server.client().blobs.mount(repository, digest, from)).toBe(false);
    expect(server.lines()[1]).toBe("DELETE /v2/team/app/blobs/uploads/1");
  });
});

describe("deleting a blob", () => {
  it.each([
    [{ status: 202 }, "deleted"],
    [ociError(404, "BLOB_UNKNOWN"), "absent"],
  ])("answered %j is %s", async (reply, result) => {
    const server = await scripted(() => reply);
    expect(await server.client().blobs.delete(repository, digest)).toBe(result);
  });

  it("that is disabled fails", async () => {
    const server = await scripted(() => ociError(405, "UNSUPPORTED"));
    await expect(server.client().blobs.delete(repository, digest)).rejects.toThrow(/does not delete blobs/);
  });
});
