import {
  type Descriptor,
  digestOf,
  mediaTypes,
  parseRepository,
  parseTag,
  referrersTag,
  subjectOfTag,
} from "../../../provider/registries/oci";
import { ociError, type Reply, scripted } from "./scripted";

const repository = parseRepository("team/app");
const subject = digestOf("subject");
const entry = (text: string, artifactType = "application/vnd.sig"): Descriptor => ({
  mediaType: mediaTypes.ociManifest,
  digest: digestOf(text),
  size: text.length,
  artifactType,
});
const index = (...manifests: Descriptor[]): Reply => ({
  body: JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests }),
  headers: { "content-type": mediaTypes.ociIndex },
});
const noRoute: Reply = { status: 404, body: "404 page not found\n", headers: { "content-type": "text/plain" } };

describe("referrers from the registry's API", () => {
  it("come on several pages", async () => {
    const server = await scripted(({ query }) =>
      query.has("last")
        ? index(entry("c"))
        : {
            ...index(entry("a"), entry("b")),
            headers: { "content-type": mediaTypes.ociIndex, link: `</v2/team/app/referrers/${subject}?last=b>; rel="next"` },
          },
    );
    const { descriptors, source } = await server.client().referrers(repository, subject);
    expect([source, ...descriptors.map(({ digest }) => digest)]).toEqual(["api", digestOf("a"), digestOf("b"), digestOf("c")]);
  });

  it("are filtered here where the registry does not filter, and the wish is passed on", async () => {
    const server = await scripted(() => index(entry("a"), entry("b", "application/vnd.sbom")));
    const { descriptors } = await server.client().referrers(repository, subject, { artifactType: "application/vnd.sbom" });
    expect(descriptors).toEqual([entry("b", "application/vnd.sbom")]);
    expect(server.seen[0]?.query.get("artifactType")).toBe("application/vnd.sbom");
  });

  it("may be none", async () => {
    const server = await scripted(() => index());
    expect(await server.client().referrers(repository, subject)).toEqual({ descriptors: [], source: "api" });
  });

  it("that cannot be read are an error and not none", async () => {
    const server = await scripted(() => ({ body: "{", headers: { "content-type": mediaTypes.ociIndex } }));
    await expect(server.client().referrers(repository, subject)).rejects.toThrow(/list of referrers cannot be read/);
  });
});

describe("referrers of a registry without the API", () => {
  const fallback = (api: Reply, tag: Reply) => scripted(({ path }) => (path.includes("/referrers/") ? api : tag));

  it.each([
    ["no route", noRoute],
    ["400", ociError(400, "UNSUPPORTED")],
    ["405", ociError(405, "UNSUPPORTED")],
    ["406", { status: 406 }],
    ["a web page", { body: "<html>", headers: { "content-type": "text/html" } }],
  ])("(%s) come from the fallback tag", async (_, api) => {
    const server = await fallback(api, index(entry("a"), entry("b", "application/vnd.sbom")));
    const client = server.client();
    expect(await client.referrers(repository, subject)).toEqual({
      descriptors: [entry("a"), entry("b", "application/vnd.sbom")],
      source: "tag",
    });
    expect((await client.referrers(repository, subject, { artifactType: "application/vnd.sbom" })).descriptors).toHaveLength(1);
    expect(server.lines()).toContain(`GET /v2/team/app/manifests/sha256-${subject.slice(7)}`);
  });

  it("are none where there is no such tag, or where somebody's own image has that name", async () => {
    const nothing = await fallback(noRoute, ociError(404, "MANIFEST_UNKNOWN"));
    expect(await nothing.client().referrers(repository, subject)).toEqual({ descriptors: [], source: "tag" });
    const image = await fallback(noRoute, { body: "{}", headers: { "content-type": mediaTypes.ociManifest } });
    expect((await image.client().referrers(repository, subject)).descriptors).toEqual([]);
  });

  it("are asked for at the tag alone for five minutes", async () => {
    const time = { now: 0 };
    const server = await fallback(noRoute, index());
    const client = server.client({ clock: { now: () => time.now, sleep: async () => undefined } });
    await client.referrers(repository, subject);
    await client.referrers(repository, subject);
    const asked = () => server.lines().filter((line) => line.includes("/referrers/")).length;
    expect(asked()).toBe(1);
    time.now = 5 * 60_000 + 1;
    await client.referrers(repository, subject);
    expect(asked()).toBe(2);
  });

  it.each([
    [digestOf("x"), `sha256-${digestOf("x").slice(7)}`],
    [digestOf("x", "sha512"), `sha512-${digestOf("x", "sha512").slice(7, 71)}`],
  ])("of %s stand under the tag %s", (digest, tag) => {
    expect(referrersTag(digest)).toBe(tag);
  });

  it.each([
    [`sha256-${subject.slice(7)}`, subject],
    [`sha256-${subject.slice(7)}.sig`, subject],
    [`sha256-${subject.slice(7)}.att`, subject],
    [`sha256-${subject.slice(7)}.exe`, undefined],
    [`sha256-${subject.slice(8)}`, undefined],
    ["v1", undefined],
  ])("are recognised by their tag: %s", (tag, expected) => {
    expect(subjectOfTag(tag)).toBe(expected);
  });
});

describe("the list that clients keep in a tag", () => {
  const tag = referrersTag(subject);
  const referrer = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      artifactType: "application/vnd.sig",
      config: entry("config"),
      layers: [],
      subject: entry("subject"),
    }),
  );
  const described = {
    mediaType: mediaTypes.ociManifest,
    digest: digestOf(referrer),
    size: referrer.length,
    artifactType: "application/vnd.sig",
  };

  /** A registry with one tag; `meddle` stands for others who write it between our reading and writing. */
  async function registry(first: Reply | undefined, meddle: (turn: number) => Reply | undefined = () => undefined) {
    const state = { list: first, writes: 0 };
    const server = await scripted(({ method, path, body, headers }) => {
      if (path.includes("/referrers/")) return noRoute;
      if (method === "DELETE" && !path.endsWith(tag)) return ociError(404, "MANIFEST_UNKNOWN");
      if (method === "DELETE") {
        state.list = undefined;
        return { status: 202 };
      }
      if (!path.endsWith(tag))
        return method === "PUT" ? { status: 201 } : { body: referrer, headers: { "content-type": mediaTypes.ociManifest } };
      if (method !== "PUT") return state.list ?? ociError(404, "MANIFEST_UNKNOWN");
      state.writes++;
      state.list = meddle(state.writes) ?? { body, headers: { "content-type": String(headers["content-type"]) } };
      return { status: 201 };
    });
    const listed = (): Descriptor[] | undefined => state.list && JSON.parse(String(state.list.body)).manifests;
    return { server, state, listed };
  }

  it("is begun, and continued without touching what others wrote", async () => {
    const first = await registry(undefined);
    await first.server.client().manifests.put(repository, parseTag("sig"), { mediaType: mediaTypes.ociManifest, bytes: referrer });
    expect(first.listed()).toEqual([described]);
    const others = { ...entry("other"), annotations: { k: "v" }, "org.example.unknown": [1] };
    const next = await registry(index(others));
    await next.server.client().manifests.put(repository, parseTag("sig"), { mediaType: mediaTypes.ociManifest, bytes: referrer });
    expect(next.listed()).toEqual([others, described]);
  });

  it("is left alone when the registry keeps its own, or has the entry already", async () => {
    const own = await scripted(({ method }) => (method === "PUT" ? { status: 201, headers: { "oci-subject": subject } } : { status: 500 }));
    expect(await own.client().manifests.put(repository, parseTag("sig"), { mediaType: mediaTypes.ociManifest, bytes: referrer })).toEqual({
      digest: digestOf(referrer),
      subject,
    });
    expect(own.seen).toHaveLength(1);
    const there = await registry(index(described));
    await there.server.client().manifests.put(repository, parseTag("sig"), { mediaType: mediaTypes.ociManifest, bytes: referrer });
    expect(there.state.writes).toBe(0);
  });

  it("is written again when others overwrote it at the same time", async () => {
    const { server, listed, state } = await registry(undefined, (turn) => (turn === 1 ? index(entry("other")) : undefined));
    await server.client().manifests.put(repository, parseTag("sig"), { mediaType: mediaTypes.ociManifest, bytes: referrer });
    expect(listed()).toEqual([entry("other"), described]);
    expect(state.writes).toBe(2);
  });

  it("that is overwritten again and again is an error", async () => {
    const { server } = await registry(undefined, () => index(entry("other")));
    await expect(
      server.client().manifests.put(repository, parseTag("sig"), { mediaType: mediaTypes.ociManifest, bytes: referrer }),
    ).rejects.toThrow(/again and again/);
  });

  it("never takes the place of somebody's own tag", async () => {
    const { server, state } = await registry({ body: "{}", headers: { "content-type": mediaTypes.ociManifest } });
    await expect(
      server.client().manifests.put(repository, parseTag("sig"), { mediaType: mediaTypes.ociManifest, bytes: referrer }),
    ).rejects.toThrow(/no OCI index/);
    expect(state.writes).toBe(0);
  });

  it("that cannot be read is not overwritten", async () => {
    const { server, state } = await registry({ status: 404 });
    await expect(
      server.client().manifests.put(repository, parseTag("sig"), { mediaType: mediaTypes.ociManifest, bytes: referrer }),
    ).rejects.toThrow(/not taken for absence/);
    expect(state.writes).toBe(0);
  });
});
