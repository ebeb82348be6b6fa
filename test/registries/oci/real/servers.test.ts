import { randomBytes } from "node:crypto";
import {
  deleteRepositoryContent,
  digestOf,
  isNameUnknown,
  mediaTypes,
  type OciClient,
  parseRepository,
  parseTag,
} from "../../../../provider/registries/oci";
import { describeServers, type RunningServer, type ServerOptions, startServer } from "../../../servers";
import { clientOf } from "../scripted";
import { pushImage, pushIndex, tagsOf } from "./images";

const missing = digestOf("nobody has this");
let number = 0;
/** Each test has a repository of its own on the shared server. */
const fresh = () => parseRepository(`team/app-${++number}`);
const all = async <T>(list: AsyncIterable<T>) => Array.fromAsync(list);

describeServers("A real registry", ({ name }) => {
  describe.each(["none", "htpasswd", "token"] as const)("with authentication: %s", (auth) => {
    let server: RunningServer;
    let client: OciClient;
    const options: ServerOptions = { auth };
    beforeAll(async () => {
      server = await startServer(name, options);
    });
    afterAll(() => server?.stop());
    beforeEach(() => {
      client = clientOf(server.url, auth === "none" ? {} : { credentials: server.credentials });
    });

    it("is found by ping", async () => {
      const expected = { none: "none", htpasswd: "basic", token: "bearer" }[auth];
      expect(await client.ping()).toEqual({ apiVersion: "registry/2.0", authentication: expected });
    });

    it.each(["monolithic", "single-post", "chunked"] as const)("takes a %s upload and gives it back, whole and in parts", async (mode) => {
      const repository = fresh();
      const bytes = randomBytes(200_000);
      // Jest compares buffers byte by byte, which takes longer than all the rest.
      const equal = (found: Buffer | undefined, expected: Buffer) => expect(found?.equals(expected)).toBe(true);
      const digest = await client.blobs.upload(repository, bytes, { mode, chunkSize: 60_000 });
      expect(digest).toBe(digestOf(bytes));
      expect(await client.blobs.head(repository, digest)).toEqual({ digest, size: 200_000 });
      equal(await client.blobs.get(repository, digest), bytes);
      equal(await client.blobs.get(repository, digest, { range: { start: 100, end: 199 } }), bytes.subarray(100, 200));
      equal(await client.blobs.get(repository, digest, { range: { start: 199_990 } }), bytes.subarray(199_990));
    });

    it.each([1, 7, 1000])("takes a stream in chunks of %i bytes", async (chunkSize) => {
      const repository = fresh();
      const bytes = randomBytes(chunkSize * 2 + 5);
      const source = async function* () {
        yield bytes.subarray(0, 3);
        yield bytes.subarray(3);
      };
      const digest = await client.blobs.upload(repository, source, { chunkSize });
      expect(await client.blobs.get(repository, digest)).toEqual(bytes);
    });

    it("takes sha512 and nothing", async () => {
      const repository = fresh();
      const digest = digestOf("content", "sha512");
      await client.blobs.upload(repository, Buffer.from("content"), { digest });
      expect((await client.blobs.get(repository, digest))?.toString()).toBe("content");
      const empty = await client.blobs.upload(repository, Buffer.alloc(0));
      expect(await client.blobs.get(repository, empty)).toEqual(Buffer.alloc(0));
    });

    it("mounts a blob from another repository, and says when it cannot", async () => {
      const [from, to] = [fresh(), fresh()];
      const digest = await client.blobs.upload(from, randomBytes(100));
      expect(await client.blobs.exists(to, digest)).toBe(false);
      expect(await client.blobs.mount(to, digest, from)).toBe(true);
      expect(await client.blobs.exists(to, digest)).toBe(true);
      expect(await client.blobs.mount(to, missing, from)).toBe(false);
    });

    it("deletes a blob, once", async () => {
      const repository = fresh();
      const digest = await client.blobs.upload(repository, randomBytes(100));
      expect(await client.blobs.delete(repository, digest)).toBe("deleted");
      expect(await client.blobs.delete(repository, digest)).toBe("absent");
      expect(await client.blobs.get(repository, digest)).toBeUndefined();
    });

    it("keeps manifests of every kind byte for byte, by tag and by digest", async () => {
      const repository = fresh();
      const oci = await pushImage(client, repository, ["oci"]);
      const docker = await pushImage(client, repository, ["docker"], { docker: true });
      const index = await pushIndex(client, repository, ["index"], [oci, docker]);
      const list = await pushIndex(client, repository, ["list"], [docker], true);
      for (const [tag, { mediaType, digest, size }] of Object.entries({ oci, docker, index, list })) {
        for (const reference of [parseTag(tag), digest]) {
          expect(await client.manifests.head(repository, reference)).toEqual({ mediaType, digest, size });
          const manifest = await client.manifests.get(repository, reference);
          expect(manifest && digestOf(manifest.bytes)).toBe(digest);
          expect(manifest).toMatchObject({ mediaType, digest, size });
        }
      }
    });

    it("proves that something is not there", async () => {
      const repository = fresh();
      expect(await client.manifests.head(repository, parseTag("v1"))).toBeUndefined();
      expect(await client.manifests.get(repository, missing)).toBeUndefined();
      expect(await client.blobs.head(repository, missing)).toBeUndefined();
      expect(isNameUnknown(await all(client.tags(repository)).catch((error: unknown) => error))).toBe(true);
      await pushImage(client, repository, ["v1"]);
      expect(await client.manifests.head(repository, parseTag("v2"))).toBeUndefined();
      expect(await client.manifests.head(repository, missing)).toBeUndefined();
    });

    it("refuses a manifest whose blobs are missing, with a reason", async () => {
      const repository = fresh();
      const part = { mediaType: mediaTypes.ociConfig, digest: missing, size: 3 };
      const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociManifest, config: part, layers: [] }));
      const push = client.manifests.put(repository, parseTag("v1"), { mediaType: mediaTypes.ociManifest, bytes });
      await expect(push).rejects.toMatchObject({ status: 400, code: "MANIFEST_BLOB_UNKNOWN" });
    });

    it("lists tags and repositories, however small the pages", async () => {
      const repository = fresh();
      const tags = ["v10", "v2", "latest", "Zeta", "_x", "1.0"];
      await pushImage(client, repository, tags);
      for (const pageSize of [1, 2, 5, 6, 7, 1000]) {
        expect((await all(client.tags(repository, { pageSize }))).sort()).toEqual([...tags].sort());
        expect(await all(client.catalog({ pageSize }))).toContain(repository);
      }
    });

    it("deletes by digest with every tag of it, and other manifests stay", async () => {
      const repository = fresh();
      const [one, two] = [await pushImage(client, repository, ["a", "b"]), await pushImage(client, repository, ["c"])];
      expect(await client.manifests.delete(repository, one.digest)).toBe("deleted");
      expect(await client.manifests.delete(repository, one.digest)).toBe("absent");
      expect(await tagsOf(client, repository)).toEqual({ c: two.digest });
      await client.manifests.delete(repository, two.digest);
      expect(await all(client.tags(repository))).toEqual([]);
    });

    it("says what can be deleted, and the question deletes nothing", async () => {
      const repository = fresh();
      const image = await pushImage(client, repository, ["v1"]);
      const tag = name === "distribution" ? "supported" : "unsupported";
      expect(await client.deletion(repository)).toEqual({ digest: "supported", tag });
      expect(await tagsOf(client, repository)).toEqual({ v1: image.digest });
      // An unknown repository answers likewise.
      expect(await client.deletion(fresh())).toEqual({ digest: "supported", tag });
    });

    it("has its referrers kept in a tag, which goes with the last of them", async () => {
      const repository = fresh();
      const subject = await pushImage(client, repository, ["v1"]);
      const tag = `sha256-${subject.digest.slice(7)}`;
      const first = await pushImage(client, repository, [], { subject, artifactType: "application/vnd.sig" });
      const second = await pushImage(client, repository, [], { subject, artifactType: "application/vnd.sbom" });
      const { descriptors, source } = await client.referrers(repository, subject.digest);
      expect(source).toBe("tag");
      expect(descriptors).toEqual([
        { ...first, artifactType: "application/vnd.sig" },
        { ...second, artifactType: "application/vnd.sbom" },
      ]);
      const filtered = await client.referrers(repository, subject.digest, { artifactType: "application/vnd.sbom" });
      expect(filtered.descriptors.map(({ digest }) => digest)).toEqual([second.digest]);
      await client.manifests.delete(repository, first.digest);
      expect((await client.referrers(repository, subject.digest)).descriptors.map(({ digest }) => digest)).toEqual([second.digest]);
      expect(Object.keys(await tagsOf(client, repository))).toEqual([tag, "v1"]);
      await client.manifests.delete(repository, second.digest);
      expect(await tagsOf(client, repository)).toEqual({ v1: subject.digest });
      expect(await client.referrers(repository, subject.digest)).toEqual({ descriptors: [], source: "tag" });
    });

    it("keeps all referrers that are pushed at the same time", async () => {
      const repository = fresh();
      const subject = await pushImage(client, repository, ["v1"]);
      const pushed = await Promise.all(Array.from({ length: 5 }, () => pushImage(client, repository, [], { subject })));
      const listed = (await client.referrers(repository, subject.digest)).descriptors.map(({ digest }) => digest);
      expect([...listed].sort()).toEqual(pushed.map(({ digest }) => digest).sort());
    });

    it("is emptied in one repository and nowhere else", async () => {
      const [repository, neighbour] = [fresh(), fresh()];
      const kept = await pushImage(client, neighbour, ["v1"]);
      const children = [await pushImage(client, repository, []), await pushImage(client, repository, ["child"], { docker: true })];
      const index = await pushIndex(client, repository, ["latest", "v1"], children);
      const signature = await pushImage(client, repository, [], { subject: index, artifactType: "application/vnd.sig" });
      const signatureOfChild = await pushImage(client, repository, [], { subject: children[0], artifactType: "application/vnd.sig" });
      // Two children, index, two signatures and the two lists of referrers; latest, v1, child and the lists' tags.
      expect(await deleteRepositoryContent(client, repository)).toEqual({ manifests: 7, tags: 5 });
      for (const { digest } of [...children, index, signature, signatureOfChild])
        expect(await client.manifests.head(repository, digest)).toBeUndefined();
      expect(await all(client.tags(repository))).toEqual([]);
      expect(await tagsOf(client, neighbour)).toEqual({ v1: kept.digest });
      expect(await deleteRepositoryContent(client, repository)).toEqual({ manifests: 0, tags: 0 });
      expect(await deleteRepositoryContent(client, fresh())).toEqual({ manifests: 0, tags: 0 });
    });
  });

  describe("that refuses", () => {
    async function running(options: ServerOptions, test: (server: RunningServer) => Promise<void>): Promise<void> {
      const server = await startServer(name, options);
      try {
        await test(server);
      } finally {
        await server.stop();
      }
    }

    it("to delete says so, and so does the attempt", () =>
      running({ deleteEnabled: false }, async (server) => {
        const client = clientOf(server.url);
        const repository = fresh();
        const image = await pushImage(client, repository, ["v1"]);
        expect(await client.deletion(repository)).toEqual({ digest: "disabled", tag: "unsupported" });
        await expect(client.manifests.delete(repository, image.digest)).rejects.toThrow(/UNSUPPORTED.*storage\.delete\.enabled/);
        await expect(deleteRepositoryContent(client, repository)).rejects.toThrow(/storage\.delete\.enabled/);
        expect(await tagsOf(client, repository)).toEqual({ v1: image.digest });
      }));

    it("to write, in maintenance, says so and can be read", async () => {
      const repository = fresh();
      await running({}, async (writable) => {
        const image = await pushImage(clientOf(writable.url), repository, ["v1"]);
        await running({ readonly: true, directory: writable.directory }, async (server) => {
          const client = clientOf(server.url);
          expect(await client.deletion(repository)).toEqual({ digest: "readonly", tag: "readonly" });
          await expect(deleteRepositoryContent(client, repository)).rejects.toThrow(/read-only/);
          await expect(client.blobs.upload(repository, Buffer.from("x"))).rejects.toThrow(/405/);
          expect(await tagsOf(client, repository)).toEqual({ v1: image.digest });
        });
      });
    });

    it("wrong passwords names the user, not the password", () =>
      running({ auth: "htpasswd" }, async (server) => {
        const client = clientOf(server.url, { credentials: { username: "alice", password: "wrong-horse" } });
        const failure = await client.ping().catch((error: unknown) => error);
        expect(failure).toMatchObject({ status: 401, message: expect.stringContaining("user alice") });
        expect(JSON.stringify(failure)).not.toContain("wrong-horse");
      }));

    it("what a token does not allow: the deletion is denied, the rest works, and no token is asked for twice", () =>
      running({ auth: "token", token: { grant: (_user, _type, _name, action) => action !== "delete" } }, async (server) => {
        const client = clientOf(server.url, { credentials: server.credentials });
        const repository = fresh();
        const image = await pushImage(client, repository, ["v1"]);
        expect(await client.deletion(repository)).toEqual({ digest: "denied", tag: "denied" });
        await expect(client.manifests.delete(repository, image.digest)).rejects.toThrow(/401.*user alice/);
        expect(await tagsOf(client, repository)).toEqual({ v1: image.digest });
      }));

    it("anonymous pushes lets anonymous pulls pass, by the token server's word", () =>
      running({ auth: "token" }, async (server) => {
        const repository = fresh();
        const image = await pushImage(clientOf(server.url, { credentials: server.credentials }), repository, ["v1"]);
        const client = clientOf(server.url);
        expect((await client.manifests.head(repository, parseTag("v1")))?.digest).toBe(image.digest);
        await expect(client.blobs.upload(repository, Buffer.from("x"))).rejects.toThrow(/wants credentials/);
      }));

    it("a password where it wants an identity token by POST, and the other way round", () =>
      running({ auth: "token", token: { identityTokens: { "refresh-me": "alice" }, methods: ["POST"] } }, async (server) => {
        const repository = fresh();
        await pushImage(clientOf(server.url, { credentials: { identityToken: "refresh-me" } }), repository, ["v1"]);
        await pushImage(clientOf(server.url, { credentials: server.credentials }), repository, ["v2"]);
        expect(new Set(server.tokens?.requests.map(({ method, user }) => `${method} ${user}`))).toEqual(new Set(["POST alice"]));
      }));

    it("old tokens gets new ones, one for everything that a repository needs", () =>
      running({ auth: "token" }, async (server) => {
        const client = clientOf(server.url, { credentials: server.credentials });
        const repository = fresh();
        const image = await pushImage(client, repository, ["v1"]);
        await client.deletion(repository);
        server.tokens?.forget();
        await client.manifests.head(repository, image.digest);
        await client.blobs.upload(repository, randomBytes(10));
        await client.manifests.delete(repository, image.digest);
        expect(server.tokens?.requests).toEqual([]);
      }));
  });
});
