// N resources of this package: tags and tokens in turn. `nothing.js` declares the same properties.
const pulumi = require("@pulumi/pulumi");
const { oci, selectel } = require("registry-as-code");

const config = new pulumi.Config();
const digest = config.require("digest");

for (let n = 0; n < config.requireNumber("resources"); n++) {
  if (n % 2 === 0) new oci.Tag(`tag-${n}`, { repository: "team/app", tag: `tag-${n}`, digest });
  else new selectel.Token(`token-${n}`, { name: `token-${n}`, allRegistries: true, expiresIn: "90d", rotateBefore: "14d" });
}
