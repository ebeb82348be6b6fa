import { BuiltProgram, shown } from "./program";

let program: BuiltProgram;
beforeAll(() => {
  program = new BuiltProgram();
});
afterAll(() => program.remove());

const registry = ["--registry", "127.0.0.1:1"];

describe("a wrong command line", () => {
  it.each<[what: string, args: string[], env?: Record<string, string>, stdin?: string]>([
    ["an unknown command, with the near one", ["plna"]],
    ["an unknown option, with the near one", ["plan", "--delete-tag", "x"]],
    ["an option of another command", ["plan", "--yes"]],
    ["no value", ["plan", "--registry"]],
    ["an option given twice", ["plan", "--min-keep", "1", "--min-keep", "2"]],
    ["too many words", ["plan", "this"]],
    ["no registry", ["plan", "--delete-tags", "x"]],
    ["nothing that says what is to go", ["plan", ...registry]],
    ["several things at once", ["plan", "--type", "docker", "--min-age", "soon", "--max-deletions", "-1", "--delete-untagged"]],
    ["what contradicts itself", ["plan", ...registry, "--policy", "p.yml", "--delete-tags", "x", "--keep-n-tagged", "3"]],
    ["what belongs to another registry", ["plan", ...registry, "--account-id", "1", "--delete-untagged"]],
    ["garbage collection where there is none", ["apply", "plan.jsonl", ...registry, "--run-gc", "true", "--yes"]],
    ["no plan", ["apply", ...registry]],
    ["apply without a terminal and without --yes", ["apply", "plan.jsonl", ...registry]],
    ["a user without a password", ["plan", ...registry, "--username", "robot", "--delete-untagged"]],
    ["a user of dtr without a password", ["plan", "--type", "dtr", ...registry, "--username", "robot", "--delete-untagged"]],
    ["a user of RegistryUI without a token", ["plan", "--type", "registryui", ...registry, "--username", "robot", "--delete-untagged"]],
    ["selectel without credentials", ["plan", "--type", "selectel", "--delete-untagged"]],
    [
      "selectel without a project",
      ["plan", "--type", "selectel", "--delete-untagged"],
      { SEL_USERNAME: "u", OS_PASSWORD: "p", OS_DOMAIN_NAME: "1" },
    ],
    ["two secrets in the environment", ["plan", ...registry, "--delete-untagged"], { REGISTRY_PASSWORD: "a", REGISTRY_TOKEN: "b" }],
    ["two secrets from standard input", ["plan", ...registry, "--password-stdin", "--token-stdin"]],
    ["nothing on standard input", ["plan", ...registry, "--username", "robot", "--password-stdin"]],
    ["several lines on standard input", ["plan", ...registry, "--username", "robot", "--password-stdin"], {}, "a\nb\n"],
    ["tags of pull requests without GitHub", ["plan", ...registry, "--pull-request-tags", "pr-{number}"]],
    ["a token for nothing", ["token", ...registry]],
    ["a token for a kind of registry that has none", ["token", "--type", "registryui", ...registry]],
    ["no id", ["token", "revoke", "--type", "selectel"]],
    ["two addresses", ["import", ...registry, "--url", "http://127.0.0.1:2"]],
    ["parallel nothing", ["import", ...registry, "--concurrency", "0"]],
    ["a schema that there is not", ["schema", "tokens"]],
    ["a shell that there is not", ["completion", "tcsh"]],
    ["a port that cannot be", ["sandbox", "--port-base", "http"]],
  ])("%s", async (_, args, env = {}, stdin = "") => {
    const ended = await program.run(args, { env, stdin });
    expect([ended.code, ended.stdout]).toEqual([2, ""]);
    expect(shown(ended)).toMatchSnapshot();
  });
});

describe("an option without a value, as of a variable that is empty,", () => {
  // Left out, each of them means something else: all repositories, nothing excluded, any age, the current folder.
  it.each([
    ["plan", "--repositories", ""],
    ["plan", "--exclude-tags", ""],
    ["plan", "--older-than", " "],
    ["plan", "--delete-tags", "x", "--delete-tags", ""],
    ["apply", "plan.jsonl", "--yes", "--report-file", ""],
    ["apply", "", "--yes"],
    ["token", "--repositories", "team/app", "--login", ""],
    ["token", "revoke", "", "--type", "dtr"],
  ])("is not taken for one that was left out: %s %s %j %s %j", async (...args) => {
    const { code, stdout, stderr } = await program.run([...args, ...registry]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^Error: .*[Ii]t is empty/);
  });
});

describe("a secret on the command line", () => {
  it.each([
    ["--password", "s3cret"],
    ["--password=s3cret"],
    ["--token", "s3cret"],
    ["--token=s3cret"],
    ["--passwort=s3cret"],
    ["-p=s3cret"],
    ["-ps3cret"],
  ])("is refused and not repeated: %s %s", async (...secret) => {
    for (const command of ["plan", "apply", "token", "import"]) {
      const { code, stdout, stderr } = await program.run([command, ...registry, "--username", "robot", ...secret]);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).not.toContain("s3cret");
      expect(stderr).toMatch(/^Error: (--(password|token) does not exist: .*-stdin .*REGISTRY_|unknown option)/);
    }
  });

  it("is refused without a value, too", async () => {
    expect((await program.run(["plan", ...registry, "--password"])).stderr).toMatch(/--password does not exist/);
  });
});
