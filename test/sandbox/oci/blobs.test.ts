import { digestOf } from "../digest";
import { testStore } from "../store";
import { createOciApi, type OciSwitches } from ".";
import { ask, codesOf } from "./ask";

const CONTENT = Buffer.from("0123456789");
const DIGEST = digestOf(CONTENT);

function registry(switches: OciSwitches = {}) {
  const { store, clock } = testStore();
  store.putBlob("app", CONTENT);
  return { store, api: createOciApi({ store, clock, ...switches }) };
}

describe("GET and HEAD of a blob", () => {
  it.each(["GET", "HEAD"])("%s gives it with its digest", async (method) => {
    const answer = await ask(registry().api, method, `/v2/app/blobs/${DIGEST}`);
    expect(answer).toMatchObject({ status: 200, headers: { "docker-content-digest": DIGEST, "content-type": "application/octet-stream" } });
    expect(answer.body).toEqual(CONTENT);
  });

  it("serves an empty blob", async () => {
    const { store, api } = registry();
    const digest = store.putBlob("app", Buffer.alloc(0));
    expect(await ask(api, "GET", `/v2/app/blobs/${digest}`)).toMatchObject({ status: 200, body: Buffer.alloc(0) });
  });

  it.each([
    { path: `/v2/other/blobs/${DIGEST}`, status: 404, code: "BLOB_UNKNOWN" },
    { path: `/v2/app/blobs/${digestOf(Buffer.from("x"))}`, status: 404, code: "BLOB_UNKNOWN" },
    { path: "/v2/app/blobs/sha256:abc", status: 400, code: "DIGEST_INVALID" },
  ])("answers $code for $path", async ({ path, status, code }) => {
    const answer = await ask(registry().api, "GET", path);
    expect([answer.status, codesOf(answer)]).toEqual([status, [code]]);
  });

  it("answers 304 to a client that has it", async () => {
    const answer = await ask(registry().api, "GET", `/v2/app/blobs/${DIGEST}`, { headers: { "if-none-match": `"${DIGEST}"` } });
    expect(answer.status).toBe(304);
  });

  it.each([
    { range: "bytes=2-4", status: 206, body: "234", contentRange: "bytes 2-4/10" },
    { range: "bytes=7-", status: 206, body: "789", contentRange: "bytes 7-9/10" },
    { range: "bytes=-3", status: 206, body: "789", contentRange: "bytes 7-9/10" },
    { range: "bytes=-30", status: 206, body: "0123456789", contentRange: "bytes 0-9/10" },
    { range: "bytes=8-500", status: 206, body: "89", contentRange: "bytes 8-9/10" },
    { range: "bytes=10-", status: 416, body: undefined, contentRange: "bytes */10" },
    { range: "bytes=5-0", status: 416, body: undefined, contentRange: "bytes */10" },
    { range: "bytes=50-60", status: 416, body: undefined, contentRange: "bytes */10" },
    { range: "bytes=0-1,3-4", status: 200, body: "0123456789", contentRange: undefined },
    { range: "lines=0-1", status: 200, body: "0123456789", contentRange: undefined },
  ])("Range: $range is $status", async ({ range, status, body, contentRange }) => {
    const answer = await ask(registry().api, "GET", `/v2/app/blobs/${DIGEST}`, { headers: { range } });
    expect([answer.status, answer.body?.toString(), answer.headers["content-range"]]).toEqual([status, body, contentRange]);
  });
});

describe("DELETE of a blob", () => {
  it("removes it once", async () => {
    const { store, api } = registry();
    expect((await ask(api, "DELETE", `/v2/app/blobs/${DIGEST}`)).status).toBe(202);
    expect(store.repository("app")?.blobs.size).toBe(0);
    const again = await ask(api, "DELETE", `/v2/app/blobs/${DIGEST}`);
    expect([again.status, codesOf(again)]).toEqual([404, ["BLOB_UNKNOWN"]]);
  });

  it("is refused where deletion is disabled", async () => {
    const { store, api } = registry({ delete: "disabled" });
    const answer = await ask(api, "DELETE", `/v2/app/blobs/${DIGEST}`);
    expect([answer.status, codesOf(answer)]).toEqual([405, ["UNSUPPORTED"]]);
    expect(store.blob(DIGEST)).toEqual(CONTENT);
  });
});
