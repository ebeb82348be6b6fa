import { importRegistry } from "../../provider/import";
import { startWorld, type World } from "../resources/dtr/world";

let world: World;
afterEach(() => world.close());

/** Turns the direction of what follows it: in an editor, code after it looks like another one (CVE-2021-42574). */
const TURN = "\u202e";
const ESCAPE = "\u001b]0;title\u0007\u009b2J";

async function program(): Promise<string> {
  const { username, password } = world.sandbox.info.dtr ?? { username: "", password: "" };
  const { program } = await importRegistry({ type: "dtr", connection: { type: "dtr", registry: world.url, username, password } });
  return program;
}

describe("text from the registry that could deceive a reader", () => {
  it("is spelt out in the program, where it means the same", async () => {
    const longDescription = `${TURN}});process.exit(1);//${ESCAPE}`;
    world = await startWorld({
      organizations: { org: {} },
      repositories: { "org/app": { longDescription, shortDescription: "a family: 👨‍👩‍👧, läßt" } },
    });
    const text = await program();
    expect(text).not.toMatch(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\u0080-\u009f]|[^\P{Cc}\n]/u);
    const literal = /longDescription: (".*"),?$/m.exec(text)?.[1] ?? '""';
    expect(new Function(`return ${literal};`)()).toBe(longDescription);
    expect(text).toContain('shortDescription: "a family: 👨‍👩‍👧, läßt"');
  });

  it("is taken out of comments", async () => {
    world = await startWorld({ organizations: { org: {} }, repositories: { "org/app": {} } });
    await world.api("POST", "/api/v0/webhooks", { key: "org/app", type: "TAG_PUSH", endpoint: "https://ci.example.com/hook" });
    for (const webhook of world.dtr.state.webhooks.values()) Object.assign(webhook, { type: `${TURN}TAG${ESCAPE}` });
    const text = await program();
    expect(text).toContain("pulumi config set --secret ");
    expect(text).not.toMatch(/[\u202e\u0080-\u009f]|[^\P{Cc}\n]/u);
  });
});
