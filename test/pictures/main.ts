/** `npm run pictures`: plays what the documentation shows, and writes what a terminal shows of it to `.github/pictures`. Needs Linux and `npm run setup`. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { engines, makeProgram, packOnce } from "../engine";
import { examplePack } from "../policies/pack";
import { type Sandbox, startSandbox } from "../sandbox";
import { image, index, push } from "../sandbox/images";
import { type Shot, terminalSvg } from "./terminal-svg";

const root = path.join(__dirname, "..", "..");
const day = 86_400_000;

async function main(): Promise<void> {
  const sandbox = await startSandbox({ apis: ["oci", "dtr"], dtr: company });
  const folder = mkdtempSync(path.join(tmpdir(), "pictures-"));
  try {
    fill(sandbox);
    write("plan", [await plan(sandbox, folder)]);
    write("import", [await bring(sandbox, folder)]);
    write("policies", [await forbid(sandbox)]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await sandbox.close();
  }
}

const company = {
  organizations: { acme: { teams: { developers: {}, operations: {} } } },
  repositories: { "acme/app": { scanOnPush: true, tagLimit: 200 }, "acme/base": {}, "acme/app-production": { immutableTags: true } },
} as const;

function fill({ store }: Sandbox): void {
  const built = (days: number, name: string) => image({ created: new Date(Date.now() - days * day), layers: ["base", name] });
  push(store, "team/shop", ["v1.4.0", "pr-80"], built(90, "1.4"));
  push(
    store,
    "team/shop",
    "v1.5.0",
    index([built(30, "1.5"), image({ layers: ["arm"], platform: { os: "linux", architecture: "arm64" } })]),
  );
  for (const [at, number] of [81, 82, 83, 90].entries()) push(store, "team/shop", `pr-${number}`, built(70 - at * 20, `preview ${number}`));
}

/** A command of ours, on a terminal. */
async function shot(description: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<Shot> {
  const words = args.map((word) => (/^[\w./:=,*-]+$/.test(word) && !word.includes("*") ? word : `'${word}'`)).join(" ");
  const line = `stty cols 112; node ${path.join(root, "dist", "command-line.cjs")} ${words}`;
  const { stdout: output } = await promisify(execFile)("script", ["--quiet", "--return", "--command", line, "/dev/null"], {
    cwd,
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: cwd, TERM: "xterm-256color", ...env },
  });
  return { description, command: `registry-as-code ${shown(words)}`, output: shown(output) };
}

/** What a terminal shows in the end: of a line that was written over, the last text; addresses as people have them. */
const shown = (text: string): string =>
  text
    .replace(/^.*\r(?!\n)/gm, "")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: moves of the cursor
    .replace(/\u001b\[(?![0-9;]*m)[0-9;?]*[A-Za-z]/g, "")
    .replace(/http:\/\/127\.0\.0\.1:\d+/g, "https://registry.example.com")
    .replace(/127\.0\.0\.1:\d+/g, "registry.example.com");

function plan({ info: { oci } }: Sandbox, folder: string): Promise<Shot> {
  const args = [
    "plan",
    "--registry",
    new URL(oci?.url ?? "").host,
    "--repositories",
    "team/*",
    "--delete-tags",
    "pr-*",
    "--older-than",
    "14d",
  ];
  const env = { OCI_REGISTRY_USERNAME: oci?.username ?? "", OCI_REGISTRY_PASSWORD: oci?.password ?? "" };
  return shot("A plan: which images would go and which stay, each with its reason.", args, folder, env);
}

function bring({ info: { dtr } }: Sandbox, folder: string): Promise<Shot> {
  const args = ["import", "--type", "dtr", "--url", dtr?.url ?? "", "--include", "acme,acme/**", "--out", "registry"];
  const env = { DTR_USERNAME: dtr?.username ?? "", DTR_PASSWORD: dtr?.password ?? "" };
  return shot("An import: what was found on a registry, the files that were written, and what to do next.", args, folder, env);
}

const program = `
const { dtr } = require("registry-as-code");
new dtr.Repository("app", { namespace: "acme", name: "shop", visibility: "public", shortDescription: "Owner: web", tagLimit: 50 });
new dtr.NamespaceTeamAccess("developers", { namespace: "acme", team: "developers", accessLevel: "admin" });
`;

async function forbid({ info: { dtr } }: Sandbox): Promise<Shot> {
  const engine = (await engines()).find(({ kind }) => kind === "real");
  if (!engine) throw new Error("the picture of the policies needs Pulumi: npm run setup");
  const pack = await examplePack();
  const made = makeProgram({ files: { "index.js": program }, tarball: await packOnce() });
  const settings = path.join(made.dir, "settings.json");
  writeFileSync(settings, "{}");
  try {
    const stack = await engine.open({
      dir: made.dir,
      config: { "dtr:url": dtr?.url ?? "", "dtr:username": dtr?.username ?? "", "dtr:password": { secret: dtr?.password ?? "" } },
      env: { PULUMI_HOME: path.join(made.dir, ".home") },
      policyPacks: [{ dir: pack.dir, config: settings }],
    });
    try {
      const { stdout } = await stack.preview();
      // What follows is about this machine.
      const report = (/Policies:[\s\S]*?(?=\n\S|$(?![\s\S]))/.exec(stdout)?.[0] ?? "")
        .replaceAll(pack.dir, "policy-pack")
        .replaceAll("❌", "✗");
      const description = "A preview under the policy pack: two resources violate mandatory rules, which say what to change.";
      return { description, command: "pulumi preview --policy-pack policy-pack", output: wrapped(shown(report)) };
    } finally {
      await stack.close();
    }
  } finally {
    made.remove();
    pack.remove();
  }
}

/** Long lines go on below, as deep as they began. */
const wrapped = (text: string): string =>
  text
    .split("\n")
    .map((line) => {
      const indent = /^[ -]*/.exec(line)?.[0].replaceAll("-", " ") ?? "";
      const lines = [""];
      for (const word of line.split(/(?<=\S )/)) {
        const last = lines.length - 1;
        if (`${lines[last]}${word}`.trimEnd().length > 112) lines.push(`${indent}${word}`);
        else lines[last] += word;
      }
      return lines.join("\n");
    })
    .join("\n");

function write(name: string, shots: readonly Shot[]): void {
  const file = path.join(root, ".github", "pictures", `${name}.svg`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, terminalSvg(shots));
  process.stdout.write(`wrote ${path.relative(root, file)}\n`);
}

void main();
