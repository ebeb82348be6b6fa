// The program of `npm run demo`: one Docker registry, one Selectel project, one RegistryUI, one Docker Trusted Registry. In TypeScript it is the same text.
import * as pulumi from "@pulumi/pulumi";
import { dtr, oci, registryui, selectel } from "registry-as-code";

const config = new pulumi.Config();

// --- a Docker registry ---------------------------------------------------------------------------------------------

const shop = new oci.Repository("shop", { name: "team/shop", forceDelete: config.getBoolean("forceDelete") });

// Promotion as code: `pulumi config set production sha256:…` says what runs in production.
const digest = config.get("production");
const production = digest && new oci.Tag("production", { repository: shop.name, tag: "production", digest });

// Somebody pushed this one long ago. `adopt` takes it over as it is.
if (config.getBoolean("legacy")) {
  new oci.Repository("legacy", {
    name: "legacy/billing",
    adopt: config.getBoolean("adopt"),
    forceDelete: config.getBoolean("forceDelete"),
  });
}

// --- Selectel Container Registry -----------------------------------------------------------------------------------

const registry = new selectel.Registry("registry", { name: "acme" });
const app = new selectel.Repository("app", { registryId: registry.id, name: "team/app" });

// For the cluster: it may only pull, and gets a new secret at the first `up` of the last two weeks of its life.
const pull = new selectel.Token("pull", { name: "pull", registries: [registry.id], expiresIn: "90d", rotateBefore: "14d" });

// Runs now, and again whenever `collect` gets a new value.
new selectel.GarbageCollection(
  "garbage",
  { registryId: registry.id, triggers: { collect: config.get("collect") ?? "never" } },
  { dependsOn: app },
);

// --- RegistryUI ----------------------------------------------------------------------------------------------------

new registryui.Project("previews", { repository: "team/previews", title: "Preview images" });

// --- Docker Trusted Registry ----------------------------------------------------------------------------------------

const acme = new dtr.Organization("acme", { name: "acme" });
const developers = new dtr.Team("developers", { organization: acme.name, name: "developers" });
const backend = new dtr.Repository("backend", { namespace: acme.name, name: "backend", scanOnPush: true, tagLimit: 50 });
new dtr.RepositoryTeamAccess("access", {
  namespace: acme.name,
  repository: backend.name,
  team: developers.name,
  accessLevel: "read-write",
});

export const image = production?.reference;
export const pushTo = app.reference;
export const pullSecret = pull.dockerConfigJson;

// A read function is asked at every `up`.
const now = selectel.getRegistryOutput({ id: app.registryId });
export const usage = pulumi.interpolate`${now.size} of ${now.sizeLimit} bytes`;
