import { rm } from "node:fs/promises";
import { join } from "node:path";
import {
  type Descriptor,
  digestOf,
  parseRepository,
  parseTag,
  type RemovedTag,
  type Repository,
  removeDanglingTag,
  removeTag,
  TagMoved,
} from "../../../../provider/registries/oci";
import { describeServers, type RunningServer, startServer } from "../../../servers";
import { clientOf } from "../scripted";
import { pushImage, pushIndex, tagsOf } from "./images";
import { type Intercept, type Proxied, proxied } from "./proxied";

const v1 = parseTag("v1");
let number = 0;
const fresh = () => parseRepository(`team/untag-${++number}`);

describeServers("Removing one tag", ({ name }) => {
  const how: RemovedTag["how"] = name === "distribution" ? "tag-delete" : "placeholder";
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer(name);
  });
  afterAll(() => server?.stop());

  it.each([
    ["an OCI image", {}],
    ["a Docker image", { docker: true }],
  ])("leaves %s and its other tags as they were", async (_, kind) => {
    const client = clientOf(server.url);
    const repository = fresh();
    const image = await pushImage(client, repository, ["v1", "v2", "latest"], kind);
    expect(await removeTag(client, repository, v1, image.digest)).toEqual({ how });
    expect(await tagsOf(client, repository)).toEqual({ v2: image.digest, latest: image.digest });
    expect(await removeTag(client, repository, v1, image.digest)).toEqual({ how: "already-gone" });
  });

  it("leaves an index and its children as they were", async () => {
    const client = clientOf(server.url);
    const repository = fresh();
    const child = await pushImage(client, repository, []);
    const index = await pushIndex(client, repository, ["v1", "v2"], [child]);
    await removeTag(client, repository, v1, index.digest);
    expect(await tagsOf(client, repository)).toEqual({ v2: index.digest });
    expect(await client.manifests.head(repository, child.digest)).toEqual(child);
  });

  it("that is the last one leaves the image by its digest", async () => {
    const client = clientOf(server.url);
    const repository = fresh();
    const image = await pushImage(client, repository, ["v1"]);
    await removeTag(client, repository, v1, image.digest);
    expect(await tagsOf(client, repository)).toEqual({});
    expect(await client.manifests.head(repository, image.digest)).toEqual(image);
  });

  it("works for two tags of one image at the same time: no placeholder is like another", async () => {
    const client = clientOf(server.url);
    const repository = fresh();
    const image = await pushImage(client, repository, ["v1", "v2", "v3"]);
    await Promise.all([removeTag(client, repository, v1, image.digest), removeTag(client, repository, parseTag("v2"), image.digest)]);
    expect(await tagsOf(client, repository)).toEqual({ v3: image.digest });
  });

  it("that points elsewhere is refused and changes nothing", async () => {
    const client = clientOf(server.url);
    const repository = fresh();
    const image = await pushImage(client, repository, ["v1"]);
    await expect(removeTag(client, repository, v1, digestOf("else"))).rejects.toThrow(TagMoved);
    expect(await tagsOf(client, repository)).toEqual({ v1: image.digest });
  });

  it("of an unknown repository is done already", async () => {
    expect(await removeTag(clientOf(server.url), fresh(), v1, digestOf("x"))).toEqual({ how: "already-gone" });
  });

  it("that is dangling, because its manifest is gone, can be done too", async () => {
    // Made with the children trick: a tag on a child vanishes on both servers, so the manifest's link is removed on disk.
    const client = clientOf(server.url);
    const repository = fresh();
    const [gone, kept] = [await pushImage(client, repository, ["v1"]), await pushImage(client, repository, ["v2"])];
    await removeRevision(server, repository, gone);
    expect(await tagsOf(client, repository)).toEqual({ v1: undefined, v2: kept.digest });
    expect(await removeDanglingTag(client, repository, v1)).toBe(true);
    expect(await tagsOf(client, repository)).toEqual({ v2: kept.digest });
  });

  describe("when something goes wrong", () => {
    let proxy: Proxied;
    let repository: Repository;
    let image: Descriptor;
    beforeEach(async () => {
      proxy = await proxied(server.url);
      repository = fresh();
      image = await pushImage(clientOf(server.url), repository, ["v1", "v2"]);
    });

    const isTag = (path: string) => path.endsWith("/manifests/v1");
    const real = (path: string) => !path.includes("0000000000") && !path.includes("registry-as-code-probe");
    /** Each step of a removal, as a request of its kind. */
    const steps: [string, (method: string, path: string) => boolean][] = [
      ["looking at the tag", (method, path) => method === "HEAD" && isTag(path)],
      ["reading the manifest", (method, path) => method === "GET" && isTag(path)],
      ["pushing a blob", (method, path) => method === "POST" && path.includes("/uploads/")],
      ["finishing a blob", (method, path) => method === "PUT" && path.includes("/uploads/")],
      ["writing the tag", (method, path) => method === "PUT" && isTag(path)],
      ["deleting", (method, path) => method === "DELETE" && real(path)],
      ["asking what can be deleted", (method, path) => method === "DELETE" && !real(path)],
    ];

    /** The process dies at this moment: from then on nothing gets through. */
    const dies = (moment: (method: string, path: string) => boolean, when: "before" | "after"): Intercept => {
      let dead = false;
      return ({ method, path }) => {
        if (dead) return "before";
        if (!moment(method, path)) return undefined;
        dead = true;
        return when;
      };
    };

    it.each(steps.flatMap(([step, moment]) => (["before", "after"] as const).map((when) => [step, when, moment] as const)))(
      "a death while %s, %s it took effect, is made good by the next run",
      async (_, when, moment) => {
        proxy.intercept(dies(moment, when));
        await removeTag(proxy.client({ retry: { attempts: 1 } }), repository, v1, image.digest).catch(() => undefined);
        // Nothing else may be hurt at any moment.
        const client = clientOf(server.url);
        expect((await tagsOf(client, repository)).v2).toBe(image.digest);
        const before = (await tagsOf(client, repository)).v1;
        const result = await removeTag(client, repository, v1, image.digest);
        expect(result.how).toBe(before === undefined ? "already-gone" : before === image.digest ? how : "manifest-delete");
        expect(await tagsOf(client, repository)).toEqual({ v2: image.digest });
        expect(await client.manifests.head(repository, image.digest)).toEqual(image);
      },
    );

    it.each(steps)("a single lost answer while %s is survived at once", async (_, moment) => {
      for (const when of ["before", "after"] as const) {
        const tag = parseTag(`t-${when}`);
        await pushTag(repository, tag);
        let lost = false;
        proxy.intercept(({ method, path }) => {
          if (lost || !moment(method, path.replace(`/manifests/${tag}`, "/manifests/v1"))) return undefined;
          lost = true;
          return when;
        });
        await removeTag(proxy.client(), repository, tag, image.digest);
        expect(await tagsOf(clientOf(server.url), repository)).toEqual({ v1: image.digest, v2: image.digest });
      }
    });

    it("a push by somebody else in the meantime is left as it is and reported", async () => {
      let other: Descriptor | undefined;
      let looks = 0;
      proxy.intercept(async ({ method, path }) => {
        // Between the first look at the tag and the last one before it is written or deleted.
        if (method === "HEAD" && isTag(path) && ++looks === 2) other = await pushImage(clientOf(server.url), repository, ["v1"]);
        return undefined;
      });
      const failure = await removeTag(proxy.client(), repository, v1, image.digest).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(TagMoved);
      expect(String(failure)).toContain(other?.digest ?? "nobody pushed");
      expect(await tagsOf(clientOf(server.url), repository)).toEqual({ v1: other?.digest, v2: image.digest });
    });

    if (name !== "docker-registry") return;

    it.each([
      ["refuses", { status: 405, json: { errors: [{ code: "UNSUPPORTED", message: "no" }] } }],
      ["forbids", { status: 403, json: { errors: [{ code: "DENIED", message: "no" }] } }],
      ["breaks down at", { status: 500 }],
    ])("a registry that %s the last step gets its tag back", async (_, reply) => {
      proxy.intercept(({ method, path }) => (method === "DELETE" && real(path) ? reply : undefined));
      await expect(removeTag(proxy.client(), repository, v1, image.digest)).rejects.toThrow(`points to ${image.digest} as before`);
      expect(await tagsOf(clientOf(server.url), repository)).toEqual({ v1: image.digest, v2: image.digest });
    });

    it("a tag that cannot be given back either is named with what it should point to, and the next run finishes", async () => {
      let written = false;
      proxy.intercept(({ method, path }) => {
        if (method === "DELETE" && real(path)) return { status: 403 };
        if (method !== "PUT" || !isTag(path)) return undefined;
        const first = !written;
        written = true;
        return first ? undefined : { status: 403 };
      });
      const failure = await removeTag(proxy.client(), repository, v1, image.digest).catch((error: unknown) => error);
      expect(String(failure)).toMatch(/could not be restored: it may point to the placeholder sha256:/);
      expect(String(failure)).toContain(`push ${image.digest} to the tag`);
      expect(await removeTag(clientOf(server.url), repository, v1, image.digest)).toEqual({ how: "manifest-delete" });
      expect(await tagsOf(clientOf(server.url), repository)).toEqual({ v2: image.digest });
    });

    it("nothing is written when neither way is open", async () => {
      proxy.intercept(({ method }) => (method === "DELETE" ? { status: 405, json: { errors: [{ code: "UNSUPPORTED" }] } } : undefined));
      await expect(removeTag(proxy.client(), repository, v1, image.digest)).rejects.toThrow(
        /neither single tags nor manifests.*storage\.delete\.enabled/,
      );
      expect(proxy.lines().filter((line) => /^(PUT|POST|PATCH)/.test(line))).toEqual([]);
    });

    it("a placeholder of another tag or another digest is not taken for one's own", async () => {
      proxy.intercept(dies((method, path) => method === "PUT" && isTag(path), "after"));
      await removeTag(proxy.client({ retry: { attempts: 1 } }), repository, v1, image.digest).catch(() => undefined);
      const client = clientOf(server.url);
      const placeholder = (await tagsOf(client, repository)).v1;
      expect(placeholder).not.toBe(image.digest);
      await expect(removeTag(client, repository, v1, digestOf("else"))).rejects.toThrow(TagMoved);
      expect((await tagsOf(client, repository)).v1).toBe(placeholder);
    });

    async function pushTag(where: Repository, tag: ReturnType<typeof parseTag>): Promise<void> {
      const client = clientOf(server.url);
      const manifest = await client.manifests.get(where, image.digest);
      if (manifest) await client.manifests.put(where, tag, manifest);
    }
  });
});

/** Removes a manifest from a server's disk, so that its tags dangle. */
async function removeRevision(server: RunningServer, repository: Repository, { digest }: Descriptor): Promise<void> {
  const path = join(server.directory, "docker/registry/v2/repositories", repository, "_manifests/revisions/sha256", digest.slice(7));
  await rm(path, { recursive: true });
}
