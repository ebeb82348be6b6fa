/** Programs that use the package as its users do: compiled under every module setting, never run. */

const uses = `
const provider = new oci.Provider("dev", { url: "http://localhost:5000", password: pulumi.secret("x") });
const app = new oci.Repository("app", { name: "team/app", forceDelete: true, adopt: true, timeouts: { delete: "1h" } }, { provider });
const tag = new oci.Tag("production", { repository: app.name, tag: "production", digest: app.id });
export const reference: pulumi.Output<string> = tag.reference;
export const tags: pulumi.Output<string[]> = oci.getTagsOutput({ repository: app.name }, { provider });
export const plain: Promise<string[]> = oci.getTags({ repository: "team/app" });
const known = oci.Tag.get("known", "team/app:production");
export const mediaType: pulumi.Output<string> = known.mediaType;

const main = new selectel.Registry("main", { name: "main" });
const token = new selectel.Token("pull", { name: "pull", registries: [main.id], expiresIn: "90d", rotateBefore: "14d", rotationTriggers: { leaked: main.status } });
export const secret: pulumi.Output<string> = token.dockerConfigJson;
export const size: pulumi.Output<number | undefined> = selectel.getRegistryOutput({ id: main.id }).apply(({ size }) => size);

const acme = new dtr.Organization("acme", { name: "acme" });
const backend = new dtr.Repository("backend", { namespace: acme.name, name: "backend", visibility: "private", tagLimit: 5 });
const rules = [{ field: "tag", operator: "sw", values: ["pr-"] }, { field: "something new", operator: "m", values: ["x"] }];
new dtr.PruningPolicy("previews", { namespace: acme.name, repository: backend.name, rules });
export const image: pulumi.Output<string> = backend.reference;
export const teams: pulumi.Output<string[]> = dtr.getTeamsOutput({ organization: acme.name }).apply((found) => found.map(({ name }) => name));
// @ts-expect-error a level that does not exist
new dtr.NamespaceTeamAccess("level", { namespace: "acme", team: "developers", accessLevel: "write" });

// @ts-expect-error a property that does not exist
new oci.Tag("wrong", { repository: "team/app", tag: "latest", digset: "sha256:…" });
// @ts-expect-error a property that is missing
new oci.Tag("less", { repository: "team/app", tag: "latest" });
// @ts-expect-error a value that does not exist
new selectel.Token("mode", { name: "x", mode: "admin" });
// @ts-expect-error a type that is wrong
new oci.Repository("type", { name: 7 });
// @ts-expect-error an output that does not exist
export const nothing = app.digest;
// @ts-expect-error a setting that does not exist
new selectel.Provider("typo", { acountId: "1" });
// @ts-expect-error an argument that does not exist
export const unread = selectel.getTags({ registryId: "1", repo: "team/app" });

export async function script(): Promise<void> {
  const registry = connectOci({ url: "http://localhost:5000" });
  for await (const found of registry.tags(parseRepository("team/app"))) console.log(found.toUpperCase());
  const account = connectSelectel({ auth: { token: "…" } });
  for await (const { name, status } of account.v1.registries.list()) console.log(name, status);
  const trusted = connectDtr({ url: "https://dtr.example.com", username: "admin", token: "…" });
  for await (const { namespace, name, tagLimit } of trusted.repositories.list()) console.log(namespace, name, tagLimit.toFixed());
  const { program, skipped } = await importRegistry({ type: "oci", connection: { type: "oci", registry: "registry.example.com" } });
  console.log(program.length, skipped.map(({ why }) => why.length));
  const sandbox = await startSandbox({ apis: ["oci"] });
  console.log(sandbox.info.oci?.url, dynamic("oci:Tag"));
  await sandbox.close();
}
`;

/** Also what an ES module may be: the difference of Pulumi's programs lies in the compiler's settings alone. */
export const consumer = `import * as pulumi from "@pulumi/pulumi";
import { dtr, oci, selectel } from "registry-as-code";
import { provider as dynamic } from "registry-as-code/dynamic";
import { connectOci, parseRepository } from "registry-as-code/oci";
import { startSandbox } from "registry-as-code/sandbox";
import { connectDtr } from "registry-as-code/dtr";
import { importRegistry } from "registry-as-code/import";
import { connectRegistryUi } from "registry-as-code/registryui";
import { connectSelectel } from "registry-as-code/selectel";
${uses}`;

export const esModuleConsumer = `${consumer}
const here: string = import.meta.url;
console.log(here);
`;
