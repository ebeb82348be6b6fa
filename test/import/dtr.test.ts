import { type ImportResult, importRegistry } from "../../provider/import";
import { dtrServer } from "../e2e/dtr-server";
import { changes, succeeded, writes } from "../e2e/world";
import { type Sandbox, startSandbox } from "../sandbox";
import { fillDtr, HOOK_SECRET, PASSWORD } from "./fill-dtr";
import { roundTrip } from "./round-trip";

jest.setTimeout(300_000);

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

function connection() {
  const { dtr } = sandbox.info;
  if (!dtr) throw new Error("the sandbox has no Docker Trusted Registry");
  return { type: "dtr", registry: dtr.url, username: dtr.username, password: dtr.password } as const;
}

describe("the import of a Docker Trusted Registry with one of everything", () => {
  it("is followed by an empty preview, and destroy removes what was imported and nothing else", async () => {
    await fillDtr(sandbox);
    const { ask, everything } = dtrServer(sandbox);
    const before = await everything();
    sandbox.control.clearRequests();
    const lines: string[] = [];
    // What must outlive the stack: everything of admin's, with its images.
    const include = ["!admin/*", "!admin"];
    expect(kindsOf(await importRegistry({ type: "dtr", connection: connection(), include }))).toEqual(KINDS);
    const result = await roundTrip(
      sandbox,
      { type: "dtr", connection: connection(), include, kinds: [...KINDS, "Settings"], log: (line) => lines.push(line) },
      async ({ stack, result, import: imported }) => {
        expect(writes(sandbox)).toEqual([]);
        succeeded(imported);
        expect(imported.changes.import).toBe(result.resources.length);
        const preview = succeeded(await stack.preview());
        expect(changes(preview)).toEqual([]);
        expect(preview.steps).toHaveLength(result.resources.length);
        const refreshed = succeeded(await stack.refresh());
        expect(changes(refreshed)).toEqual([]);
        expect(changes(succeeded(await stack.up()))).toEqual([]);
        expect(writes(sandbox)).toEqual([]);
        expect(await everything()).toEqual(before);
        const state = JSON.stringify(await stack.export());
        for (const secret of [HOOK_SECRET, PASSWORD]) expect(state).not.toContain(secret);
        for (const { stdout, stderr } of [imported, preview, refreshed]) expect(`${stdout}${stderr}`).not.toContain(HOOK_SECRET);
        succeeded(await stack.destroy());
        expect(await ask("GET", "/api/v0/repositories")).toMatchObject({ repositories: [{ name: "base" }, { name: "copy" }] });
        expect(await ask("GET", "/enzi/v0/accounts")).toMatchObject({ accounts: [{ name: "admin" }] });
        const after = await everything();
        for (const list of ["/api/v0/workers", "/api/v0/meta/settings"]) expect(after[list]).toEqual(before[list]);
        expect(await ask("GET", "/api/v0/webhooks")).toEqual([]);
      },
    );
    expect(kindsOf(result)).toEqual([...KINDS, "Settings"].sort());
    expect(result.skipped).toEqual([]);
    expect(result.program).not.toContain(HOOK_SECRET);
    expect(lines.join("\n")).not.toContain(HOOK_SECRET);
    expect(JSON.stringify([result.secrets, result.resources, result.skipped])).not.toContain(HOOK_SECRET);
  });
});

const kindsOf = ({ resources }: ImportResult): (string | undefined)[] =>
  [...new Set(resources.map(({ type }) => type.split(":").at(-1)))].sort();

describe("the import of odd names", () => {
  it("is followed by an empty preview, too", async () => {
    const { ask } = dtrServer(sandbox);
    for (const name of ["class", "2048"]) await ask("POST", "/enzi/v0/accounts", { name, isOrg: true });
    for (const name of ["delete", "o.neil", "constructor", "1st-user"])
      await ask("POST", "/enzi/v0/accounts", { name, password: PASSWORD, isActive: true });
    for (const name of ["new", "a.b", "a-b", "a_b", "1st"])
      await ask("POST", "/api/v0/repositories/class", { name, visibility: "private" });
    await ask("POST", "/api/v0/repositories/2048", { name: "1", visibility: "private", longDescription: '# Title\n\n"quoted" `code`\n' });
    for (const name of ["Devs", "devs"]) {
      await ask("POST", "/enzi/v0/accounts/class/teams", { name });
      await ask("PUT", `/enzi/v0/accounts/class/teams/${name}/members/constructor`, { isAdmin: false });
      await ask("PUT", `/api/v0/repositories/class/new/teamAccess/${name}`, { accessLevel: "admin" });
    }
    for (const tokenLabel of ["same", "same", `\`${"$"}{process.exit(1)}\`\n*/`, ""])
      await ask("POST", "/api/v0/api_tokens", { tokenLabel });
    const result = await roundTrip(sandbox, { type: "dtr", connection: connection() }, async ({ stack, import: imported, result }) => {
      succeeded(imported);
      const preview = succeeded(await stack.preview());
      expect(changes(preview)).toEqual([]);
      expect(preview.steps).toHaveLength(result.resources.length);
    });
    const identities = result.resources.map(({ type, name }) => `${type} ${name.toLowerCase()}`);
    expect(new Set(identities).size).toBe(identities.length);
    expect(result.resources.filter(({ type }) => type.endsWith(":Repository"))).toHaveLength(6);
    expect(result.skipped.map(({ what, why }) => `${what}: ${why}`)).toEqual([
      "ApiToken admin/: no program could declare it as it is: label must not be empty",
      expect.stringMatching(/^User admin: /),
    ]);
  });
});

/** All but what runs once (GarbageCollection, Job, Scan, TagMirroring, TagPromotion) and what must be asked for (Settings). */
const KINDS = [
  "ActionConfig",
  "ApiToken",
  "ContentCache",
  "Cron",
  "NamespaceTeamAccess",
  "Organization",
  "OrganizationMember",
  "PollMirroringPolicy",
  "PromotionPolicy",
  "PruningPolicy",
  "PushMirroringPolicy",
  "Repository",
  "RepositoryTeamAccess",
  "Team",
  "TeamMember",
  "User",
  "UserSettings",
  "VulnerabilityOverride",
  "Webhook",
  "WorkerCapacity",
];
