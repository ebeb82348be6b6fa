import { changes, errors, onEachEngine, secretOutputs, succeeded } from "./world";

jest.setTimeout(300_000);

/** The engine's own log on stderr. From 9 on Pulumi itself prints property values; nothing that a provider does can help that. */
const VERBOSITY = 8;

const explicit = {
  "index.js": `
const pulumi = require("@pulumi/pulumi");
const { oci, selectel } = require("registry-as-code");
const config = new pulumi.Config();
const given = config.requireObject("given");
const provider = new selectel.Provider("selectel", given.selectel);
const registry = new selectel.Registry("registry", { name: "main" }, { provider });
const token = new selectel.Token("ci", { name: "ci", registries: [registry.id], expiresIn: "90d" }, { provider });
const plain = new oci.Provider("oci", given.oci);
new oci.Tag("production", { repository: "team/app", tag: "production", digest: config.require("digest") }, { provider: plain });
exports.secret = token.token;
exports.tags = oci.getTagsOutput({ repository: "team/app" }, { provider: plain });
`,
};

describe("secrets", () => {
  it("are in clear neither in the exported state nor in what a verbose up, refresh and destroy print", async () => {
    await onEachEngine(
      async ({ stack, secrets, engine }) => {
        const up = succeeded(await stack.up());
        const known = await secrets();
        expect(known.length).toBeGreaterThanOrEqual(5);
        const exported = JSON.stringify(await stack.export());
        const again = succeeded(await stack.up());
        const refresh = succeeded(await stack.refresh());
        const destroy = succeeded(await stack.destroy());
        for (const secret of known) {
          expect(exported).not.toContain(secret);
          for (const result of [up, again, refresh, destroy]) {
            for (const text of [result.stdout, result.stderr, errors(result).join("\n")]) {
              const at = text.indexOf(secret);
              expect({ engine: engine.kind, around: at < 0 ? "" : text.slice(Math.max(0, at - 300), at) }).toEqual({
                engine: engine.kind,
                around: "",
              });
            }
          }
        }
      },
      { verbosity: VERBOSITY },
    );
  });

  it("of an explicit provider lie encrypted in its own state and in no resource", async () => {
    const recorded = await onEachEngine(
      async ({ stack, sandbox }) => {
        const { oci, selectel } = sandbox.info;
        const given = {
          oci: { url: oci?.url, username: oci?.username, password: oci?.password },
          selectel: {
            apiUrl: selectel?.v1,
            authUrl: selectel?.authUrl,
            accountId: selectel?.accountId,
            username: selectel?.username,
            password: selectel?.password,
            projectName: selectel?.projectName,
            registryUrl: selectel?.registryHost,
          },
        };
        await stack.setConfig("given", { secret: JSON.stringify(given) });
        for (const key of ["oci:url", "oci:username", "oci:password", "selectel:username", "selectel:password"])
          await stack.removeConfig(key);
        const up = succeeded(await stack.up());
        const exported = await stack.export();
        for (const secret of [oci?.password, selectel?.password, ...secretOutputs(await stack.state())])
          expect(JSON.stringify(exported)).not.toContain(secret);
        const keys = exported.resources
          .filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"))
          .flatMap(({ inputs }) => Object.keys(inputs ?? {}));
        const again = succeeded(await stack.up());
        succeeded(await stack.destroy());
        return { up: changes(up).length, tags: up.outputs.tags, keys: [...new Set(keys)].sort(), again: changes(again) };
      },
      { program: { files: explicit } },
    );
    expect(recorded.again).toEqual([]);
    expect(recorded.tags).toEqual(expect.arrayContaining(["v1", "v2"]));
    expect(recorded.keys).not.toContain("password");
  });
});

describe("the state of a resource", () => {
  it("holds the constant provider text, the declared properties and nothing else", async () => {
    const recorded = await onEachEngine(async ({ stack }) => {
      succeeded(await stack.up());
      const { resources } = await stack.export();
      return Object.fromEntries(
        resources
          .filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"))
          .map(({ type, inputs = {}, outputs = {} }) => [
            type.replace("pulumi-nodejs:dynamic/", ""),
            {
              text: outputs.__provider === inputs.__provider && String(inputs.__provider).length < 120,
              inputs: Object.keys(inputs).sort(),
              outputs: Object.keys(outputs).sort(),
            },
          ]),
      );
    });
    expect(recorded).toMatchInlineSnapshot(`
{
  "oci:Repository": {
    "inputs": [
      "__provider",
      "forceDelete",
      "initialize",
      "name",
    ],
    "outputs": [
      "__provider",
      "forceDelete",
      "initialize",
      "name",
      "reference",
      "schemaVersion",
      "tagCount",
    ],
    "text": true,
  },
  "oci:Tag": {
    "inputs": [
      "__provider",
      "digest",
      "repository",
      "tag",
    ],
    "outputs": [
      "__provider",
      "digest",
      "mediaType",
      "reference",
      "repository",
      "schemaVersion",
      "tag",
    ],
    "text": true,
  },
  "selectel:BasicToken": {
    "inputs": [
      "__provider",
      "ttl",
    ],
    "outputs": [
      "__provider",
      "dockerConfigJson",
      "expiration",
      "schemaVersion",
      "token",
      "ttl",
      "username",
    ],
    "text": true,
  },
  "selectel:GarbageCollection": {
    "inputs": [
      "__provider",
      "deleteUntagged",
      "registryId",
      "triggers",
    ],
    "outputs": [
      "__provider",
      "deleteUntagged",
      "finishedAt",
      "registryId",
      "schemaVersion",
      "triggers",
    ],
    "text": true,
  },
  "selectel:Registry": {
    "inputs": [
      "__provider",
      "forceDelete",
      "name",
    ],
    "outputs": [
      "__provider",
      "createdAt",
      "endpoint",
      "forceDelete",
      "name",
      "schemaVersion",
      "size",
      "sizeLimit",
      "status",
      "used",
    ],
    "text": true,
  },
  "selectel:Repository": {
    "inputs": [
      "__provider",
      "forceDelete",
      "initialize",
      "name",
      "registryId",
    ],
    "outputs": [
      "__provider",
      "forceDelete",
      "initialize",
      "name",
      "reference",
      "registryId",
      "schemaVersion",
      "size",
      "updatedAt",
    ],
    "text": true,
  },
  "selectel:Token": {
    "inputs": [
      "__provider",
      "expiresIn",
      "mode",
      "name",
      "registries",
    ],
    "outputs": [
      "__provider",
      "createdAt",
      "dockerConfigJson",
      "expiration",
      "expiresIn",
      "mode",
      "name",
      "registries",
      "schemaVersion",
      "status",
      "token",
      "username",
    ],
    "text": true,
  },
}
`);
  });
});
