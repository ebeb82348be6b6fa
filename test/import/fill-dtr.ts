import { dtrServer } from "../e2e/dtr-server";
import type { Sandbox } from "../sandbox";
import { image, push } from "../sandbox/images";

/** Where webhooks go; the path is a credential. */
export const HOOK_SECRET = "T0KEN-of-the-hook";
/** The password of every user and of the other registry. */
export const PASSWORD = "a password that nobody may see";

const rules = (word: string) => [{ field: "tag", operator: "sw", values: [word] }];

/** One of everything that can be imported, on a registry with a repository of its own that has images. */
export async function fillDtr(sandbox: Sandbox): Promise<void> {
  const { ask } = dtrServer(sandbox);
  const { dtr, info, stranger } = sandbox;
  if (!dtr || !info.dtr) throw new Error("the sandbox has no Docker Trusted Registry");
  const hook = `${stranger}/hooks/${HOOK_SECRET}`;
  await ask("POST", "/enzi/v0/accounts", { name: "acme", isOrg: true, fullName: "Acme Inc." });
  await ask("POST", "/enzi/v0/accounts", { name: "other", isOrg: true });
  await ask("POST", "/enzi/v0/accounts", { name: "alice", password: PASSWORD, fullName: "Alice", isActive: true });
  await ask("POST", "/enzi/v0/accounts", { name: "bob", password: PASSWORD, isActive: true });
  await ask("POST", "/enzi/v0/accounts/acme/teams", { name: "developers", description: "They push" });
  await ask("PUT", "/enzi/v0/accounts/acme/members/alice", { isAdmin: true });
  await ask("PUT", "/enzi/v0/accounts/acme/teams/developers/members/bob", { isAdmin: false });
  await ask("POST", "/api/v0/repositories/acme", {
    name: "app",
    visibility: "public",
    shortDescription: `The "app" \`of\` ${"$"}{acme}\u2028*/`,
    scanOnPush: true,
    tagLimit: 50,
  });
  await ask("POST", "/api/v0/repositories/acme", { name: "production", visibility: "private", immutableTags: true });
  await ask("POST", "/api/v0/repositories/alice", { name: "own", visibility: "private" });
  await ask("POST", "/api/v0/repositories/admin", { name: "base", visibility: "private" });
  await ask("POST", "/api/v0/repositories/admin", { name: "copy", visibility: "private" });
  await ask("PUT", "/api/v0/repositories/acme/app/teamAccess/developers", { accessLevel: "read-write" });
  await ask("PUT", "/api/v0/repositoryNamespaces/acme/teamAccess/developers", { accessLevel: "read-only" });
  await ask("POST", "/api/v0/api_tokens", { tokenLabel: "ci" });
  await ask("POST", "/api/v0/api_tokens?username=alice", { tokenLabel: "Alice's läptop" });
  for (const key of ["acme/app", "acme", ""]) await ask("POST", "/api/v0/webhooks", { key, type: "TAG_PUSH", endpoint: hook });
  const pruning = "/api/v0/repositories/acme/app/pruningPolicies?initialEvaluation=false";
  for (let twin = 0; twin < 2; twin++) await ask("POST", pruning, { enabled: true, rules: rules("pr-") });
  await ask("POST", "/api/v0/repositories/acme/app/promotionPolicies?initialEvaluation=false", {
    enabled: false,
    rules: rules("v"),
    targetRepository: "acme/production",
    tagTemplate: "%n",
  });
  const remote = {
    remoteHost: info.dtr.url,
    username: info.dtr.username,
    password: info.dtr.password,
    skipTLSVerification: false,
    enabled: false,
  };
  await ask("POST", "/api/v0/repositories/acme/production/pollMirroringPolicies?initialEvaluation=false", {
    ...remote,
    remoteRepository: "admin/base",
  });
  await ask("POST", "/api/v0/repositories/acme/app/pushMirroringPolicies?initialEvaluation=false", {
    ...remote,
    remoteRepository: "admin/copy",
    rules: rules("v"),
    tagTemplate: "%n",
  });
  const cache = (await ask("POST", "/api/v0/content_caches", { name: "eu", host: "https://cache.example.com" })) as { id: string };
  await ask("PATCH", "/api/v0/accounts/alice/settings", { contentCacheUUID: cache.id });
  await ask("POST", "/api/v0/action_configs", { action: "poll_mirror", parameters: { k: "v" } });
  const pushed = push(dtr.store, "admin/base", "v1", image({ labels: { n: "import" } }));
  const [layer] = dtr.store.references(pushed).blobs.slice(-1);
  await ask("POST", "/api/v0/meta/settings", { scanningEnabled: true });
  await ask("POST", `/api/v0/imagescan/layeroverride/${layer?.digest}`, {
    component: "openssl",
    componentVersion: "1.0.1",
    cve: "CVE-2014-0160",
    notes: "not reachable",
  });
  await ask("POST", "/api/v0/crons", { action: "gc", schedule: "0 0 1 * * 0", stopTimeout: "30s" });
}
