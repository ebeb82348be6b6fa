import { BuiltProgram, shown } from "./program";

let program: BuiltProgram;
beforeAll(() => {
  program = new BuiltProgram();
});
afterAll(() => program.remove());

const commands = ["", "import", "plan", "apply", "token", "token revoke", "sandbox", "schema", "completion"];

describe("the help", () => {
  it.each(commands)("of registry-as-code %s is complete, with examples", async (command) => {
    const ended = await program.run([...command.split(" ").filter((word) => word !== ""), "--help"]);
    expect(ended.stdout).toMatch(/^Examples:$/m);
    expect(shown(ended)).toMatchSnapshot();
  });

  it("of every command that there is, is tested", async () => {
    const { stdout } = await program.run(["--help"]);
    const listed = [...(/^Commands:\n((?: {2}.*\n)+)/m.exec(stdout)?.[1]?.matchAll(/^ {2}([a-z]+)/gm) ?? [])].map(([, name]) => name);
    expect(listed).toEqual([...commands.filter((name) => name !== "" && !name.includes(" ")), "help"]);
  });

  it("is the same by the word help", async () => {
    expect((await program.run(["help", "plan"])).stdout).toBe((await program.run(["plan", "--help"])).stdout);
  });

  it("has the version beside it", async () => {
    expect(await program.run(["--version"])).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: "" });
  });

  it("is shown on stderr when no command is given, which is wrong usage", async () => {
    const { code, stdout, stderr } = await program.run([]);
    expect([code, stdout, stderr]).toEqual([2, "", expect.stringMatching(/^Usage: registry-as-code/)]);
  });
});
