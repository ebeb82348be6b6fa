import { artifact, image, index, push } from "../images";
import { dataOf, each, errorOf, fields, type Rig, rig, tagNames } from "./rig";

const small = image({ layers: ["small"] });
const names = ["V2", "latest", "v1", "v10", "v2"];

function filled(options: Parameters<typeof rig>[0] = {}): Rig {
  const world = rig(options);
  push(world.store, "team/app", names.toReversed(), small);
  return world;
}

const info = (tag: string, path = "team/app") => `taginfo?repository=${path}&tagName=${tag}`;

describe("GET tags", () => {
  it("shows a tag as the vendor's sample does", async () => {
    const { call, store, clock } = rig();
    push(store, "httpd", "latest", small);
    clock.advance(60_000);
    push(store, "httpd", "latest", small);
    const details = dataOf(await call("GET", info("latest", "httpd"))).details;
    const size = small.blobs[1]?.bytes.length;
    expect(details).toMatchObject({ digest: small.digest, size, architecture: "amd64", layers: [{ os: "linux", parent: null, size }] });
    const entry = {
      id: 1000,
      repositoryName: "httpd",
      tagName: "latest",
      tenantId: 1,
      available: true,
      lastUpdated: "2026-01-01T00:01:00.0008036",
      lastUpdatedBy: "admin",
      lastUpdatedById: 1001,
      details,
      pullCount: 0,
      pushCount: 2,
      size,
      os: "amd64",
      digest: small.digest,
      created: "2026-01-01T00:00:00.0008036",
      updated: "2026-01-01T00:01:00.0008036",
      deletingUser: 0,
      pullCommand: "docker pull registry.test/httpd:latest",
      pushCommand: "docker push registry.test/httpd:latest",
    };
    expect(fields(await call("GET", "tags?repository=httpd"))).toEqual({ error: null, total: 1, count: 1, entries: [entry] });
    expect(fields(await call("GET", info("latest", "httpd")))).toEqual({ error: null, data: entry });
    expect(fields(await call("GET", "taginfo?repository=httpd&tagname=latest"))).toEqual({ error: null, data: entry });
  });

  it("shows only what is supported by the switch otherFields", async () => {
    const entry = dataOf(await filled({ otherFields: "absent" }).call("GET", info("v1")));
    const supported = [
      "repositoryName",
      "tagName",
      "lastUpdated",
      "lastUpdatedBy",
      "details",
      "pullCount",
      "pushCount",
      "pullCommand",
      "pushCommand",
    ];
    expect(Object.keys(entry)).toEqual(supported);
  });

  it.each([
    ["", names, 5],
    ["&startAfter=latest", ["v1", "v10", "v2"], 3],
    ["&startAfter=v11", ["v2"], 1],
    ["&skip=1&take=2", ["latest", "v1"], 5],
    ["&startAfter=v1&take=1", ["v10"], 2],
  ])("lists by %s, sorted by code points", async (query, expected, total) => {
    const answer = await filled().call("GET", `tags?repository=team/app${query}`);
    expect(tagNames(answer)).toEqual(expected);
    expect(fields(answer)).toMatchObject({ total, count: expected.length });
  });

  it("sorts, and skips by startAfter, without regard to case by the switch collation", async () => {
    const { call } = filled({ collation: "ignore-case" });
    const list = async (query: string) => tagNames(await call("GET", `tags?repository=team/app${query}`));
    expect((await list("")).map((name) => String(name).toLowerCase())).toEqual(["latest", "v1", "v10", "v2", "v2"]);
    expect(await list("&startAfter=v2")).toEqual([]);
    expect(await list("&startAfter=V10")).toHaveLength(2);
  });

  it("is empty for a project without images and for a repository without tags", async () => {
    const { call, store } = rig({ projects: { fresh: {} } });
    push(store, "old", undefined, small);
    for (const path of ["fresh", "old"])
      expect(fields(await call("GET", `tags?repository=${path}`))).toMatchObject({ error: null, total: 0, entries: [] });
  });
});

describe("lastUpdated", () => {
  it("is when the tag was pushed last, whenever its manifest came", async () => {
    const { call, store, clock } = rig();
    push(store, "app", "old", small);
    clock.advance(86_400_000);
    push(store, "app", "new", small);
    expect(each(await call("GET", "tags?repository=app"), "lastUpdated")).toEqual([
      "2026-01-02T00:00:00.0008036",
      "2026-01-01T00:00:00.0008036",
    ]);
  });

  it.each([
    ["seven", 7, "2026-01-01T00:00:00.0078036"],
    ["zone", 7, "2026-01-01T00:00:00.0078036Z"],
    ["trimmed", 7, "2026-01-01T00:00:00.007"],
    ["trimmed", 500, "2026-01-01T00:00:00.5"],
    ["trimmed", 0, "2026-01-01T00:00:00"],
    ["trimmed", 10_000, "2026-01-01T00:00:10"],
  ] as const)("is written by the switch dates: %s", async (dates, milliseconds, expected) => {
    const { call, store, clock } = rig({ dates });
    clock.advance(milliseconds);
    push(store, "app", "v1", small);
    expect(dataOf(await call("GET", info("v1", "app"))).lastUpdated).toBe(expected);
  });
});

describe("details", () => {
  it("has the history, the newest step first, with the image's configuration there", async () => {
    const { call, store } = rig();
    const blob = (bytes: Buffer) => ({ digest: store.putBlob("app", bytes), size: bytes.length });
    const config = {
      created: "2020-02-02T00:15:26.931302214Z",
      architecture: "arm64",
      os: "linux",
      docker_version: "18.09.7",
      config: { Cmd: ["httpd"], Env: ["A=b"], WorkingDir: "/srv" },
      history: [
        { created: "2020-02-01T17:20:54.180869000Z", created_by: "ADD file" },
        { created: "2020-02-02T00:15:26.600000000Z", created_by: "EXPOSE 80", empty_layer: true },
        { created: "2020-02-02T00:15:26Z", created_by: "CMD httpd", empty_layer: true },
      ],
    };
    const mediaType = "application/vnd.docker.distribution.manifest.v2+json";
    const document = {
      schemaVersion: 2,
      mediaType,
      config: blob(Buffer.from(JSON.stringify(config))),
      layers: [blob(Buffer.alloc(1_000))],
    };
    const { digest } = store.putManifest("app", mediaType, Buffer.from(JSON.stringify(document)), "v1");
    const { details } = dataOf(await call("GET", info("v1", "app")));
    const id = expect.stringMatching(/^[0-9a-f]{64}$/);
    const none = { workingDir: null, entryPoint: null, env: null };
    const old = { id, config: null, docker_Version: null, os: null };
    expect(details).toEqual({
      digest,
      size: 1_000,
      architecture: "arm64",
      layers: [
        {
          id,
          config: { cmd: ["httpd"], env: ["A=b"], workingDir: "/srv", entryPoint: null },
          containerConfig: { cmd: ["CMD httpd"], ...none },
          created: "2020-02-02T00:15:26Z",
          docker_Version: "18.09.7",
          os: "linux",
          parent: id,
          size: 32,
        },
        { ...old, containerConfig: { cmd: ["EXPOSE 80"], ...none }, created: "2020-02-02T00:15:26.6Z", parent: id, size: 32 },
        { ...old, containerConfig: { cmd: ["ADD file"], ...none }, created: "2020-02-01T17:20:54.180869Z", parent: null, size: 1_000 },
      ],
    });
    const { layers } = details as { layers: { id: string; parent: string | null }[] }; // as just compared
    expect(layers.slice(0, -1).map(({ parent }) => parent)).toEqual(layers.slice(1).map((layer) => layer.id));
  });

  it.each(["oci", "docker"] as const)(
    "of an index (%s) is its digest, that of its first image, or null, by the switch indexDetails",
    async (format) => {
      const children = [
        image({ format, layers: ["1"], platform: { os: "linux", architecture: "arm64" } }),
        image({ format, layers: ["2"] }),
      ];
      const multi = index(children, { format });
      const details = async (indexDetails: "index" | "child" | "null") => {
        const { call, store } = rig({ indexDetails });
        push(store, "app", "v1", multi);
        return dataOf(await call("GET", info("v1", "app")));
      };
      expect(await details("index")).toMatchObject({
        details: { digest: multi.digest, size: 0, architecture: null, layers: [] },
        digest: multi.digest,
      });
      expect(await details("child")).toMatchObject({ details: { digest: children[0]?.digest, architecture: "arm64", layers: [{}] } });
      expect(await details("null")).toMatchObject({ details: null, size: 0, digest: null });
    },
  );

  it("are completed when the configuration comes after its manifest", async () => {
    const { call, store } = rig();
    store.putManifest("app", small.mediaType, small.bytes, "v1");
    expect(dataOf(await call("GET", info("v1", "app")))).toMatchObject({ details: { digest: small.digest, architecture: null } });
    for (const { bytes } of small.blobs) store.putBlob("app", bytes);
    expect(dataOf(await call("GET", info("v1", "app")))).toMatchObject({ details: { architecture: "amd64" } });
  });

  it("of an artifact, or of an image whose configuration has no date, is what there is", async () => {
    const { call, store } = rig();
    push(store, "app", "sbom", artifact({ artifactType: "application/spdx+json" }));
    push(store, "app", "undated", image({ created: null }));
    expect(dataOf(await call("GET", info("sbom", "app")))).toMatchObject({
      details: { size: 2, architecture: null, layers: [{ created: null }] },
    });
    expect(dataOf(await call("GET", info("undated", "app")))).toMatchObject({ details: { layers: [{ created: null }] } });
  });
});

describe("DELETE taginfo", () => {
  const other = image({ layers: ["other"] });

  it.each([
    ["deleted", ["v3"]],
    ["kept", ["V2", "latest", "v10", "v2", "v3"]],
  ] as const)("leaves tags of the same digest %s by the switch siblings", async (siblings, left) => {
    const { call, store } = filled({ siblings });
    push(store, "team/app", "v3", other);
    expect(fields(await call("DELETE", info("v1")))).toEqual({ error: null, data: true });
    expect(tagNames(await call("GET", "tags?repository=team/app"))).toEqual(left);
    expect(store.repository("team/app")?.manifests.has(small.digest)).toBe(siblings === "kept");
  });

  it("takes a child away from a kept index when the child had a tag of its own", async () => {
    const { call, store } = rig();
    push(store, "app", "all", index([small, other]));
    push(store, "app", "amd64", small);
    await call("DELETE", info("amd64", "app"));
    expect(tagNames(await call("GET", "tags?repository=app"))).toEqual(["all"]);
    expect([...(store.repository("app")?.manifests.keys() ?? [])]).not.toContain(small.digest);
  });

  it.each([
    [info("none"), "The tag 'none' does not exist in repository 'team/app'."],
    [info("v1", "none"), "The repository 'none' does not exist."],
    ["taginfo?tagName=v1", "The argument repository is required."],
    ["taginfo?repository=team/app", "The argument tagName is required."],
  ])("of %s deletes nothing", async (target, error) => {
    const { call, store } = filled();
    expect(errorOf(await call("DELETE", target))).toBe(error);
    expect(store.repository("team/app")?.tags.size).toBe(names.length);
  });
});
