import { type Sandbox, startSandbox } from "..";
import { digestOf } from "../digest";
import { bytesOf } from "./data-sets";
import { closing, location, OUT_OF_ORDER, startUpload, THREE_CHUNKS, UPLOADS, type Upload } from "./upload-ways";
import { type Send, wireClient } from "./wire";

/** Blobs as the conformance suite of the specification pushes, pulls, mounts and deletes them, over HTTP: checked also where it is not at hand. */

let sandbox: Sandbox;
let client: ReturnType<typeof wireClient>;
const send: Send = (...message) => client.send(...message);
beforeAll(async () => {
  sandbox = await startSandbox({ apis: ["oci"], oci: { auth: "none" } });
  client = wireClient(sandbox.info.oci?.url ?? "");
});
afterAll(() => {
  client.close();
  return sandbox.close();
});

const HERE = "suite/here";
const THERE = "suite/there";

async function isThere(repository: string, bytes: Buffer, digest: string): Promise<void> {
  for (const method of ["HEAD", "GET"]) {
    const { status, header, body } = await send(method, `/v2/${repository}/blobs/${digest}`);
    expect([status, header("content-length"), header("docker-content-digest")]).toEqual([200, String(bytes.length), digest]);
    expect(body).toEqual(method === "GET" ? bytes : Buffer.alloc(0));
  }
}

async function remove(repository: string, digest: string): Promise<void> {
  const path = `/v2/${repository}/blobs/${digest}`;
  expect((await send("DELETE", path)).status).toBe(202);
  expect((await send("HEAD", path)).status).toBe(404);
  expect((await send("DELETE", path)).status).toBe(404);
}

describe.each(["sha256", "sha512"])("a blob of %s", (algorithm) => {
  const digest = (bytes: Buffer) => digestOf(bytes, `${algorithm}:`);

  /** First into another repository, then from there. */
  const mounted =
    (from: string): Upload =>
    async (_, repository, bytes, known) => {
      expect((await UPLOADS["POST and PUT"](send, THERE, bytes, known)).status).toBe(201);
      return send("POST", `/v2/${repository}/blobs/uploads/?mount=${encodeURIComponent(known)}${from}`);
    };
  const mounts = { "mounted from a repository": mounted(`&from=${encodeURIComponent(THERE)}`), "mounted from anywhere": mounted("") };
  const small: Readonly<Record<string, Upload>> = { ...UPLOADS, ...mounts };
  const large: Readonly<Record<string, Upload>> = { ...UPLOADS, ...OUT_OF_ORDER };
  const sizes = [
    { size: 0, ways: UPLOADS },
    { size: 512, ways: small },
    { size: THREE_CHUNKS, ways: large },
  ];
  const cases = sizes.flatMap(({ size, ways }) =>
    Object.entries(ways).map(([way, upload]) => ({ way, upload, bytes: bytesOf(way, size) })),
  );
  const emptyJson = Object.entries(UPLOADS).map(([way, upload]) => ({ way, upload, bytes: Buffer.from("{}") }));

  it.each([...cases, ...emptyJson].map((given) => ({ ...given, size: given.bytes.length })))(
    "$way, $size bytes: lies where its Location says, can be seen, pulled, and deleted once",
    async ({ way, upload, bytes }) => {
      const known = digest(bytes);
      const pushed = await upload(send, HERE, bytes, known);
      expect([pushed.status, pushed.header("docker-content-digest")]).toEqual([201, known]);
      expect(await send("GET", location(pushed))).toMatchObject({ status: 200, body: bytes });
      await isThere(HERE, bytes, known);
      await remove(HERE, known);
      if (way in mounts) {
        await isThere(THERE, bytes, known);
        await remove(THERE, known);
      }
      expect(sandbox.store.blob(known)).toBeUndefined();
    },
  );

  it.each(Object.entries(UPLOADS))("%s: is refused when the bytes are others", async (way, upload) => {
    const bytes = bytesOf(way, THREE_CHUNKS);
    const answer = await upload(send, HERE, Buffer.concat([bytes, Buffer.from("oh no")]), digest(bytes));
    expect([answer.status, JSON.parse(answer.body.toString()).errors[0].code]).toEqual([400, "DIGEST_INVALID"]);
    for (const method of ["HEAD", "GET"]) expect((await send(method, `/v2/${HERE}/blobs/${digest(bytes)}`)).status).toBe(404);
  });

  it("that is not where it should be mounted from can be uploaded instead", async () => {
    const bytes = bytesOf("mount of nothing", 512);
    const known = digest(bytes);
    const started = await send("POST", `/v2/${HERE}/blobs/uploads/?mount=${encodeURIComponent(known)}&from=${encodeURIComponent(THERE)}`);
    expect(started.status).toBe(202);
    const pushed = await send("PUT", closing(started, known), { body: bytes });
    expect([pushed.status, pushed.header("docker-content-digest")]).toEqual([201, known]);
    expect(await send("GET", location(pushed))).toMatchObject({ status: 200, body: bytes });
    await isThere(HERE, bytes, known);
    await remove(HERE, known);
  });

  it("was never pushed when its upload is cancelled", async () => {
    const started = await startUpload(send, HERE);
    expect((await send("DELETE", location(started))).status).toBe(204);
    expect((await send("GET", location(started))).status).toBe(404);
    expect((await send("GET", `/v2/${HERE}/blobs/${digest(bytesOf("cancelled", 512))}`)).status).toBe(404);
  });

  describe("by a range of its 2048 bytes", () => {
    const bytes = bytesOf("ranges", 2_048);
    const path = `/v2/suite/ranges/blobs/${digest(bytes)}`;
    beforeAll(() => sandbox.store.putBlob("suite/ranges", bytes, digest(bytes)));

    it.each([
      { range: "500-1499", first: 500, end: 1_500 },
      { range: "500-", first: 500, end: 2_048 },
      { range: "-500", first: 1_548, end: 2_048 },
      { range: "2000-5000", first: 2_000, end: 2_048 },
      { range: "0-0", first: 0, end: 1 },
      { range: "-5000", first: 0, end: 2_048 },
    ])("$range", async ({ range, first, end }) => {
      const { status, header, body } = await send("GET", path, { headers: { range: `bytes=${range}` } });
      expect([status, header("content-range"), header("content-length")]).toEqual([
        206,
        `bytes ${first}-${end - 1}/2048`,
        `${end - first}`,
      ]);
      expect(body).toEqual(bytes.subarray(first, end));
    });

    it.each(["500-0", "5000-10000", "2048-", "-0"])("%s is none", async (range) => {
      const { status, header } = await send("GET", path, { headers: { range: `bytes=${range}` } });
      expect([status, header("content-range")]).toEqual([416, "bytes */2048"]);
    });
  });
});
