import { image, index, push } from "../sandbox/images";
import { errors, onEachEngine, succeeded } from "./world";

jest.setTimeout(300_000);

const program = {
  "index.js": `
const pulumi = require("@pulumi/pulumi");
const { oci, selectel } = require("registry-as-code");
const config = new pulumi.Config();
const digest = config.require("digest");
const registry = new selectel.Registry("registry", { name: "main" });
const registryId = registry.id;
const where = { registryId, repository: "team/app" };

module.exports = async () => {
  // Plain forms read at once; the objects are there before the program runs.
  const tags = await oci.getTags({ repository: "team/app" });
  const existing = await selectel.getRegistry({ name: "existing" });
  const plain = { registryId: existing.id, repository: "team/app" };
  return {
    plain: {
      oci: {
        repositories: await oci.getRepositories({}),
        tags: tags.sort(),
        manifest: (await oci.getManifest({ repository: "team/app", reference: "v1" })).digest === digest,
        referrers: await oci.getReferrers({ repository: "team/app", digest }),
        cleanup: (await oci.planCleanup({ repositories: ["team/app"], deleteTags: "v*", minKeep: 0 })).counts.roots,
      },
      selectel: {
        registries: (await selectel.getRegistries({})).map(({ name }) => name).includes("existing"),
        byId: (await selectel.getRegistry({ id: existing.id })).name,
        repositories: (await selectel.getRepositories({ registryId: existing.id })).map(({ name }) => name),
        images: (await selectel.getImages(plain)).length,
        tags: await selectel.getTags(plain),
        layers: (await selectel.getLayers({ ...plain, reference: "v1" })).layers.length,
        clusters: await selectel.getClusters({ registryId: existing.id }),
        garbage: (await selectel.getGarbageCollectionSize({ registryId: existing.id })).sizeSummary >= 0,
        tokens: await selectel.getTokens({ search: "nobody's" }),
        cleanup: (await selectel.planCleanup({ repositories: ["existing/**"], deleteTags: "multi", minAge: "0" })).counts.digests,
      },
    },
    output: {
      registry: selectel.getRegistryOutput({ id: registryId }).name,
      registries: selectel.getRegistriesOutput({ search: registry.name }).apply((found) => found.length),
      repositories: selectel.getRepositoriesOutput({ registryId }),
      clusters: selectel.getClustersOutput({ registryId }),
      garbage: selectel.getGarbageCollectionSizeOutput({ registryId }).sizeSummary,
      tokens: selectel.getTokensOutput({ search: registry.name }),
      images: selectel.getImagesOutput({ registryId: existing.id, repository: pulumi.output("team/app") }).apply((found) => found.length),
      tags: selectel.getTagsOutput({ registryId: existing.id, repository: "team/app" }),
      layers: selectel.getLayersOutput({ registryId: existing.id, repository: "team/app", reference: "v1" }).apply(({ layers }) => layers.length),
      cleanup: oci.planCleanupOutput({ repositories: "team/*", deleteTags: [pulumi.output("v*")], excludeTags: "v1", minKeep: 0 }).counts.roots,
      manifest: oci.getManifestOutput({ repository: "team/app", reference: pulumi.output(digest) }).mediaType,
    },
  };
};
`,
};

const existing = `
const { oci, selectel } = require("registry-as-code");
const pulumi = require("@pulumi/pulumi");
const config = new pulumi.Config();
const tag = oci.Tag.get("tag", "team/app:v1");
const repository = oci.Repository.get("repository", "team/app");
exports.digest = tag.digest.apply((digest) => digest === config.require("digest"));
exports.tagCount = repository.tagCount;
exports.missing = config.getBoolean("missing") ? oci.Tag.get("missing", "team/app:none").digest : undefined;
`;

describe("read functions", () => {
  it("give what is there, plain and as outputs, in a preview and in up", async () => {
    const recorded = await onEachEngine(
      async ({ stack, sandbox }) => {
        const { v1, token } = sandbox.info.selectel ?? {};
        await fetch(`${v1}/registries`, {
          method: "POST",
          headers: { "x-auth-token": token ?? "" },
          body: JSON.stringify({ name: "existing" }),
        });
        const platforms = ["amd64", "arm64"].map((architecture) => image({ platform: { os: "linux", architecture } }));
        for (const platform of platforms) push(sandbox.store, "existing/team/app", undefined, platform);
        push(sandbox.store, "existing/team/app", "multi", index(platforms));
        push(sandbox.store, "existing/team/app", "v1", image({ labels: { n: "0" } }));
        const preview = succeeded(await stack.preview());
        const up = succeeded(await stack.up());
        succeeded(await stack.destroy());
        expect(preview.outputs.plain).toEqual(up.outputs.plain);
        return up.outputs;
      },
      { program: { files: program } },
    );
    expect(recorded).toMatchObject({
      plain: {
        oci: { tags: ["v1", "v2"], manifest: true, referrers: [], cleanup: 2 },
        selectel: {
          registries: true,
          byId: "existing",
          repositories: ["team/app"],
          images: 3,
          tags: ["multi", "v1"],
          clusters: [],
          garbage: true,
          tokens: [],
          cleanup: 3,
        },
      },
      output: {
        registry: "main",
        registries: 1,
        repositories: [],
        clusters: [],
        garbage: 0,
        tokens: [],
        images: 3,
        tags: ["multi", "v1"],
        cleanup: 1,
        manifest: "application/vnd.oci.image.manifest.v1+json",
      },
    });
  });
});

describe(".get()", () => {
  it("reads an existing object, manages nothing, and says what is missing", async () => {
    const recorded = await onEachEngine(
      async ({ stack, sandbox }) => {
        const up = succeeded(await stack.up());
        succeeded(await stack.destroy());
        const left = sandbox.store.repository("team/app")?.tags.size;
        await stack.setConfig("missing", "true");
        const failed = await stack.up();
        return { outputs: up.outputs, left, failed: { ok: failed.ok, errors: errors(failed) } };
      },
      { program: { files: { "index.js": existing } } },
    );
    expect(recorded).toMatchObject({
      outputs: { digest: true, tagCount: 2 },
      left: 2,
      failed: { ok: false, errors: [expect.stringContaining("oci:Tag team/app:none does not exist")] },
    });
  });
});
