import { isDeepStrictEqual } from "node:util";
import { UNKNOWN } from "../engine";
import { image } from "../sandbox/images";
import { shown } from "./change";
import type { Narrator } from "./narrator";
import type { Outsider } from "./outsider";
import { insist, type Play } from "./play";
import type { Stage } from "./stage";
import type { StepOptions, WorkflowStep } from "./workflow-step";

const SELECTEL = ["selectel.GarbageCollection garbage", "selectel.Registry registry", "selectel.Repository app", "selectel.Token pull"];
const DTR = ["dtr.Organization acme", "dtr.Repository backend", "dtr.RepositoryTeamAccess access", "dtr.Team developers"];
const FIRST = [...DTR, "oci.Repository shop", "registryui.Project previews", ...SELECTEL];
const all = (sign: string, resources: readonly string[]) => resources.map((resource) => `${sign} ${resource}`);
const [v1, v2, old] = ["1", "2", "old"].map((version) => image({ labels: { version }, layers: [`layer of ${version}`] }));

/** The demo from the first preview to the last destroy. Throws Surprise where something is not as told. */
export async function tell(
  stage: Stage,
  play: Play,
  narrator: Narrator,
  outsider: Outsider,
  keepState: () => Promise<void>,
  work: Work,
): Promise<void> {
  const { stack } = stage;
  if (!v1 || !v2 || !old) throw new Error("three images were made above");
  await outsider.push("other/team", "1.0", old);
  const untouched = await outsider.look();

  narrator.step("pulumi preview", "What would be made? There is nothing yet.");
  const preview = await play.run("preview", { changes: all("+", FIRST), readsOnly: true });
  const unknown = Object.keys(preview.outputs).filter((name) => isUnknown(preview.outputs[name]));
  narrator.say(`Known only after up: ${unknown.sort().join(", ")}.`);
  insist(unknown.includes("pushTo") && unknown.includes("pullSecret"), "the outputs should not be known yet");

  narrator.step("pulumi up", "It is made, on all four servers.");
  const made = await play.run("up", { changes: all("+", FIRST) });
  narrator.pairs(
    Object.entries(made.outputs)
      .map(([name, value]): [string, string] => [name, shown(value)])
      .sort(([a], [b]) => a.localeCompare(b)),
  );
  insist((await outsider.look()).registries.includes("acme"), "the registry acme should be on the server");

  narrator.step("pulumi up", "Nothing changed, so nothing is done. The one read is the program's own getRegistry.");
  await play.run("up", { changes: [], readsOnly: true });

  narrator.aside("CI pushes two images, team/shop:v1 and team/shop:v2.");
  await outsider.push("team/shop", "v1", v1);
  await outsider.push("team/shop", "v2", v2);
  narrator.step(`pulumi config set production ${short(v1.digest)} && pulumi up`, "Promotion as code.");
  await stack.setConfig("production", v1.digest);
  await play.run("up", { changes: ["+ oci.Tag production"] });
  insist((await outsider.digest("team/shop", "production")) === v1.digest, "production should be v1");

  narrator.aside(
    "Somebody moves the tag production to v2 by hand. Somebody else renames the pull token, and revokes it. The developers make themselves administrators.",
  );
  await outsider.push("team/shop", "production", v2);
  const before = await pullSecret(stage);
  await outsider.spoilToken("pull", "do-not-use");
  await outsider.grantAdmin("acme", "backend", "developers");
  const drift = ["~ dtr.RepositoryTeamAccess access", "~ oci.Tag production", "~ selectel.Token pull"];
  narrator.step("pulumi refresh", "What is not as it was?");
  await play.run("refresh", { changes: drift, readsOnly: true });

  narrator.step("pulumi up", "It is put right.");
  await play.run("up", { changes: drift });
  insist((await outsider.digest("team/shop", "production")) === v1.digest, "production should be v1 again");
  const statuses = [
    await outsider.pullStatus("acme/team/app", before),
    await outsider.pullStatus("acme/team/app", await pullSecret(stage)),
  ];
  narrator.say(`A pull with the old secret is answered with ${statuses[0]}, with the new one with ${statuses[1]}.`);
  insist(isDeepStrictEqual(statuses, [401, 200]), "the old secret should be refused and the new one taken");

  narrator.step(`pulumi config set production ${short(v2.digest)} && pulumi up`, "The next release.");
  await stack.setConfig("production", v2.digest);
  await play.run("up", { changes: ["~ oci.Tag production"] });
  insist((await outsider.digest("team/shop", "production")) === v2.digest, "production should be v2");

  await cleanUp(stage, narrator, outsider, work);
  await borrowToken(stage, narrator, outsider, work);

  narrator.aside("An old repository, legacy/billing, was made by hand. It is written into the program.");
  await outsider.push("legacy/billing", "2019", old);
  await stack.setConfig("legacy", "true");
  narrator.step("pulumi up", "What exists is not taken over by accident …");
  await play.run("up", { changes: ["✗ oci.Repository legacy"], error: /adopt: true/, readsOnly: true });
  await stack.setConfig("adopt", "true");
  narrator.step("pulumi up", "… but with adopt: true.");
  await play.run("up", { changes: ["+ oci.Repository legacy"], readsOnly: true });
  await keepState();

  narrator.aside("The line is taken out of the program again, which tells Pulumi to delete the repository.");
  await stack.removeConfig("legacy");
  narrator.step("pulumi up", "Images are not deleted by accident either.");
  await play.run("up", { changes: ["✗ oci.Repository legacy"], error: /forceDelete: true/, readsOnly: true });
  insist((await outsider.digest("legacy/billing", "2019")) === old.digest, "the image should still be there");

  narrator.step("pulumi up", "With forceDelete: true it is allowed. Until then nothing happens to the images.");
  await stack.setConfig("legacy", "true");
  await stack.setConfig("forceDelete", "true");
  await play.run("up", { changes: ["~ oci.Repository legacy", "~ oci.Repository shop"], readsOnly: true });

  narrator.step("pulumi destroy", "Everything goes, in the right order.");
  await play.run("destroy", { changes: all("-", [...FIRST, "oci.Repository legacy", "oci.Tag production"]) });
  const left = await outsider.look();
  insist(isDeepStrictEqual(left, untouched), `the servers should be as before, and hold ${JSON.stringify(left)}`);
  insist((await stack.state()).length === 0, "the state should be empty");
  narrator.say("On the servers is what was there before step 1: other/team:1.0, which is somebody else's.");
}

/** Runs a step of a workflow. */
type Work = (options: StepOptions) => Promise<WorkflowStep>;

/** The other face: the action that a workflow would run. */
async function cleanUp({ sandbox }: Stage, narrator: Narrator, outsider: Outsider, work: Work): Promise<void> {
  narrator.aside(
    "For weeks, CI has pushed a preview image for each pull request, team/shop:pr-1 to pr-6. Somebody tagged v1, which production once was, as pr-0.",
  );
  for (let number = 1; number <= 6; number++) {
    const created = new Date(Date.now() - (60 - number) * 86_400_000);
    await outsider.push("team/shop", `pr-${number}`, image({ created, layers: [`preview ${number}`] }));
  }
  if (v1) await outsider.push("team/shop", "pr-0", v1);
  const { url: registry = "", username = "", password = "" } = sandbox.info.oci ?? {};
  const inputs = {
    registry,
    username,
    password,
    repositories: "team/*",
    "delete-tags": "pr-*",
    "exclude-tags": "v*, production",
    "older-than": "30d",
    "keep-n-tagged": "2",
  };
  narrator.step("uses: OWNER/registry-as-code@v1", 'delete-tags: "pr-*", exclude-tags: "v*, production", keep-n-tagged: 2');
  const planned = await work({ action: "cleanup", inputs });
  tellTable(narrator, planned);
  narrator.say("That was the plan; dry-run is true unless one says otherwise. pr-0 stays, because it is v1, which is excluded.");
  insist(planned.outputs["would-delete-count"] === "4", "four images should have been planned to go");
  insist((await outsider.digest("team/shop", "pr-1")) !== undefined, "a dry run should delete nothing");

  narrator.step("uses: OWNER/registry-as-code@v1", "The same with dry-run: false.");
  const applied = await work({ action: "cleanup", inputs: { ...inputs, "dry-run": "false" } });
  tellTable(narrator, applied);
  insist(applied.outputs["deleted-count"] === planned.outputs["would-delete-count"], "what was planned should have been deleted");
  const tags = ["pr-0", "pr-1", "pr-2", "pr-3", "pr-4", "pr-5", "pr-6", "v1", "v2", "production"];
  const left = await Promise.all(tags.map(async (tag) => ((await outsider.digest("team/shop", tag)) ? [tag] : [])));
  narrator.say(`Left in team/shop: ${left.flat().join(", ")}.`);
  insist(
    isDeepStrictEqual(left.flat(), ["pr-0", "pr-5", "pr-6", "v1", "v2", "production"]),
    "the newest two and what is excluded should be left",
  );
}

/** A token that lives as long as a job. */
async function borrowToken({ sandbox }: Stage, narrator: Narrator, outsider: Outsider, work: Work): Promise<void> {
  const { selectel } = sandbox.info;
  insist(selectel !== undefined, "Selectel should be there");
  const { accountId, username, password, projectName, authUrl, v1, registryHost } = selectel;
  const inputs = {
    type: "selectel",
    registry: registryHost,
    "account-id": accountId,
    username,
    password,
    "project-name": projectName,
    "auth-url": authUrl,
    "api-url": v1.replace(/\/v1$/, ""),
    registries: "acme",
    "expires-in": "10m",
  };
  narrator.step("uses: OWNER/registry-as-code/action/token@v1", "A token for one registry and ten minutes, as a job needs it.");
  const step = await work({ action: "token", inputs });
  insist(step.exitCode === 0, `the action failed:\n${step.log}`);
  const secret = step.outputs.token ?? "";
  const during = await outsider.pullStatus("acme/team/app", secret);
  const post = await work({ action: "token after the job", inputs, state: step.state });
  insist(post.exitCode === 0, `the action failed after the job:\n${post.log}`);
  const after = await outsider.pullStatus("acme/team/app", secret);
  narrator.say(`A pull in the next step is answered with ${during}; after the job, with ${after}.`);
  insist(during === 200 && after === 401, "the token should work during the job, and not after it");
}

function tellTable(narrator: Narrator, { exitCode, table, log }: WorkflowStep): void {
  insist(exitCode === 0, `the action failed:\n${log}`);
  narrator.table(table);
}

/** A secret is masked in a preview, whether it is known or not: this one cannot be. */
function isUnknown(value: unknown): boolean {
  return value === UNKNOWN || (typeof value === "object" && value !== null && "secret" in value && value.secret === UNKNOWN);
}

const short = (digest: string): string => `${digest.slice(0, "sha256:".length + 8)}…`;

/** The secret of the pull token, as the person who runs the program can read it: `pulumi stack output --show-secrets`. */
async function pullSecret({ stack }: Stage): Promise<string> {
  const token = (await stack.state()).find(({ type }) => type.endsWith("selectel:Token"))?.outputs?.token;
  const secret = typeof token === "object" && token !== null && "secret" in token ? token.secret : undefined;
  insist(typeof secret === "string", "the token's secret should be in the state, marked as secret");
  return secret;
}
