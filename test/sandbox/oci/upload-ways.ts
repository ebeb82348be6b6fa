import type { Answer, Message, Send } from "./wire";

/** Brings a blob into a repository, and gives the answer that ends it. What comes before that is checked on the way. */
export type Upload = (send: Send, repository: string, bytes: Buffer, digest: string) => Promise<Answer>;

/** What one chunk holds at least: the specification lets a registry ask for more, the sandbox does not. */
const CHUNK = 1_024;
/** Three chunks, the last of them shorter. */
export const THREE_CHUNKS = 3 * CHUNK - 5;

const OCTETS = { "content-type": "application/octet-stream" };

export async function startUpload(send: Send, repository: string): Promise<Answer> {
  const started = await send("POST", `/v2/${repository}/blobs/uploads/`);
  expect([started.status, started.header("oci-chunk-min-length")]).toEqual([202, undefined]);
  return started;
}

export function location(answer: Answer): string {
  const value = answer.header("location");
  if (value === undefined) throw new Error(`an answer ${answer.status} without Location`);
  return value;
}

/** The `Location` with the digest added to whatever query it has. */
export function closing(answer: Answer, digest: string): string {
  const url = new URL(location(answer));
  url.searchParams.set("digest", digest);
  return url.href;
}

/** Ways to push a blob that was in no repository before. */
export const UPLOADS = {
  "POST alone": (send, repository, body, digest) =>
    send("POST", `/v2/${repository}/blobs/uploads/?digest=${encodeURIComponent(digest)}`, { body, headers: OCTETS }),
  "POST and PUT": async (send, repository, body, digest) =>
    send("PUT", closing(await startUpload(send, repository), digest), { body, headers: OCTETS }),
  streamed: async (send, repository, body, digest) => {
    const patched = await send("PATCH", location(await startUpload(send, repository)), { body, headers: OCTETS, streamed: true });
    expect(patched.status).toBe(202);
    return send("PUT", closing(patched, digest), { headers: OCTETS });
  },
  chunked: inChunks({ lastByPut: false, outOfOrder: false }),
  "chunked, the last by PUT": inChunks({ lastByPut: true, outOfOrder: false }),
} satisfies Readonly<Record<string, Upload>>;

/** Wants several chunks: with one there is no wrong order. */
export const OUT_OF_ORDER: Readonly<Record<string, Upload>> = {
  "chunked, out of order": inChunks({ lastByPut: false, outOfOrder: true }),
  "chunked, out of order, the last by PUT": inChunks({ lastByPut: true, outOfOrder: true }),
};

function inChunks({ lastByPut, outOfOrder }: { readonly lastByPut: boolean; readonly outOfOrder: boolean }): Upload {
  return async (send, repository, bytes, digest) => {
    const size = Math.min(bytes.length, Math.max(CHUNK, Math.floor(bytes.length / 3) + 1));
    const chunk = (first: number) => {
      const last = Math.min(first + size, bytes.length) - 1;
      const message: Message = { body: bytes.subarray(first, last + 1), headers: { ...OCTETS, "content-range": `${first}-${last}` } };
      return { last, message, closes: lastByPut && last === bytes.length - 1 };
    };
    const target = (at: Answer, { closes }: ReturnType<typeof chunk>) => (closes ? closing(at, digest) : location(at));
    const put = (at: Answer, next: ReturnType<typeof chunk>) => send(next.closes ? "PUT" : "PATCH", target(at, next), next.message);

    let upload = await startUpload(send, repository);
    for (let first = 0; first < bytes.length; first += size) {
      if (outOfOrder) {
        const ahead = first + size;
        const wrong = chunk(ahead < bytes.length ? ahead : 0);
        expect((await put(upload, wrong)).status).toBe(416);
        upload = await send("GET", target(upload, wrong));
        expect([upload.status, upload.header("range")]).toEqual([204, `0-${Math.max(0, first - 1)}`]);
      }
      const next = chunk(first);
      upload = await put(upload, next);
      if (next.closes) return upload;
      expect([upload.status, upload.header("range")]).toEqual([202, `0-${next.last}`]);
    }
    return send("PUT", closing(upload, digest), { headers: OCTETS });
  };
}
