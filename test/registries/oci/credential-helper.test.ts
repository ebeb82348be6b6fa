import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { runHelper } from "../../../provider/registries/oci/credential-helper";

// A program of one's own on PATH: a script with a shebang, which Windows does not know.
const onUnix = process.platform === "win32" ? describe.skip : describe;

onUnix("a credential helper on PATH", () => {
  let directory: string;
  const env = () => ({ PATH: `${directory}${delimiter}${process.env.PATH}` });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "registry-as-code-helper-"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  async function program(name: string, text: string): Promise<string> {
    await writeFile(join(directory, name), `#!${process.execPath}\n${text}`);
    await chmod(join(directory, name), 0o755);
    return name;
  }

  it("gets `get` as its argument and the server on its input, and its output is read", async () => {
    const name = await program(
      "docker-credential-echo",
      'process.stdin.on("data", (data) => console.log(JSON.stringify({ args: process.argv.slice(2), input: String(data) })));',
    );
    const { status, stdout } = await runHelper(env())(name, "r.example.com\n");
    expect({ status, said: JSON.parse(stdout) }).toEqual({ status: 0, said: { args: ["get"], input: "r.example.com\n" } });
  });

  it("may end without reading its input", async () => {
    const name = await program("docker-credential-rude", "process.exit(3);");
    expect(await runHelper(env())(name, "x".repeat(1_000_000))).toEqual({ status: 3, stdout: "" });
  });

  it("is killed when it takes too long", async () => {
    const name = await program("docker-credential-slow", "setInterval(() => undefined, 1000);");
    expect((await runHelper(env(), 50)(name, "r\n")).status).toBeNull();
  });

  it("that is not installed is named", async () => {
    await expect(runHelper(env())("docker-credential-missing", "r\n")).rejects.toThrow("docker-credential-missing is not installed");
  });
});
