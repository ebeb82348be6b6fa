import { connectOci, emptyArtifact, parseRepository, parseTag, pushArtifact, type Tag } from "../../provider/registries/oci";
import { engines, makeProgram, packOnce } from "../engine";
import { describeServers } from "../servers/describe";
import { startServer } from "../servers/start";
import { changes, errors, succeeded } from "./world";

jest.setTimeout(300_000);

const program = {
  "index.js": `
const pulumi = require("@pulumi/pulumi");
const { oci } = require("registry-as-code");
const config = new pulumi.Config();
new oci.Repository("repository", { name: "team/web", forceDelete: config.getBoolean("force") ?? false });
exports.reference = new oci.Tag("production", { repository: "team/app", tag: "production", digest: config.require("digest") }).reference;
exports.tags = oci.getTagsOutput({ repository: "team/app" }).apply((tags) => tags.filter((tag) => tag.startsWith("v")).sort());
exports.repositories = oci.getRepositoriesOutput({}).apply((found) => found.includes("team/app"));
exports.mediaType = oci.getManifestOutput({ repository: "team/app", reference: "v1" }).mediaType;
exports.referrers = oci.getReferrersOutput({ repository: "team/app", digest: config.require("digest") }).apply((found) => found.length);
`,
};

/** The `oci` resources on registries that nobody here wrote. */
describeServers("pulumi up, drift, promotion and destroy", ({ name }) => {
  it.each(["htpasswd", "token"] as const)("with %s", async (auth) => {
    for (const engine of await engines()) {
      const server = await startServer(name, { auth });
      const client = connectOci({ url: server.url, credentials: server.credentials });
      const { dir, remove } = makeProgram({ files: program, tarball: await packOnce() });
      const repository = parseRepository("team/app");
      const pushed = (tag: string) =>
        pushArtifact(client, repository, parseTag(tag), emptyArtifact({ artifactType: "application/vnd.test", annotations: { tag } }));
      const [first, second] = [await pushed("v1"), await pushed("v2")];
      const { username, password } = server.credentials;
      const stack = await engine.open({
        dir,
        config: { "oci:url": server.url, "oci:username": username, "oci:password": { secret: password }, digest: first },
      });
      const production = async () => (await client.manifests.head(repository, parseTag("production")))?.digest;
      const tagsOf = async (of: string): Promise<Tag[]> => (await Array.fromAsync(client.tags(parseRepository(of)))).sort();
      try {
        const up = succeeded(await stack.up());
        expect(up.outputs).toMatchObject({
          tags: ["v1", "v2"],
          repositories: true,
          referrers: 0,
          reference: `${new URL(server.url).host}/team/app@${first}`,
          mediaType: "application/vnd.oci.image.manifest.v1+json",
        });
        expect(await production()).toBe(first);
        expect(changes(succeeded(await stack.up()))).toEqual([]);

        await stack.setConfig("digest", second);
        expect(changes(succeeded(await stack.up()))).toEqual(["update production [digest]"]);
        expect(await production()).toBe(second);

        const manifest = await client.manifests.get(repository, first);
        if (!manifest) throw new Error("v1 is there");
        await client.manifests.put(repository, parseTag("production"), manifest);
        expect(changes(succeeded(await stack.refresh())).map((step) => step.split(" [")[0])).toContain("update production");
        succeeded(await stack.up());
        expect(await production()).toBe(second);

        await pushArtifact(client, parseRepository("team/web"), parseTag("v1"), emptyArtifact({ artifactType: "application/vnd.test" }));
        const refused = await stack.destroy();
        expect(refused.ok).toBe(false);
        expect(errors(refused).join("\n")).toContain("repository team/web holds 1 tag (v1) and is not destroyed. Set forceDelete: true");
        await stack.setConfig("force", "true");
        succeeded(await stack.up());
        succeeded(await stack.destroy());
        expect(await tagsOf("team/app")).toEqual(["v1", "v2"]);
        expect(await production()).toBeUndefined();
        expect(await client.manifests.head(repository, second)).toBeDefined();
      } finally {
        await stack.close();
        await client.close();
        remove();
        await server.stop();
      }
    }
  });
});
