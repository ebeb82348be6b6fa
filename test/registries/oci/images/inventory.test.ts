import { RepositoryUnknown } from "../../../../provider/registries/image-registry";
import { digestOf, mediaTypes } from "../../../../provider/registries/oci";
import type { Fault } from "../../../sandbox";
import { artifact, type Fixture, image, index, push } from "../../../sandbox/images";
import { type Reply, scripted } from "../scripted";
import { forget, plain, world } from "./world";

const repository = "team/app";
const one = image({ layers: ["one"] });
const two = image({ layers: ["two"], platform: { os: "linux", architecture: "arm64" } });
const three = image({ layers: ["three"] });
const multi = index([one, two]);
const tagFor = (subject: { digest: string }) => subject.digest.replace(":", "-");

describe("An inventory holds all that tags lead to", () => {
  it("children of indexes, however deep, each once", async () => {
    const { store, registry } = await world();
    const deep = index([index([multi]), three]);
    push(store, repository, "deep", deep);
    push(store, repository, ["multi", "latest"], multi);
    const found = await registry.inventory(repository);
    expect(Object.fromEntries(found.tags)).toEqual({ deep: deep.digest, multi: multi.digest, latest: multi.digest });
    const all = [deep, index([multi]), multi, one, two, three].map(({ digest }) => digest);
    expect([...found.manifests.keys()].sort()).toEqual(all.sort());
    expect(found.manifests.get(multi.digest)).toEqual({
      digest: multi.digest,
      mediaType: mediaTypes.ociIndex,
      size: multi.bytes.length,
      kind: "image",
      children: [one.digest, two.digest],
      blobs: [],
      index: true,
    });
    expect(found.manifests.get(one.digest)).toEqual({
      digest: one.digest,
      mediaType: mediaTypes.ociManifest,
      size: one.bytes.length,
      kind: "image",
      children: [],
      blobs: one.blobs.map(({ digest, bytes }) => ({ digest, size: bytes.length })),
      artifactType: mediaTypes.ociConfig,
      index: false,
    });
    expect([found.dangling, [...found.missing]]).toEqual([[], []]);
  });

  it("subjects of referrers, and subjects in the names of signatures' tags, though no tag is on them", async () => {
    const { store, registry } = await world({ referrersApi: false });
    const referrer = artifact({ artifactType: "application/vnd.example.sbom", subject: multi });
    push(store, repository, undefined, multi);
    push(store, repository, "sbom", referrer);
    push(store, repository, undefined, three);
    push(store, repository, `my-${tagFor(three)}.sig`, image({ layers: ["signature"] }));
    const { manifests } = await registry.inventory(repository);
    expect(manifests.get(referrer.digest)?.subject).toBe(multi.digest);
    expect([multi, one, two, three].every(({ digest }) => manifests.has(digest))).toBe(true);
  });

  it("what turns up missing: children, subjects, and subjects in names", async () => {
    const { store, registry } = await world({ sparse: "all" });
    push(store, repository, undefined, one);
    store.putManifest(repository, multi.mediaType, multi.bytes, "partial");
    push(store, repository, "sbom", artifact({ artifactType: "application/vnd.example.sbom", subject: three }));
    const gone = digestOf("gone");
    push(store, repository, `${tagFor({ digest: gone })}.att`, image({ layers: ["attestation"] }));
    const { manifests, missing } = await registry.inventory(repository);
    expect([...missing].sort()).toEqual([two.digest, three.digest, gone].sort());
    expect(manifests.get(multi.digest)?.children).toEqual([one.digest, two.digest]);
  });

  it.each([
    ["nothing", []],
    ["one tag", ["v1"]],
  ])("of a repository with %s left", async (_, tags) => {
    const { store, registry } = await world({ paging: "distribution-2.8" });
    push(store, repository, ["v1", "v2"], one);
    for (const tag of ["v1", "v2"]) if (!tags.includes(tag)) store.deleteTag(repository, tag);
    expect([...(await registry.inventory(repository)).tags.keys()]).toEqual(tags);
  });

  it("or is an error of its own kind if there is no such repository", async () => {
    const { registry } = await world();
    const failure = await registry.inventory("team/none").catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RepositoryUnknown);
    expect(String(failure)).toContain("team/none");
  });
});

describe("An inventory is the same", () => {
  const fill = async (options: Parameters<typeof world>[0]) => {
    const made = await world(options);
    for (let n = 0; n < 30; n++) push(made.store, repository, [`v${n}`, `w${n}`], image({ layers: [`${n % 20}`] }));
    push(made.store, repository, "multi", index([multi, three]));
    return made;
  };
  it.each([
    ["whatever the server's order and pages", { paging: "distribution-2.8", accept: "distribution-2.8" } as const, {}],
    ["with one request at a time", {}, { concurrency: 1 }],
    ["with many at a time", {}, { concurrency: 32 }],
    ["with tokens", { auth: "bearer" } as const, {}],
  ])("%s", async (_, switches, options) => {
    const expected = plain(await (await fill({})).registry.inventory(repository));
    const { open } = await fill(switches);
    expect(plain(await open(options).inventory(repository))).toEqual(expected);
  });

  it("when it is taken again, by names of tags", async () => {
    const { registry } = await fill({});
    const first = await registry.inventory(repository);
    expect(plain(await registry.inventory(repository))).toEqual(plain(first));
  });

  it.each(["short-page", "delay"] as const)("when the server answers with a %s", async (kind) => {
    const { registry, sandbox } = await fill({});
    const fault: Fault = kind === "delay" ? { kind, ms: 5 } : { kind };
    sandbox.control.inject({ api: "oci", fault, times: 3 });
    const found = plain(await registry.inventory(repository));
    sandbox.control.clearFaults();
    expect(found).toEqual(plain(await registry.inventory(repository)));
  });
});

describe("Requests", () => {
  it("are one for each tag and one for each digest that only an index or a referrer leads to", async () => {
    const { store, registry, lines } = await world();
    push(store, repository, ["a", "b"], three);
    push(store, repository, "multi", multi);
    push(store, repository, "other", index([one, three]));
    await registry.inventory(repository);
    expect(lines().sort()).toEqual(
      [
        "GET team/app tags list",
        ...["a", "b", "multi", "other"].map((tag) => `GET team/app manifests ${tag}`),
        ...[one, two].map(({ digest }) => `GET team/app manifests ${digest}`),
      ].sort(),
    );
  });

  it("are a HEAD for each tag the next time, and a GET for each new digest", async () => {
    const { store, registry, lines } = await world();
    push(store, repository, ["a", "b"], three);
    push(store, repository, "multi", multi);
    await registry.inventory(repository);
    lines();
    push(store, repository, "new", image({ layers: ["new"] }));
    push(store, repository, "again", image({ layers: ["new"] }));
    const found = await registry.inventory(repository);
    expect(lines().sort()).toEqual(
      [
        "GET team/app tags list",
        ...["a", "again", "b", "multi", "new"].map((tag) => `HEAD team/app manifests ${tag}`),
        `GET team/app manifests ${image({ layers: ["new"] }).digest}`,
      ].sort(),
    );
    expect(found.manifests.size).toBe(5);
  });

  it("are not saved where existence is in question: what was seen in one repository is not believed of another", async () => {
    const { store, registry, lines } = await world({ sparse: "all" });
    push(store, "team/whole", "multi", multi);
    store.putManifest(repository, multi.mediaType, multi.bytes, "multi");
    expect((await registry.inventory("team/whole")).missing.size).toBe(0);
    lines();
    expect([...(await registry.inventory(repository)).missing].sort()).toEqual([one.digest, two.digest].sort());
    expect(lines()).toHaveLength(4);
  });

  it("of several repositories at a time stay below the limit together", async () => {
    const { store, sandbox, open } = await world();
    let most = 0;
    const registry = open({ concurrency: 3 });
    for (const name of ["a", "b", "c", "d"]) for (let n = 0; n < 10; n++) push(store, name, `v${n}`, image({ layers: [`${n}`] }));
    sandbox.control.inject({ api: "oci", times: 50, fault: { kind: "delay", ms: 2 } });
    const watch = setInterval(() => {
      most = Math.max(most, sandbox.control.requests({ status: 0 }).length);
    }, 1);
    await Promise.all(["a", "b", "c", "d"].map((name) => registry.inventory(name)));
    clearInterval(watch);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(3);
  });
});

describe("A tag whose manifest is not there", () => {
  it("is no error if it is gone from a fresh list", async () => {
    const { store, registry, sandbox, lines } = await world();
    push(store, repository, ["a", "b"], one);
    push(store, repository, "c", two);
    await registry.inventory(repository);
    store.deleteManifest(repository, one.digest);
    lines();
    sandbox.control.inject({ api: "oci", path: "tags/list", fault: "stale-list" });
    const found = await registry.inventory(repository);
    expect([Object.fromEntries(found.tags), found.dangling]).toEqual([{ c: two.digest }, []]);
    // One list for both.
    expect(lines().filter((line) => line.includes("tags list"))).toHaveLength(2);
  });

  it("is dangling if it is listed still", async () => {
    const { store, registry } = await world();
    push(store, repository, ["a", "b"], one);
    push(store, repository, "c", two);
    forget(store, repository, one);
    const found = await registry.inventory(repository);
    expect([Object.fromEntries(found.tags), found.dangling]).toEqual([{ c: two.digest }, ["a", "b"]]);
    expect([...found.manifests.keys()]).toEqual([two.digest]);
  });

  it("and that is there again is taken up with all it leads to", async () => {
    const { store, registry, sandbox } = await world();
    push(store, repository, "multi", multi);
    const unknown = JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }] });
    sandbox.control.inject({ api: "oci", path: "manifests/multi", fault: { kind: "status", status: 404, body: unknown } });
    const found = await registry.inventory(repository);
    expect([found.tags.get("multi"), found.dangling, found.manifests.size]).toEqual([multi.digest, [], 3]);
  });

  it("is no proof if the server does not say what is missing", async () => {
    const { store, registry, sandbox } = await world();
    push(store, repository, "v1", one);
    sandbox.control.inject({ api: "oci", path: "manifests/v1", fault: { kind: "status", status: 404, body: "{}" } });
    await expect(registry.inventory(repository)).rejects.toThrow(/team\/app\/manifests\/v1: 404.*not taken for absence/);
  });

  it("makes the repository unknown if that has gone with it", async () => {
    const { store, registry, sandbox } = await world();
    push(store, repository, "v1", one);
    await registry.inventory(repository);
    store.deleteRepository(repository);
    sandbox.control.inject({ api: "oci", path: "tags/list", fault: "stale-list" });
    await expect(registry.inventory(repository)).rejects.toThrow(RepositoryUnknown);
  });
});

describe("What cannot be read completely is no inventory", () => {
  const places = { list: "tags/list", tag: "manifests/multi", child: `manifests/${two.digest}` };
  const faults: [string, Fault][] = [
    ["403", { kind: "status", status: 403, body: '{"errors":[{"code":"DENIED","message":"not for you"}]}' }],
    ["500", { kind: "status", status: 500 }],
    ["503", { kind: "status", status: 503 }],
    ["a 404 without a reason", { kind: "status", status: 404, body: "" }],
    ["a web page", { kind: "html" }],
    ["JSON that breaks off", { kind: "broken-json" }],
    ["an answer that breaks off", { kind: "truncated" }],
    ["a reset", { kind: "reset-before" }],
    ["a redirect to somebody else", { kind: "redirect" }],
  ];
  const cases = Object.entries(places).flatMap(([place, path]) => faults.map(([name, fault]) => [place, name, path, fault] as const));

  it.each(cases)("in the %s: %s", async (_place, _name, path, fault) => {
    const { store, registry, sandbox } = await world();
    push(store, repository, "multi", multi);
    push(store, repository, "single", three);
    push(store, "team/other", "v1", three);
    sandbox.control.inject({ api: "oci", path: `${repository}/${path}`, times: 2, fault });
    const [failed, other] = await Promise.allSettled([registry.inventory(repository), registry.inventory("team/other")]);
    expect(failed.status).toBe("rejected");
    // Where somebody else answers, the address is somebody else's.
    if (failed.status === "rejected") expect(String(failed.reason)).toContain(`${repository}/${path}`);
    expect(other.status).toBe("fulfilled");
    sandbox.control.clearFaults();
    expect((await registry.inventory(repository)).manifests.size).toBe(4);
  });

  it("a list, a tag and an absence that somebody else answers for", async () => {
    const unknown: Reply = { status: 404, json: { errors: [{ code: "MANIFEST_UNKNOWN" }] } };
    const names: Reply = { json: { name: repository, tags: [] } };
    const stranger = await scripted(({ path }) => (path.includes("tags/list") ? names : unknown));
    for (const path of ["tags/list", "manifests/multi", `manifests/${two.digest}`]) {
      const { store, registry, sandbox } = await world();
      push(store, repository, "multi", multi);
      const to = `${stranger.url}/v2/${repository}/${path}`;
      sandbox.control.inject({ api: "oci", path: `${repository}/${path}`, times: 2, fault: { kind: "redirect", to } });
      await expect(registry.inventory(repository)).rejects.toThrow(/it comes from another server/);
    }
    expect(stranger.seen).toHaveLength(3);
  });

  it("a tag that somebody else answers for, the second time, too", async () => {
    const { store, registry, sandbox } = await world();
    push(store, repository, "multi", multi);
    await registry.inventory(repository);
    sandbox.control.inject({ api: "oci", path: `${repository}/manifests/multi`, times: 2, fault: { kind: "redirect" } });
    await expect(registry.inventory(repository)).rejects.toThrow(/manifests\/multi: 200, but it comes from another server/);
  });

  it("pages that go round in a circle", async () => {
    const { store, registry, sandbox } = await world();
    push(store, repository, "v1", one);
    sandbox.control.inject({ api: "oci", path: "tags/list", times: 3, fault: "looped-link" });
    await expect(registry.inventory(repository)).rejects.toThrow(/team\/app\/tags\/list.*circle/);
  });

  it.each([
    ["no JSON", mediaTypes.ociManifest, "{"],
    ["an image without config", mediaTypes.ociManifest, '{"schemaVersion":2}'],
    ["an index whose children are no list", mediaTypes.ociIndex, '{"schemaVersion":2,"manifests":{}}'],
    ["both index and image", mediaTypes.dockerList, '{"schemaVersion":2,"manifests":[],"layers":[]}'],
    ["an index in all but its media type", "application/vnd.example.thing+json", '{"manifests":[{"digest":"x"}]}'],
  ])("a manifest that is %s, by tag and as a child", async (_, mediaType, text) => {
    const bytes = Buffer.from(text);
    const bad: Fixture = {
      ...one,
      mediaType,
      bytes,
      digest: digestOf(bytes),
      blobs: [],
      descriptor: { mediaType, digest: digestOf(bytes), size: 1 },
    };
    for (const pushed of [bad, index([bad])]) {
      const { store, registry } = await world({ sparse: "all" });
      push(store, repository, "v1", pushed);
      const reference = pushed === bad ? `v1 (${bad.digest})` : bad.digest;
      await expect(registry.inventory(repository)).rejects.toThrow(`The manifest ${reference} of team/app cannot be read`);
    }
  });

  it("an interruption", async () => {
    const { store, registry, sandbox } = await world();
    push(store, repository, "v1", one);
    sandbox.control.inject({ api: "oci", path: "manifests/v1", fault: { kind: "delay", ms: 5000 } });
    const stop = new AbortController();
    const reading = registry.inventory(repository, stop.signal);
    setTimeout(() => stop.abort(), 20);
    await expect(reading).rejects.toMatchObject({ kind: "aborted" });
  });
});

describe("The catalog", () => {
  it("lists every repository once, page by page", async () => {
    const { store, registry } = await world({ paging: "distribution-2.8" });
    const names = Array.from({ length: 250 }, (_, n) => `team/r${String(n).padStart(3, "0")}`);
    for (const name of names) store.createRepository(name);
    expect(await Array.fromAsync(registry.repositories())).toEqual(names);
  });

  it("ends with an interruption", async () => {
    const { store, registry } = await world();
    store.createRepository("a");
    const stop = new AbortController();
    stop.abort();
    await expect(Array.fromAsync(registry.repositories(stop.signal))).rejects.toMatchObject({ kind: "aborted" });
  });

  it.each([
    ["missing", { catalog: false }, {}],
    [
      "closed to a user",
      { auth: "basic", users: { me: { password: "pw", rights: [] } } } as const,
      { credentials: { username: "me", password: "pw" } },
    ],
    [
      "closed to a token",
      { auth: "bearer", users: { me: { password: "pw", rights: [] } } } as const,
      { credentials: { username: "me", password: "pw" } },
    ],
  ])("that is %s says how to go on without it", async (_, switches, client) => {
    const { open } = await world(switches);
    await expect(Array.fromAsync(open({ client }).repositories())).rejects.toThrow(
      /_catalog\?n=1000: 40.*Name the repositories without wildcards/,
    );
  });

  it("that fails says why", async () => {
    const { registry, sandbox } = await world();
    sandbox.control.inject({ api: "oci", path: "_catalog", times: 2, fault: { kind: "status", status: 500 } });
    await expect(Array.fromAsync(registry.repositories())).rejects.toThrow("_catalog?n=1000: 500");
  });
});

it.each([
  ["https://registry.example.com", "registry.example.com"],
  ["http://localhost:5000/", "localhost:5000"],
  ["https://registry.example.com:8443/docker/", "registry.example.com:8443/docker"],
  ["docker.io", "docker.io"],
])("The registry at %s is called %s", async (url, name) => {
  const { open } = await world();
  expect(open({ client: { url } })).toMatchObject({ type: "oci", name, capabilities: { untagged: "hidden", creationTime: "build" } });
});
