import * as pulumi from "@pulumi/pulumi";
import { dtr } from "registry-as-code";

const config = new pulumi.Config();

// Who may do what: developers push to their own repositories, operations to everything of the organization.
const acme = new dtr.Organization("acme", { name: config.get("organization") ?? "acme", fullName: "Acme Inc." });
const developers = new dtr.Team("developers", { organization: acme.name, name: "developers", description: "Push, but not to production" });
const operations = new dtr.Team("operations", { organization: acme.name, name: "operations" });
new dtr.NamespaceTeamAccess("operations", { namespace: acme.name, team: operations.name, accessLevel: "admin" });

// A build lands in `app`; what is released is promoted to `app-production`, whose tags nobody can move.
const app = new dtr.Repository("app", {
  namespace: acme.name,
  name: "app",
  shortDescription: "Every build",
  scanOnPush: true,
  tagLimit: 200,
});
const production = new dtr.Repository("production", { namespace: acme.name, name: "app-production", immutableTags: true });
new dtr.RepositoryTeamAccess("developers", {
  namespace: acme.name,
  repository: app.name,
  team: developers.name,
  accessLevel: "read-write",
});

new dtr.PromotionPolicy("releases", {
  namespace: acme.name,
  repository: app.name,
  targetRepository: pulumi.interpolate`${production.namespace}/${production.name}`,
  rules: [
    { field: "tag", operator: "sw", values: ["v"] },
    { field: "vulnerability_critical", operator: "lte", values: ["0"] },
  ],
});

// Previews go after two weeks. The server evaluates this; a policy with another `initialEvaluation` would delete at once.
new dtr.PruningPolicy("previews", {
  namespace: acme.name,
  repository: app.name,
  rules: [
    { field: "tag", operator: "sw", values: ["pr-"] },
    { field: "updated_at_duration", operator: "bf", values: ["336h"] },
  ],
});

new dtr.Webhook("pushed", {
  key: pulumi.interpolate`${acme.name}/${app.name}`,
  type: "TAG_PUSH",
  endpoint: config.requireSecret("webhook"),
});

// The images of another registry, kept up to date every half hour. The password is write-only: a new one is sent when it changes.
const base = new dtr.Repository("base", { namespace: acme.name, name: "base" });
new dtr.PollMirroringPolicy("base", {
  namespace: acme.name,
  repository: base.name,
  remoteHost: config.require("upstream"),
  remoteRepository: config.get("upstreamRepository") ?? "library/base",
  username: config.require("upstreamUsername"),
  password: config.requireSecret("upstreamPassword"),
});

const ci = new dtr.ApiToken("ci", { label: "ci" });

/** Where to push: `docker push <reference>:<tag>`. */
export const references = [app.reference, production.reference, base.reference];
/** For a Kubernetes secret, or `docker login`; encrypted in the state. */
export const dockerConfigJson = ci.dockerConfigJson;
