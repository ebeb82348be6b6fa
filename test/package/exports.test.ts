import { execFileSync } from "node:child_process";
import { makeProgram, type Program, packOnce } from "../engine";

jest.setTimeout(120_000);

const subpaths = [
  { subpath: "registry-as-code", names: ["dtr", "oci", "registryui", "selectel"] },
  { subpath: "registry-as-code/dynamic", names: ["provider"] },
  { subpath: "registry-as-code/oci", names: ["connectOci", "parseDigest", "RegistryError", "removeTag"] },
  { subpath: "registry-as-code/dtr", names: ["connectDtr", "findTeam", "isGone", "operations", "waitForJob"] },
  { subpath: "registry-as-code/import", names: ["importRegistry"] },
  { subpath: "registry-as-code/registryui", names: ["collectGarbage", "connectRegistryUi", "RegistryError", "setOffline"] },
  { subpath: "registry-as-code/selectel", names: ["connectSelectel", "createToken", "RegistryError", "waitForRegistry"] },
  { subpath: "registry-as-code/sandbox", names: ["startSandbox", "standingClock"] },
];

describe("the packed package at run time", () => {
  let program: Program;
  beforeAll(async () => {
    program = makeProgram({ files: {}, tarball: await packOnce() });
  });
  afterAll(() => program?.remove());

  it.each(subpaths)("gives $subpath to require and, by the same names, to import", ({ subpath, names }) => {
    const required = run(program, "commonjs", `console.log(JSON.stringify(Object.keys(require(${JSON.stringify(subpath)}))))`);
    const imported = run(program, "module", `console.log(JSON.stringify(Object.keys(await import(${JSON.stringify(subpath)}))))`);
    const nodesOwn = ["default", "module.exports", "__esModule"];
    const known = (JSON.parse(required) as string[]).sort();
    expect(known).toEqual(expect.arrayContaining(names));
    expect((JSON.parse(imported) as string[]).filter((name) => !nodesOwn.includes(name)).sort()).toEqual(known);
  });

  it("lets an ES module import by name", () => {
    const lines = [
      'import { oci, selectel } from "registry-as-code";',
      'import { connectOci } from "registry-as-code/oci";',
      'import { connectSelectel } from "registry-as-code/selectel";',
      "console.log(oci.Tag.__pulumiType, selectel.Token.__pulumiType, typeof connectOci, typeof connectSelectel);",
    ];
    expect(run(program, "module", lines.join("\n"))).toBe(
      "pulumi-nodejs:dynamic/oci:Tag pulumi-nodejs:dynamic/selectel:Token function function",
    );
  });

  it("holds every resource type behind the text that stands in users' states", () => {
    const types = [
      "dtr:ActionConfig",
      "dtr:ApiToken",
      "dtr:ContentCache",
      "dtr:Cron",
      "dtr:Job",
      "dtr:NamespaceTeamAccess",
      "dtr:Organization",
      "dtr:OrganizationMember",
      "dtr:PollMirroringPolicy",
      "dtr:PromotionPolicy",
      "dtr:PruningPolicy",
      "dtr:PushMirroringPolicy",
      "dtr:Repository",
      "dtr:RepositoryTeamAccess",
      "dtr:Scan",
      "dtr:Settings",
      "dtr:TagMirroring",
      "dtr:TagPromotion",
      "dtr:Team",
      "dtr:TeamMember",
      "dtr:User",
      "dtr:UserSettings",
      "dtr:VulnerabilityOverride",
      "dtr:Webhook",
      "dtr:WorkerCapacity",
      "oci:Repository",
      "oci:Tag",
      "registryui:GarbageCollection",
      "registryui:Maintenance",
      "registryui:Project",
      "selectel:BasicToken",
      "selectel:GarbageCollection",
      "selectel:Registry",
      "selectel:Repository",
      "selectel:Token",
    ];
    const text = `for (const type of ${JSON.stringify(types)}) { const made = require("registry-as-code/dynamic").provider(type); console.log(type, typeof made.create, typeof made.read); }`;
    expect(run(program, "commonjs", text)).toBe(types.map((type) => `${type} function function`).join("\n"));
  });

  it("keeps its inner files to itself", () => {
    const inner = 'try { require("registry-as-code/dist/http/index.js"); } catch (error) { console.log(error.code); }';
    expect(run(program, "commonjs", inner)).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED");
  });
});

const run = ({ dir }: Program, type: "commonjs" | "module", text: string): string =>
  execFileSync(process.execPath, [`--input-type=${type}`, "--eval", text], { cwd: dir, encoding: "utf8" }).trim();
