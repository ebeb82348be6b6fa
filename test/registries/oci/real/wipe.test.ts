import {
  deleteRepositoryContent,
  parseRepository,
  parseTag,
  type Repository,
  removeTag,
  repositoryContent,
} from "../../../../provider/registries/oci";
import { describeServers, type RunningServer, startServer } from "../../../servers";
import { clientOf } from "../scripted";
import { pushImage, pushIndex, tagsOf } from "./images";
import { type Proxied, proxied } from "./proxied";

let number = 0;
const isProbe = (path: string) => path.includes("0000000000") || path.includes("registry-as-code-probe");

describeServers("Emptying a repository", ({ name }) => {
  let server: RunningServer;
  let proxy: Proxied;
  let repository: Repository;
  beforeAll(async () => {
    server = await startServer(name);
  });
  afterAll(() => server?.stop());
  beforeEach(async () => {
    proxy = await proxied(server.url);
    repository = parseRepository(`team/wipe-${++number}`);
  });

  it("deletes referrers before their subjects and indexes before their children", async () => {
    const client = clientOf(server.url);
    const child = await pushImage(client, repository, ["child"]);
    const index = await pushIndex(client, repository, ["latest"], [child]);
    const signature = await pushImage(client, repository, ["signature"], { subject: index });
    const signatureOfChild = await pushImage(client, repository, [], { subject: child });
    await deleteRepositoryContent(proxy.client(), repository);
    const deleted = proxy.seen
      .filter(({ method, path }) => method === "DELETE" && !isProbe(path))
      .map(({ path }) => path.split("/").at(-1));
    const place = (digest: string) => deleted.indexOf(digest);
    expect(deleted).toEqual(expect.arrayContaining([child.digest, index.digest, signature.digest, signatureOfChild.digest]));
    expect(place(signature.digest)).toBeLessThan(place(index.digest));
    expect(place(index.digest)).toBeLessThan(place(child.digest));
    expect(place(signatureOfChild.digest)).toBeLessThan(place(child.digest));
  });

  it("goes on where an interrupted run left off", async () => {
    const client = clientOf(server.url);
    for (const tag of ["a", "b", "c"]) await pushIndex(client, repository, [tag], [await pushImage(client, repository, [])]);
    let deletions = 0;
    proxy.intercept(({ method, path }) => (method === "DELETE" && !isProbe(path) && ++deletions > 2 ? "before" : undefined));
    await expect(deleteRepositoryContent(proxy.client({ retry: { attempts: 1 } }), repository)).rejects.toThrow();
    expect(Object.keys(await tagsOf(client, repository)).length).toBeGreaterThan(0);
    await deleteRepositoryContent(client, repository);
    expect(await tagsOf(client, repository)).toEqual({});
  });

  it("lists again, and deletes what came meanwhile", async () => {
    const client = clientOf(server.url);
    await pushImage(client, repository, ["a"]);
    let pushed = false;
    proxy.intercept(async ({ method, path }) => {
      if (method === "DELETE" && !isProbe(path) && !pushed) {
        pushed = true;
        await pushImage(client, repository, ["late"]);
      }
      return undefined;
    });
    expect(await deleteRepositoryContent(proxy.client(), repository)).toEqual({ manifests: 2, tags: 2 });
    expect(await tagsOf(client, repository)).toEqual({});
  });

  it("gives up on a repository that fills up again and again, and says what is left", async () => {
    const client = clientOf(server.url);
    await pushImage(client, repository, ["a"]);
    let serial = 0;
    proxy.intercept(async ({ method, path }) => {
      if (method === "DELETE" && !isProbe(path)) await pushImage(client, repository, [`late-${++serial}`]);
      return undefined;
    });
    await expect(deleteRepositoryContent(proxy.client(), repository)).rejects.toThrow(/still has 1 tags \(late-\d+\).*Somebody pushes/);
  });

  it("removes tags whose manifests are gone", async () => {
    const client = clientOf(server.url);
    const child = await pushImage(client, repository, []);
    const index = await pushIndex(client, repository, ["latest"], [child]);
    // A child that was deleted alone must not stop the rest.
    await client.manifests.delete(repository, child.digest);
    await deleteRepositoryContent(client, repository);
    expect(await client.manifests.head(repository, index.digest)).toBeUndefined();
    expect(await repositoryContent(client, repository)).toEqual({ known: true, tags: [] });
  });

  it("tells what stands in a repository", async () => {
    const client = clientOf(server.url);
    expect(await repositoryContent(client, repository)).toEqual({ known: false, tags: [] });
    const [one, two] = [await pushImage(client, repository, ["a", "b"]), await pushImage(client, repository, ["c"])];
    const { known, tags } = await repositoryContent(client, repository);
    expect(known).toBe(true);
    expect(Object.fromEntries(tags.map(({ tag, digest }) => [tag, digest]))).toEqual({ a: one.digest, b: one.digest, c: two.digest });
  });

  if (name !== "distribution") return;

  it("takes the tags first where the registry keeps manifests that have some, as GCR does", async () => {
    const client = clientOf(server.url);
    const image = await pushImage(client, repository, ["a", "b"]);
    proxy.intercept(async ({ method, path }) => {
      const tagged = method === "DELETE" && path.endsWith(image.digest) && Object.keys(await tagsOf(client, repository)).length > 0;
      return tagged ? { status: 400, json: { errors: [{ code: "GOOGLE_MANIFEST_DANGLING_TAG", message: "tags" }] } } : undefined;
    });
    expect(await deleteRepositoryContent(proxy.client(), repository)).toEqual({ manifests: 1, tags: 2 });
    expect(await client.manifests.head(repository, image.digest)).toBeUndefined();
  });

  it("takes the tags alone where the registry deletes nothing else", async () => {
    const client = clientOf(server.url);
    const image = await pushImage(client, repository, ["a", "b"]);
    proxy.intercept(({ method, path }) =>
      method === "DELETE" && path.includes("sha256:") ? { status: 405, json: { errors: [{ code: "UNSUPPORTED" }] } } : undefined,
    );
    expect(await deleteRepositoryContent(proxy.client(), repository)).toEqual({ manifests: 0, tags: 2 });
    expect(await tagsOf(client, repository)).toEqual({});
    expect(await client.manifests.head(repository, image.digest)).toEqual(image);
  });

  it("of single tags leaves the others (the two do not disturb each other)", async () => {
    const client = clientOf(server.url);
    const image = await pushImage(client, repository, ["a", "b"]);
    await removeTag(client, repository, parseTag("a"), image.digest);
    expect(await tagsOf(client, repository)).toEqual({ b: image.digest });
  });
});
