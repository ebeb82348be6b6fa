import { all } from "../rows";
import { row, type SandboxRow } from "../sandbox-row";
import { app, arm, multi, now, scannedImage, second, type World } from "../sandbox-world";
import { remote } from "./answers";

const created = "2026-01-01T00:00:00.000123456Z";

const manifest = ({ digest, mediaType }: { readonly digest: string; readonly mediaType: string }) => ({ digest, mediaType });

const tag = (world: World, name: string, digest: string) => ({
  name,
  digest,
  author: world.accountId("admin"),
  createdAt: now,
  updatedAt: now,
  hashMismatch: false,
  inNotary: false,
});

export const tagRows: readonly SandboxRow[] = [
  row("manifests.list", {
    call: ({ client }) => all(client.manifests.list(app)),
    gives: () =>
      [arm, multi, scannedImage, second]
        .toSorted((a, b) => (a.digest < b.digest ? -1 : 1))
        .map((one) => expect.objectContaining({ ...manifest(one), createdAt: created })),
  }),
  row("manifests.delete", {
    status: 204,
    call: ({ client }) => client.manifests.delete({ ...app, reference: second.digest }),
    effect: ({ dtr }) => {
      const { manifests, tags } = dtr.store.repository("team/app") ?? {};
      expect([manifests?.has(second.digest), tags?.has("v2")]).toEqual([false, false]);
    },
  }),
  row("tags.list", {
    arrange: ({ state }) => state.sign("team/app", "v2"),
    call: ({ client }) => all(client.tags.list({ ...app, domain: client.registryHost })),
    gives: (world) => [
      { ...tag(world, "multi", multi.digest), manifest: expect.objectContaining(manifest(multi)) },
      {
        ...tag(world, "v1", scannedImage.digest),
        manifest: expect.objectContaining({
          ...manifest(scannedImage),
          configMediaType: "application/vnd.oci.image.config.v1+json",
          size: scannedImage.blobs.reduce((sum, { bytes }) => sum + bytes.length, 0),
          createdAt: created,
        }),
      },
      { ...tag(world, "v2", second.digest), inNotary: true, manifest: expect.objectContaining(manifest(second)) },
    ],
  }),
  row("tags.list includeManifests", {
    call: ({ client }) => all(client.tags.list({ ...app, includeManifests: true })),
    gives: () => [
      expect.objectContaining({ name: "multi" }),
      expect.objectContaining({ manifest: expect.objectContaining({ os: "linux", architecture: "amd64" }) }),
      expect.objectContaining({ name: "v2" }),
    ],
  }),
  row("tags.get", {
    arrange: async ({ client, state }) => {
      await client.imageScan.scan({ ...app, tag: "v1", os: "linux", arch: "amd64" });
      await state.runJobs();
    },
    call: ({ client }) => client.tags.get({ ...app, reference: "v1" }),
    gives: (world) => [
      {
        ...tag(world, "v1", scannedImage.digest),
        manifest: expect.objectContaining({ ...manifest(scannedImage), os: "linux", architecture: "amd64" }),
        vuln_summary: {
          critical: 1,
          major: 1,
          minor: 1,
          last_scan_status: 6,
          check_completed_at: now,
          should_rescan: false,
          has_foreign_layers: false,
        },
        licenses: [{ name: "MIT", url: "https://opensource.org/licenses/MIT", type: "permissive" }],
        components: [
          { name: "musl", version: "1.1.20", vulnCount: { critical: 1, major: 1, minor: 0 }, filepaths: ["lib/ld-musl.so"] },
          { name: "zlib", version: "1.2.11", vulnCount: { critical: 0, major: 0, minor: 0 }, filepaths: ["usr/lib/zlib"] },
          { name: "tool", version: "0.1", vulnCount: { critical: 0, major: 1, minor: 1 }, filepaths: ["usr/lib/tool"] },
        ],
      },
    ],
  }),
  row("tags.get of an index", {
    call: ({ client }) => client.tags.get({ ...app, reference: "multi", os: "linux", arch: "arm64" }),
    gives: (world) => [
      { ...tag(world, "multi", arm.digest), manifest: expect.objectContaining({ architecture: "arm64" }), licenses: [], components: [] },
    ],
  }),
  row("tags.delete", {
    status: 204,
    call: ({ client }) => client.tags.delete({ ...app, tag: "v1", domain: client.registryHost }),
    effect: ({ dtr }) => {
      const { manifests, tags } = dtr.store.repository("team/app") ?? {};
      expect([manifests?.has(scannedImage.digest), tags?.has("v1")]).toEqual([true, false]);
    },
  }),
  row("tags.promote", {
    status: 201,
    call: ({ client }) => client.tags.promote({ ...app, tag: "v1", targetRepository: "team/target", targetTag: "stable" }),
    gives: () => ({ promotionPolicyID: "", sourceRepository: "team/app", sourceTag: "v1", digest: scannedImage.digest }),
    effect: async ({ client, dtr }) => {
      expect(dtr.store.repository("team/target")?.tags.get("stable")).toBe(scannedImage.digest);
      const [promoted] = await client.tags.get({ namespace: "team", repository: "target", reference: "stable" });
      expect(promoted?.promotion).toMatchObject({ sourceRepository: "team/app", sourceTag: "v1" });
    },
  }),
  row("tags.mirror", {
    status: 201,
    call: (world) => world.client.tags.mirror({ ...app, tag: "v1", ...remote(world), remoteTag: "copy", skipTLSVerification: true }),
    gives: () => ({ mirroringPolicyID: "", digest: scannedImage.digest, remoteRepository: "team/target", remoteTag: "copy" }),
    effect: ({ dtr }) => expect(dtr.store.repository("team/target")?.tags.get("copy")).toBe(scannedImage.digest),
  }),
];
