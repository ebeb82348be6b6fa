import * as pulumi from "@pulumi/pulumi";
import { selectel } from "registry-as-code";

const config = new pulumi.Config();
const stack = pulumi.getStack();

const registry = new selectel.Registry("registry", { name: config.require("registry") });
const app = new selectel.Repository("app", { registryId: registry.id, name: "team/app" });

// For the cluster: it may only pull, and gets a new secret at the first `up` of the last two weeks of its life.
const pull = new selectel.Token("pull", {
  name: `${stack}-pull`,
  mode: "read",
  registries: [registry.id],
  expiresIn: "90d",
  rotateBefore: "14d",
});

// For CI: it may push. A new value of `rotateCi` replaces a secret that leaked.
const push = new selectel.Token("ci", {
  name: `${stack}-ci`,
  mode: "write",
  registries: [registry.id],
  expiresIn: "30d",
  rotateBefore: "7d",
  rotationTriggers: { rotateCi: config.get("rotateCi") ?? "never" },
});

// Runs now and whenever `collect` gets a new value (a date, say). Nobody may push meanwhile, hence the dependency.
new selectel.GarbageCollection(
  "garbage",
  { registryId: registry.id, triggers: { collect: config.get("collect") ?? "never" } },
  { dependsOn: app },
);

/** Where to push: `docker push <reference>:<tag>`. */
export const reference = app.reference;

/** The value of `.dockerconfigjson` in a Kubernetes secret of type `kubernetes.io/dockerconfigjson`. Encrypted in the state. */
export const pullSecret = pull.dockerConfigJson;

/** For `docker login --username token --password-stdin`. Encrypted in the state. */
export const ciToken = push.token;

// A read function is asked at every `up`. Its argument decides when: the repository's output is known once the repository is there.
const now = selectel.getRegistryOutput({ id: app.registryId });

/** How full the registry is. */
export const usage = pulumi.interpolate`${now.size} of ${now.sizeLimit} bytes`;
