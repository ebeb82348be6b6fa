// N resources with the same properties as those of `ours.js`, whose provider does nothing.
const pulumi = require("@pulumi/pulumi");

const config = new pulumi.Config();
const digest = config.require("digest");

class Nothing extends pulumi.CustomResource {
  constructor(type, name, outputs, args, secrets = []) {
    const named = Object.fromEntries(outputs.map((key) => [key, undefined]));
    const __provider = 'exports.handler=()=>require("nothing-as-code").provider("nothing:Resource");';
    super(`pulumi-nodejs:dynamic/nothing:${type}`, name, { ...named, ...args, __provider }, { additionalSecretOutputs: secrets });
  }
}
const TAG = ["mediaType", "reference", "schemaVersion"];
const TOKEN = ["token", "dockerConfigJson", "username", "status", "expiration", "createdAt", "schemaVersion"];
const SECRETS = ["token", "dockerConfigJson"];

for (let n = 0; n < config.requireNumber("resources"); n++) {
  if (n % 2 === 0) new Nothing("Tag", `tag-${n}`, TAG, { repository: "team/app", tag: `tag-${n}`, digest });
  else {
    const args = { name: `token-${n}`, mode: "read", allRegistries: true, expiresIn: "90d", rotateBefore: "14d" };
    new Nothing("Token", `token-${n}`, TOKEN, args, SECRETS);
  }
}
