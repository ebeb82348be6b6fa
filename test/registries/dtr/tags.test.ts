import { connected, failure } from "./connected";
import { all, describeRows } from "./rows";

/** As a Jenkins tag cleaner sees it, without `includeManifests`. */
const tag = {
  name: "commit-test",
  digest: "sha256:aa",
  author: "194efd8e",
  updatedAt: "2018-12-01T00:00:00.000Z",
  createdAt: "2018-12-01T00:00:00.000Z",
  hashMismatch: false,
  inNotary: false,
  manifest: {
    digest: "sha256:aa",
    mediaType: "application/vnd.docker.distribution.manifest.v2+json",
    configMediaType: "application/vnd.docker.container.image.v1+json",
    size: 100,
    createdAt: "2018-12-01T00:00:00.000Z",
  },
};
const listed = { ...tag, manifest: { ...tag.manifest, dockerfile: [] } };
const promotion = { promotionPolicyID: "p1", sourceRepository: "a/b", sourceTag: "1", string: "sha256:bb" };
const promoted = { promotionPolicyID: "p1", sourceRepository: "a/b", sourceTag: "1", digest: "sha256:bb" };
const mirroring = { mirroringPolicyID: "m1", digest: "sha256:cc", remoteRepository: "c/d", remoteTag: "1" };
const inRepository = { namespace: "a", repository: "b" };
const path = "/api/v0/repositories/a/b";
const denied = [403, "NOT_AUTHORIZED"] as const;

describe("manifests and tags on the wire", () => {
  describeRows(
    ["manifests", "tags"],
    [
      {
        name: "manifests.list",
        line: `GET ${path}/manifests?pageSize=100`,
        reply: {
          json: [
            { digest: "sha256:aa", os: "linux", architecture: "amd64", author: null, dockerfile: [{ line: "RUN x", size: 3, urls: null }] },
            { digest: "sha256:bb", dockerfile: null },
          ],
        },
        run: (client) => all(client.manifests.list(inRepository)),
        gives: [
          {
            digest: "sha256:aa",
            os: "linux",
            architecture: "amd64",
            dockerfile: [{ line: "RUN x", layerDigest: "", size: 3, isEmpty: false, urls: [] }],
          },
          { digest: "sha256:bb", dockerfile: [] },
        ],
        errors: [[404, "NO_SUCH_REPOSITORY"]],
      },
      {
        name: "manifests.delete",
        line: `DELETE ${path}/manifests/sha256%3Aaa`,
        reply: { status: 204 },
        run: (client) => client.manifests.delete({ ...inRepository, reference: "sha256:aa" }),
        gives: undefined,
        errors: [[400, "INVALID_DIGEST"], denied, [404, "NO_SUCH_REF"]],
      },
      {
        name: "tags.list",
        line: `GET ${path}/tags?includeManifests=false&domain=dtr.example.com&pageSize=100`,
        reply: { json: [tag, { ...tag, name: "other", promotion, mirroring }] },
        run: (client) => all(client.tags.list({ ...inRepository, includeManifests: false, domain: "dtr.example.com" })),
        gives: [listed, { ...listed, name: "other", promotion: promoted, mirroring }],
        errors: [denied, [404, "NO_SUCH_REPOSITORY"]],
      },
      {
        name: "tags.list",
        line: `GET ${path}/tags?pageSize=100`,
        reply: { json: null },
        run: (client) => all(client.tags.list(inRepository)),
        gives: [],
        errors: [],
      },
      {
        name: "tags.get",
        line: `GET ${path}/tags/commit-test?os=linux&arch=amd64`,
        reply: {
          json: [
            {
              ...tag,
              vuln_summary: { critical: 1, major: 2, minor: 3, last_scan_status: 6, check_completed_at: "0001-01-01T00:00:00Z" },
              licenses: [{ name: "MIT", url: "", type: "permissive" }],
              components: [{ name: "zlib", version: "1", vulnCount: null, filepaths: null }],
            },
          ],
        },
        run: (client) => client.tags.get({ ...inRepository, reference: "commit-test", os: "linux", arch: "amd64" }),
        gives: [
          {
            ...listed,
            vuln_summary: { critical: 1, major: 2, minor: 3, last_scan_status: 6 },
            licenses: [{ name: "MIT", url: "", type: "permissive" }],
            components: [{ name: "zlib", version: "1", filepaths: [] }],
          },
        ],
        errors: [denied, [404, "NO_SUCH_REF"]],
      },
      {
        name: "tags.get",
        line: `GET ${path}/tags/sha256%3Aaa`,
        reply: { json: [tag, { ...tag, name: "twin" }] },
        run: (client) => client.tags.get({ ...inRepository, reference: "sha256:aa" }),
        gives: [
          { ...listed, licenses: [], components: [] },
          { ...listed, name: "twin", licenses: [], components: [] },
        ],
        errors: [],
      },
      {
        name: "tags.delete",
        line: `DELETE ${path}/tags/1.0?domain=dtr.example.com`,
        reply: { status: 204 },
        run: (client) => client.tags.delete({ ...inRepository, tag: "1.0", domain: "dtr.example.com" }),
        gives: undefined,
        errors: [denied, [404, "NO_SUCH_TAG"], [409, "TAG_IN_NOTARY"]],
      },
      {
        name: "tags.promote",
        line: `POST ${path}/tags/1.0/promotion`,
        body: { targetRepository: "prod/b", targetTag: "1.0" },
        reply: { status: 201, json: promotion },
        run: (client) => client.tags.promote({ ...inRepository, tag: "1.0", targetRepository: "prod/b", targetTag: "1.0" }),
        gives: promoted,
        errors: [[400, "INVALID_TAG_NAME"], denied, [404, "NO_SUCH_TAG"]],
      },
      {
        name: "tags.mirror",
        line: `POST ${path}/tags/1.0/pushMirroring`,
        body: { remoteHost: "https://other", remoteRepository: "c/d", remoteTag: "1", username: "u", password: "p4ssw0rd-there" },
        reply: { status: 201, json: mirroring },
        run: (client) =>
          client.tags.mirror({
            ...inRepository,
            tag: "1.0",
            remoteHost: "https://other",
            remoteRepository: "c/d",
            remoteTag: "1",
            username: "u",
            password: "p4ssw0rd-there",
          }),
        gives: mirroring,
        errors: [[400, "INVALID_TAG_NAME"], denied, [404, "NO_SUCH_TAG"]],
      },
    ],
  );
});

describe("a deletion whose answer is lost", () => {
  it("of a tag is not repeated: the tag may have been pushed again", async () => {
    await connected(
      () => ({ reset: true }),
      async ({ client, server }) => {
        expect(await failure(client.tags.delete({ ...inRepository, tag: "latest" }))).toMatchObject({ fate: "unknown" });
        expect(server.seen).toHaveLength(1);
      },
    );
  });

  it("of a manifest is repeated: a digest stays the same", async () => {
    await connected(
      (_, index) => (index === 0 ? { reset: true } : { status: 204 }),
      async ({ client, server }) => {
        await client.manifests.delete({ ...inRepository, reference: "sha256:aa" });
        expect(server.seen).toHaveLength(2);
      },
    );
  });
});
