import type { Handler } from "../contract";
import { digestOf } from "../digest";
import { testStore } from "../store";
import { createOciApi } from ".";
import { type Asked, ask, codesOf } from "./ask";

const CONTENT = Buffer.from("0123456789");

function registry() {
  const { store, clock } = testStore();
  return { store, api: createOciApi({ store, clock }) };
}

/** Path and query of the `Location`, with `digest` added. */
function next({ headers }: Asked, digest?: string): string {
  const url = new URL(String(headers.location));
  if (digest) url.searchParams.set("digest", digest);
  return url.pathname + url.search;
}

async function begin(api: Handler): Promise<Asked> {
  const started = await ask(api, "POST", "/v2/app/blobs/uploads/");
  expect([started.status, started.headers.range]).toEqual([202, "0-0"]);
  return started;
}

describe.each(["sha256", "sha512"])("uploads of %s", (algorithm) => {
  const digest = digestOf(CONTENT, `${algorithm}:`);

  it.each(["/v2/app/blobs/uploads/", "/v2/app/blobs/uploads"])("POST %s with the digest takes the whole blob", async (path) => {
    const { store, api } = registry();
    const answer = await ask(api, "POST", `${path}?digest=${digest}`, { body: CONTENT });
    expect(answer).toMatchObject({
      status: 201,
      headers: { location: `http://registry.example/v2/app/blobs/${digest}`, "docker-content-digest": digest },
    });
    expect(store.repository("app")?.blobs.has(digest)).toBe(true);
  });

  it("POST, then PUT with everything", async () => {
    const { store, api } = registry();
    const answer = await ask(api, "PUT", next(await begin(api), digest), { body: CONTENT });
    expect(answer.status).toBe(201);
    expect(store.blob(digest)).toEqual(CONTENT);
  });

  it("streams by PATCH without Content-Range", async () => {
    const { store, api } = registry();
    const patched = await ask(api, "PATCH", next(await begin(api)), { body: CONTENT });
    expect([patched.status, patched.headers.range]).toEqual([202, "0-9"]);
    expect((await ask(api, "PUT", next(patched, digest))).status).toBe(201);
    expect(store.blob(digest)).toEqual(CONTENT);
  });

  it.each([false, true])("takes chunks in order, the last one with the PUT: %s", async (lastByPut) => {
    const { store, api } = registry();
    const first = await ask(api, "PATCH", next(await begin(api)), { body: CONTENT.subarray(0, 4), headers: { "content-range": "0-3" } });
    expect([first.status, first.headers.range]).toEqual([202, "0-3"]);
    const headers = { "content-range": "4-9" };
    const rest = CONTENT.subarray(4);
    const done = lastByPut
      ? await ask(api, "PUT", next(first, digest), { body: rest, headers })
      : await ask(api, "PUT", next(await ask(api, "PATCH", next(first), { body: rest, headers }), digest));
    expect(done.status).toBe(201);
    expect(store.blob(digest)).toEqual(CONTENT);
  });

  it("takes the empty blob in every way", async () => {
    const empty = digestOf(Buffer.alloc(0), `${algorithm}:`);
    const { api } = registry();
    expect((await ask(api, "POST", `/v2/app/blobs/uploads/?digest=${empty}`)).status).toBe(201);
    expect((await ask(api, "PUT", next(await begin(api), empty))).status).toBe(201);
    expect((await ask(api, "PUT", next(await ask(api, "PATCH", next(await begin(api))), empty))).status).toBe(201);
  });

  it("refuses bytes of another digest, and keeps nothing", async () => {
    const { store, api } = registry();
    const other = digestOf(Buffer.from("other"), `${algorithm}:`);
    const answers = [
      await ask(api, "POST", `/v2/app/blobs/uploads/?digest=${other}`, { body: CONTENT }),
      await ask(api, "PUT", next(await begin(api), other), { body: CONTENT }),
    ];
    for (const answer of answers) expect([answer.status, codesOf(answer)]).toEqual([400, ["DIGEST_INVALID"]]);
    expect(store.repositories()).toEqual([]);
  });
});

describe("an upload in progress", () => {
  it.each(["PATCH", "PUT"])("refuses a chunk out of order by %s, and goes on", async (method) => {
    const { api } = registry();
    const digest = digestOf(CONTENT);
    const first = await ask(api, "PATCH", next(await begin(api)), { body: CONTENT.subarray(0, 4), headers: { "content-range": "0-3" } });
    for (const contentRange of ["6-9", "0-3", "nonsense", "9-4"]) {
      const refused = await ask(api, method, next(first, digest), {
        body: CONTENT.subarray(6),
        headers: { "content-range": contentRange },
      });
      expect([refused.status, codesOf(refused), refused.headers.range]).toEqual([416, ["RANGE_INVALID"], "0-3"]);
    }
    const status = await ask(api, "GET", next(first));
    expect([status.status, status.headers.range]).toEqual([204, "0-3"]);
    expect((await ask(api, "PUT", next(status, digest), { body: CONTENT.subarray(4), headers: { "content-range": "4-9" } })).status).toBe(
      201,
    );
  });

  it("refuses a chunk that is not as long as it says", async () => {
    const { api } = registry();
    const answer = await ask(api, "PATCH", next(await begin(api)), { body: CONTENT, headers: { "content-range": "0-3" } });
    expect([answer.status, codesOf(answer)]).toEqual([400, ["SIZE_INVALID"]]);
  });

  it("can be cancelled", async () => {
    const { api } = registry();
    const started = await begin(api);
    expect((await ask(api, "DELETE", next(started))).status).toBe(204);
    const after = await ask(api, "PUT", next(started, digestOf(CONTENT)), { body: CONTENT });
    expect([after.status, codesOf(after)]).toEqual([404, ["BLOB_UPLOAD_UNKNOWN"]]);
  });

  it("ends with the blob", async () => {
    const { api } = registry();
    const started = await begin(api);
    await ask(api, "PUT", next(started, digestOf(CONTENT)), { body: CONTENT });
    expect((await ask(api, "GET", next(started))).status).toBe(404);
  });

  it("belongs to its repository", async () => {
    const { api } = registry();
    const elsewhere = next(await begin(api)).replace("/app/", "/other/");
    expect((await ask(api, "GET", elsewhere)).status).toBe(404);
  });

  it("cannot be finished without a digest", async () => {
    const { api } = registry();
    const started = await begin(api);
    for (const path of [next(started), next(started, "sha256:abc")]) {
      const answer = await ask(api, "PUT", path, { body: CONTENT });
      expect([answer.status, codesOf(answer)]).toEqual([400, ["DIGEST_INVALID"]]);
    }
  });

  it("knows no other method", async () => {
    const { api } = registry();
    expect((await ask(api, "POST", next(await begin(api)))).status).toBe(405);
    expect((await ask(api, "GET", "/v2/app/blobs/uploads/")).status).toBe(405);
  });
});

describe("mounts", () => {
  const digest = digestOf(CONTENT);

  it.each(["&from=source", ""])("link a blob that is there (%s)", async (from) => {
    const { store, api } = registry();
    store.putBlob("source", CONTENT);
    const answer = await ask(api, "POST", `/v2/app/blobs/uploads/?mount=${digest}${from}`);
    expect(answer).toMatchObject({
      status: 201,
      headers: { location: `http://registry.example/v2/app/blobs/${digest}`, "docker-content-digest": digest },
    });
    expect(store.repository("app")?.blobs.has(digest)).toBe(true);
  });

  it.each([
    { why: "the blob is nowhere", query: "&from=source", at: undefined },
    { why: "the blob is in another repository", query: "&from=source", at: "third" },
    { why: "the blob is nowhere, without a source", query: "", at: undefined },
  ])("turn into an upload when $why", async ({ query, at }) => {
    const { store, api } = registry();
    if (at) store.putBlob(at, CONTENT);
    const answer = await ask(api, "POST", `/v2/app/blobs/uploads/?mount=${digest}${query}`);
    expect(answer.status).toBe(202);
    expect((await ask(api, "PUT", next(answer, digest), { body: CONTENT })).status).toBe(201);
  });

  it("without a source look only where the client may pull", async () => {
    const { store, clock } = testStore();
    store.putBlob("secret", CONTENT);
    const api = createOciApi({ store, clock, authorize: (_, { repository }) => (repository === "secret" ? { status: 403 } : undefined) });
    expect((await ask(api, "POST", `/v2/app/blobs/uploads/?mount=${digest}`)).status).toBe(202);
  });

  it("want a digest", async () => {
    const answer = await ask(registry().api, "POST", "/v2/app/blobs/uploads/?mount=sha256:abc&from=source");
    expect([answer.status, codesOf(answer)]).toEqual([400, ["DIGEST_INVALID"]]);
  });
});
