/** The example's pack on the real engine: `pulumi preview --policy-pack`, with the packed package and the sandbox. */
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { blocks, page } from "../docs/markdown";
import { type ConfigValue, type Engine, engines, makeProgram, type Program, packOnce, type Result, type Stack } from "../engine";
import { type Sandbox, startSandbox } from "../sandbox";
import { findTool } from "../setup/tools";
import { examplePack, plainPack } from "./pack";
import { ruleOf } from "./run";

jest.setTimeout(300_000);

const SECRET = "hunter2-very-secret";

/** What the pack forbids, and what it puts right or only shows; `wrong` is the program before the review, `right` the one after it. */
const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const { dtr } = require("registry-as-code");
const config = new pulumi.Config();
const wrong = config.require("program") === "wrong";
const acme = new dtr.Organization("acme", { name: "acme" });
const app = new dtr.Repository("app", {
  namespace: acme.name,
  name: "app",
  shortDescription: "Owner: web",
  visibility: wrong ? "public" : "private",
  scanOnPush: false,
  ...(wrong ? {} : { tagLimit: 20 }),
});
new dtr.Webhook("pushed", { key: pulumi.interpolate\`acme/\${app.repositoryId.apply(() => "app")}\`, type: "TAG_PUSH", endpoint: config.requireSecret("endpoint"), skipTlsVerification: true });
new dtr.Team("web", { organization: acme.name, name: "web", description: "Web" });
// Not known before the repository is made.
new dtr.Team("ops", { organization: acme.name, name: "ops", description: app.repositoryId.apply((id) => "Owner: ops, " + id) });
`;

/** Made while the rules were only shown. RegistryUI's API cannot change it. */
const MADE = `
const { registryui } = require("registry-as-code");
new registryui.Project("docs", { repository: "team/docs", isPublic: true });
`;

const pulumi = findTool("pulumi");
const required = process.env.CI === "true";

describe("examples/policy-pack on the real engine", () => {
  (pulumi || required ? it : it.skip)(
    `stops what it forbids, and lets the corrected program through${pulumi ? "" : " (no engine found: npm run setup)"}`,
    async () => {
      const real = (await engines()).find(({ kind }) => kind === "real");
      if (!real) throw new Error("the real engine was found and is not there any more");
      await withStack(real, await examplePack(), PROGRAM, async (stack, set) => {
        set({});
        const refused = await stack.preview();
        expect(refused.ok).toBe(false);
        const report = said(refused);
        expect(report).toContain("[mandatory] [severity: critical] no-public-repositories");
        expect(report).toContain(ruleOf("noPublicRepositories").messages.dtr);
        // As the README shows it.
        for (const line of readmeReport()) expect(report).toContain(line);
        // A rule that sees the whole stack.
        expect(report).toContain("repositories-have-retention");
        expect(report).toContain(ruleOf("repositoriesHaveRetention").messages.endless);
        expect(report).toContain(ruleOf("webhooksVerifyTls").messages.plain);
        expect(report).toContain("[advisory] [severity: low] owners-are-named");
        expect(report).not.toContain(SECRET);

        // Another level, by the rule's name.
        set({
          "no-public-repositories": "advisory",
          "webhooks-verify-tls": "disabled",
          "repositories-have-retention": { except: ["acme/*"] },
        });
        const milder = await stack.preview();
        expect(errors(milder)).toEqual([]);
        expect(said(milder)).toContain("[advisory] [severity: critical] no-public-repositories");
        set({ "owners-are-named": { enforcementLevel: "mandatory", pattern: "@ann" } });
        expect(said(await stack.preview())).toContain("[mandatory] [severity: low] owners-are-named");
        set({});

        await stack.setConfig("program", "right");
        await stack.setConfig("endpoint", { secret: `https://ci.example.com/${SECRET}` });
        const passed = await stack.preview();
        expect(errors(passed)).toEqual([]);
        expect(passed.ok).toBe(true);
        expect(said(passed)).toContain("[remediate] scan-on-push (1 resource)");
        expect(said(passed)).toContain("owners-are-named (pulumi-nodejs:dynamic/dtr:Team: ops) not known before up: `description`.");
        // Only shown: the team's description names no owner.
        expect(said(passed)).toContain(ruleOf("ownersAreNamed").messages.team?.split("{")[0]);

        const up = await stack.up();
        expect(errors(up)).toEqual([]);
        const state = await stack.state();
        const outputs = (type: string) => state.find((resource) => resource.type.endsWith(type))?.outputs ?? {};
        expect(outputs("dtr:Repository")).toMatchObject({ scanOnPush: true, visibility: "private", tagLimit: 20 });
        expect(outputs("dtr:Webhook")).toMatchObject({
          skipTlsVerification: false,
          endpoint: { secret: `https://ci.example.com/${SECRET}` },
        });
        // What was put right is what is declared: nothing is left to do.
        expect((await stack.preview()).changes).toEqual({ same: 5 });
        expect((await stack.destroy()).ok).toBe(true);
        for (const result of [refused, passed, up]) expect(`${result.stdout}${result.stderr}`).not.toContain(SECRET);
      });
    },
  );
});

describe("the level remediate on the real engine", () => {
  (pulumi || required ? it : it.skip)(
    `shows nothing as put right that \`up\` could not do${pulumi ? "" : " (no engine found: npm run setup)"}`,
    async () => {
      const real = (await engines()).find(({ kind }) => kind === "real");
      if (!real) throw new Error("the real engine was found and is not there any more");
      await withStack(real, await plainPack(Date.now()), MADE, async (stack, set) => {
        set({ all: "advisory" });
        expect(errors(await stack.up())).toEqual([]);
        set({ "no-public-repositories": "remediate" });
        const refused = await stack.preview();
        expect(said(refused)).toContain("[mandatory] [severity: critical] no-public-repositories");
        expect(said(refused)).toContain(ruleOf("noPublicRepositories").messages.registryui);
        expect(refused.ok).toBe(false);
        // A setting that is no one's: one sentence, whatever is in the stack.
        set({ "tokens-expire": { dayz: 7 } });
        const misspelt = await stack.preview();
        expect(misspelt.ok).toBe(false);
        expect(said(misspelt)).toContain('the policy tokens-expire is not configured as it can be: ✖ Unrecognized key: "dayz"');
        expect(said(misspelt)).not.toMatch(/\.[jt]s:\d/);
      });
    },
  );
});

async function withStack(
  engine: Engine,
  pack: Program,
  source: string,
  run: (stack: Stack, set: (settings: object) => void) => Promise<void>,
): Promise<void> {
  const program = makeProgram({ files: { "index.js": source }, tarball: await packOnce() });
  const sandbox = await startSandbox();
  try {
    const stack = await engine.open({
      dir: program.dir,
      config: configuration(sandbox),
      env: { PULUMI_HOME: path.join(program.dir, ".home") },
      policyPacks: [{ dir: pack.dir, config: path.join(pack.dir, "settings.json") }],
    });
    try {
      await run(stack, (settings) => writeFileSync(path.join(pack.dir, "settings.json"), JSON.stringify(settings)));
    } finally {
      await stack.close();
    }
  } finally {
    program.remove();
    pack.remove();
    await sandbox.close();
  }
}

const configuration = ({ info: { dtr, registryui } }: Sandbox): Record<string, ConfigValue> => ({
  "dtr:url": dtr?.url ?? "",
  "dtr:username": dtr?.username ?? "",
  "dtr:password": { secret: dtr?.password ?? "" },
  "registryui:url": registryui?.url ?? "",
  "registryui:username": registryui?.username ?? "",
  "registryui:token": { secret: registryui?.token ?? "" },
  program: "wrong",
  endpoint: { secret: `http://ci.example.com/${SECRET}` },
});

/** The violation in the example's README, line by line. */
function readmeReport(): string[] {
  const [block = ""] = blocks(page("examples/policy-pack/README.md"), "text");
  const lines = block
    .split("\n")
    .slice(2)
    .map((line) => line.trim().replace(/\s+/g, " "));
  if (lines.length < 3) throw new Error("the README shows no violation");
  return lines.filter((line) => line !== "");
}

const said = ({ stdout, stderr }: Result): string => `${stdout}\n${stderr}`.replace(/\s+/g, " ");
const errors = ({ ok, diagnostics, stdout, stderr }: Result): string[] =>
  ok ? diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message) : [stdout, stderr];
