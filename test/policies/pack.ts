/** Folders of policy packs, as `npm install` would leave them: with the packed package and the policy SDK. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { makeProgram, type Program, packOnce } from "../engine";

export const root = path.join(__dirname, "..", "..");
const example = path.join(root, "examples", "policy-pack");
const links = { "@pulumi/policy": path.join(root, "node_modules", "@pulumi", "policy") };

/** A pack of every rule, mandatory. The clock stands at `now`; the level of a rule can be set by configuration. */
export async function plainPack(now: number): Promise<Program> {
  const index = [
    'const { PolicyPack } = require("@pulumi/policy");',
    'const { registryPolicies } = require("registry-as-code/policies");',
    `new PolicyPack("registries", { policies: registryPolicies({}, { now: () => ${now} }) });`,
  ].join("\n");
  const files = {
    "index.js": index,
    "package.json": JSON.stringify({ name: "pack", version: "1.0.0", main: "index.js" }),
    "PulumiPolicy.yaml": "runtime: nodejs\n",
  };
  return makeProgram({ files, tarball: await packOnce(), links });
}

/** examples/policy-pack as it is. */
export async function examplePack(): Promise<Program> {
  const files = Object.fromEntries(
    ["PulumiPolicy.yaml", "package.json", "tsconfig.json", "index.ts"].map((file) => [
      file,
      readFileSync(path.join(example, file), "utf8"),
    ]),
  );
  return makeProgram({ files, module: "typescript", tarball: await packOnce(), links });
}
