// The same from an ES module: named imports of a CommonJS package.
import * as pulumi from "@pulumi/pulumi";
import { oci, selectel } from "registry-as-code";

const digest = new pulumi.Config().require("digest");
const registry = new selectel.Registry("registry", { name: "main" });
new selectel.Token("ci", { name: "ci", registries: [registry.id], expiresIn: "90d" });
new oci.Tag("production", { repository: "team/app", tag: "production", digest });

export const endpoint = registry.endpoint;
