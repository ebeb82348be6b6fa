// A program with every resource of both modules; `with` (stack configuration) changes single inputs, as a person edits a program.
const pulumi = require("@pulumi/pulumi");
const { oci, selectel } = require("registry-as-code");

const config = new pulumi.Config();
const edited = config.getObject("with") ?? {};
const left = new Set(config.getObject("without") ?? []);
const declare = (Resource, name, inputs, options) =>
  left.has(name) ? undefined : new Resource(name, { ...inputs, ...edited[name] }, options);

const registry = declare(selectel.Registry, "registry", { name: "main" });
const registryId = registry?.id;
declare(selectel.Repository, "app", { registryId, name: "team/app" });
const token = declare(selectel.Token, "ci", { name: "ci", mode: "write", registries: [registryId], expiresIn: "90d" });
declare(selectel.BasicToken, "basic", {});
declare(selectel.GarbageCollection, "collection", { registryId, triggers: { release: "1" } });

const repository = declare(oci.Repository, "repository", { name: "team/web" });
const tag = declare(oci.Tag, "production", { repository: "team/app", tag: "production", digest: config.require("digest") });

exports.endpoint = registry?.endpoint;
exports.secret = token?.token;
exports.pullSecret = token?.dockerConfigJson;
exports.reference = tag?.reference;
exports.prefix = repository?.reference;
exports.repositories = registry && selectel.getRepositoriesOutput({ registryId }).apply((found) => found.map(({ name }) => name));
exports.tags = oci.getTagsOutput({ repository: "team/app" }).apply((found) => found.filter((name) => name.startsWith("v")).sort());
