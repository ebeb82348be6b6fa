// One resource of each type.
const pulumi = require("@pulumi/pulumi");
const { oci, selectel } = require("registry-as-code");

const digest = new pulumi.Config().require("digest");

new oci.Repository("repository", { name: "team/shop" });
new oci.Tag("tag", { repository: "team/app", tag: "production", digest });

const registryId = new selectel.Registry("registry", { name: "acme" }).id;
const repository = new selectel.Repository("app", { registryId, name: "team/app" });
new selectel.Token("token", { name: "pull", registries: [registryId], expiresIn: "90d", rotateBefore: "14d" });
new selectel.BasicToken("basic", {});
new selectel.GarbageCollection("garbage", { registryId, triggers: { release: "1" } }, { dependsOn: repository });
