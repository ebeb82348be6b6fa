import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Deletion, type ImageRegistry, RepositoryUnknown } from "../../../../provider/registries/image-registry";
import {
  type Descriptor,
  type OciClient,
  ociImageRegistry,
  parseRepository,
  type Repository,
  referrersTag,
} from "../../../../provider/registries/oci";
import { describeServers, type RunningServer, startServer } from "../../../servers";
import { pushImage, pushIndex, tagsOf } from "../real/images";
import { clientOf } from "../scripted";
import { whole } from "./world";

let number = 0;

describeServers("A real registry as cleanup sees it", ({ name }) => {
  let server: RunningServer;
  let client: OciClient;
  let registry: ImageRegistry;
  let repository: Repository;
  beforeAll(async () => {
    server = await startServer(name);
  });
  afterAll(() => server?.stop());
  beforeEach(() => {
    client = clientOf(server.url);
    registry = ociImageRegistry(client);
    repository = parseRepository(`team/images-${++number}`);
  });

  /** A multi-arch image with a signature on it and one on a child, and a single one with two tags. */
  async function fill() {
    const children = [await pushImage(client, repository, []), await pushImage(client, repository, [])];
    const index = await pushIndex(client, repository, ["multi", "latest"], children);
    const list = await pushIndex(client, repository, ["list"], children, true).catch(() => undefined);
    const [first] = children;
    const signatures = [index, first].map((subject) =>
      pushImage(client, repository, [], { ...(subject && { subject }), artifactType: "application/x.signature" }),
    );
    const referrers = await Promise.all(signatures);
    const single = await pushImage(client, repository, ["v1", "v2"], { docker: true });
    return { children, index, list, referrers, single };
  }

  it("shows everything, with the lists of referrers that clients keep", async () => {
    const { children, index, referrers, single } = await fill();
    const inventory = await registry.inventory(repository);
    const fallback = [index, children[0]].map((subject) => referrersTag((subject as Descriptor).digest)); // there are two children
    expect([...inventory.tags.keys()].sort()).toEqual(["latest", "list", "multi", "v1", "v2", ...fallback].sort());
    for (const { digest } of [...children, index, ...referrers, single]) expect(inventory.manifests.has(digest)).toBe(true);
    expect(inventory.manifests.get(index.digest)).toMatchObject({
      kind: "image",
      index: true,
      children: children.map(({ digest }) => digest),
    });
    expect(referrers.map(({ digest }) => inventory.manifests.get(digest)?.subject)).toEqual([index.digest, children[0]?.digest]);
    const detailed = await registry.detail(inventory, { referrers: true, created: new Set(inventory.manifests.keys()) });
    expect(new Set(detailed.manifests.keys())).toEqual(new Set(inventory.manifests.keys()));
    expect(await Array.fromAsync(registry.repositories())).toContain(repository);
  });

  it("is cleaned of what is to go, in order, and of nothing else", async () => {
    const { children, index, list, referrers, single } = await fill();
    const keep = await pushImage(client, repository, ["keep", "drop"]);
    const inventory = await registry.inventory(repository);
    expect(await registry.deletion(repository)).toEqual({
      manifest: "supported",
      tag: name === "distribution" ? "supported" : "placeholder",
    });
    const lists = [index, children[0]].flatMap((subject) => inventory.tags.get(referrersTag((subject as Descriptor).digest)) ?? []); // as above
    const doomed = [
      ...lists,
      ...referrers.map(({ digest }) => digest),
      index.digest,
      ...(list ? [list.digest] : []),
      ...children.map(({ digest }) => digest),
      single.digest,
    ];
    const deletions: Deletion[] = [{ kind: "tag", tag: "drop", digest: keep.digest }, ...doomed.map((digest) => whole(inventory, digest))];
    const results = await registry.delete(repository, deletions, { placeholder: true });
    expect(results.filter(({ outcome }) => outcome !== "deleted")).toEqual([]);
    expect(results.map(({ deletion }) => deletion)).toEqual(deletions);
    const { tags, has } = await registry.listing(repository);
    expect([...tags]).toEqual(["keep"]);
    expect(await Promise.all([...doomed, keep.digest].map(has))).toEqual([...doomed.map(() => false), true]);
    const again = await registry.delete(repository, deletions.slice(1), { placeholder: true });
    expect(new Set(again.map(({ outcome }) => outcome))).toEqual(new Set(["absent"]));
    expect(await tagsOf(client, repository)).toEqual({ keep: keep.digest });
  });

  it("has a dangling tag where a manifest was lost, which can be removed", async () => {
    const { index, single } = await fill();
    const path = join(
      server.directory,
      "docker/registry/v2/repositories",
      repository,
      "_manifests/revisions/sha256",
      single.digest.slice(7),
    );
    await rm(path, { recursive: true });
    const inventory = await registry.inventory(repository);
    expect([inventory.dangling, inventory.tags.has("v1")]).toEqual([["v1", "v2"], false]);
    const dangling = inventory.dangling.map((tag): Deletion => ({ kind: "dangling", tag }));
    const results = await registry.delete(repository, dangling, { placeholder: true });
    expect(results.map(({ outcome }) => outcome)).toEqual(["deleted", "deleted"]);
    expect((await tagsOf(client, repository)).multi).toBe(index.digest);
    expect((await registry.inventory(repository)).dangling).toEqual([]);
  });

  it("has a missing child where one was deleted alone", async () => {
    const { children, index } = await fill();
    const [gone] = children as [Descriptor]; // there are two
    await client.manifests.delete(repository, gone.digest);
    const inventory = await ociImageRegistry(client).inventory(repository);
    expect(inventory.missing).toEqual(new Set([gone.digest]));
    expect(inventory.manifests.get(index.digest)?.kind).toBe("image");
  });

  it("knows no other repositories", async () => {
    await expect(registry.inventory(repository)).rejects.toThrow(RepositoryUnknown);
  });

  it("loses no tag to deletions that run side by side", async () => {
    const images = await Promise.all(Array.from({ length: 24 }, (_, n) => pushImage(client, repository, [`a${n}`, `b${n}`])));
    const inventory = await registry.inventory(repository);
    const doomed = images.slice(0, 20).map(({ digest }) => whole(inventory, digest));
    const results = await ociImageRegistry(client, { deletions: 8 }).delete(repository, doomed, { placeholder: false });
    expect(results.filter(({ outcome }) => outcome !== "deleted")).toEqual([]);
    const left = await registry.inventory(repository);
    expect([left.tags.size, left.dangling]).toEqual([8, []]);
  });
});
