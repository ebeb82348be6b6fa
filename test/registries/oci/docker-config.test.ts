import { join } from "node:path";
import { type DockerConfigOptions, dockerCredentials, type HelperResult, registryHost } from "../../../provider/registries/oci";

const auth = (user: string, password: string) => Buffer.from(`${user}:${password}`).toString("base64");

/** A machine whose Docker configuration is this text. */
function machine(config: unknown, helper?: (program: string, input: string) => HelperResult): DockerConfigOptions & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    env: {},
    home: "/home/me",
    readFile: async (path) => {
      if (path !== join("/home/me", ".docker", "config.json")) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
      return typeof config === "string" ? config : JSON.stringify(config);
    },
    run: async (program, input) => {
      asked.push(`${program} < ${input.trim()}`);
      if (!helper) throw new Error("no helper was expected");
      return helper(program, input);
    },
  };
}

describe("credentials in Docker's config.json", () => {
  const password = { username: "me", password: "p:w" };

  it.each([
    ["a host", { "r.example.com": { auth: auth("me", "p:w") } }, "r.example.com"],
    ["a host with port", { "localhost:5000": { auth: auth("me", "p:w") } }, "http://localhost:5000"],
    ["a URL with path", { "https://r.example.com/v2/": { auth: auth("me", "p:w") } }, "https://r.example.com"],
    ["Docker Hub's address", { "https://index.docker.io/v1/": { auth: auth("me", "p:w") } }, "https://registry-1.docker.io"],
    ["Docker Hub's name", { "docker.io": { auth: auth("me", "p:w") } }, "index.docker.io"],
    ["user and password apart", { "r.example.com": { username: "me", password: "p:w" } }, "r.example.com"],
    ["trailing NULs of old versions", { "r.example.com": { auth: auth("me", "p:w\0\0") } }, "r.example.com"],
    ["upper case", { "R.example.com": { auth: auth("me", "p:w") } }, "r.example.com"],
  ])("are found under %s", async (_, auths, registry) => {
    expect(await dockerCredentials(registry, machine({ auths }))).toEqual(password);
  });

  it("may be an identity token, which comes before the password beside it", async () => {
    const auths = { "r.example.com": { auth: auth("me", "p"), identitytoken: "id" } };
    expect(await dockerCredentials("r.example.com", machine({ auths }))).toEqual({ identityToken: "id" });
  });

  it("may be a registry token", async () => {
    expect(await dockerCredentials("r.example.com", machine({ auths: { "r.example.com": { registrytoken: "t" } } }))).toEqual({
      registryToken: "t",
    });
  });

  it.each([
    ["team/app", "deep"],
    ["team/other", "middle"],
    ["else", "shallow"],
    ["teams", "shallow"],
    [undefined, "shallow"],
  ])("are the most specific ones for the repository %s: %s", async (repository, expected) => {
    const auths = {
      "r.example.com": { auth: auth("shallow", "p") },
      "r.example.com/team/app": { auth: auth("deep", "p") },
      "r.example.com/team": { auth: auth("middle", "p") },
    };
    expect(await dockerCredentials("r.example.com", machine({ auths }), repository)).toMatchObject({ username: expected });
  });

  it.each([
    ["there is no entry", { auths: { "other.example.com": { auth: auth("me", "p") } } }],
    ["the entry is empty, as with a credential store", { auths: { "r.example.com": {} } }],
    ["a longer host has one", { auths: { "r.example.com.evil.org": { auth: auth("me", "p") } } }],
    ["the configuration is empty", {}],
    ["the file is empty", ""],
  ])("are none when %s", async (_, config) => {
    expect(await dockerCredentials("r.example.com", machine(config))).toBeUndefined();
  });

  it("are none when there is no configuration", async () => {
    expect(await dockerCredentials("r.example.com", { ...machine({}), home: "/home/else" })).toBeUndefined();
  });

  it("come from $DOCKER_CONFIG or the path that is given, file or directory", async () => {
    const read = (there: string) => async (path: string) => {
      if (path === there) return JSON.stringify({ auths: { r: { auth: auth("me", "p:w") } } });
      throw Object.assign(new Error("no"), { code: path === join("/dir") ? "EISDIR" : "ENOENT" });
    };
    expect(await dockerCredentials("r", { env: { DOCKER_CONFIG: "/x" }, readFile: read(join("/x", "config.json")) })).toEqual(password);
    expect(await dockerCredentials("r", { env: {}, path: "/file.json", readFile: read("/file.json") })).toEqual(password);
    expect(await dockerCredentials("r", { env: {}, path: "/dir", readFile: read(join("/dir", "config.json")) })).toEqual(password);
    await expect(dockerCredentials("r", { env: {}, path: "/nowhere", readFile: read("/else") })).rejects.toThrow("/nowhere does not exist");
  });

  it.each([
    ["broken JSON", '{"auths": {"r": {"auth": "c2VjcmV0"}', "is no JSON"],
    ["a wrong type", { auths: { "r.example.com": { auth: { secret: "c2VjcmV0" } } } }, "auths.r.example.com.auth has an unexpected type"],
    ["an auth that is no pair", { auths: { "r.example.com": { auth: "c2VjcmV0" } } }, "Log in again"],
  ])("that cannot be read are an error which does not repeat them: %s", async (_, config, text) => {
    const failure = await dockerCredentials("r.example.com", machine(config)).catch((error: Error) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(String(failure)).toContain(text);
    expect(String(failure)).not.toMatch(/c2VjcmV0|secret/);
  });

  it("knows Docker Hub by all its names", () => {
    expect(["docker.io", "https://index.docker.io/v1/", "registry-1.docker.io"].map(registryHost)).toEqual([
      "docker.io",
      "docker.io",
      "docker.io",
    ]);
  });
});

describe("a credential helper", () => {
  const gives =
    (answer: unknown, status = 0) =>
    () => ({ status, stdout: typeof answer === "string" ? answer : JSON.stringify(answer) });

  it("of credHelpers is asked for its registry, before everything else", async () => {
    const config = {
      credHelpers: { "r.example.com": "cloud" },
      credsStore: "desktop",
      auths: { "r.example.com": { auth: auth("a", "b") } },
    };
    const options = machine(config, gives({ ServerURL: "r.example.com", Username: "u", Secret: "s" }));
    expect(await dockerCredentials("https://r.example.com", options)).toEqual({ username: "u", password: "s" });
    expect(options.asked).toEqual(["docker-credential-cloud < r.example.com"]);
  });

  it("of credsStore is asked for every registry, for Docker Hub by its old address", async () => {
    const options = machine({ credsStore: "desktop" }, gives({ Username: "u", Secret: "s" }));
    await dockerCredentials("localhost:5000", options);
    await dockerCredentials("docker.io", options);
    expect(options.asked).toEqual([
      "docker-credential-desktop < localhost:5000",
      "docker-credential-desktop < https://index.docker.io/v1/",
    ]);
  });

  it("gives an identity token where the user is <token>", async () => {
    const options = machine({ credsStore: "acr" }, gives({ Username: "<token>", Secret: "refresh" }));
    expect(await dockerCredentials("r.example.com", options)).toEqual({ identityToken: "refresh" });
  });

  it("that has nothing leaves the registry to auths, and to nobody if there are none", async () => {
    const nothing = gives("credentials not found in native keychain\n", 1);
    expect(await dockerCredentials("r", machine({ credsStore: "x", auths: { r: { auth: auth("a", "b") } } }, nothing))).toEqual({
      username: "a",
      password: "b",
    });
    expect(await dockerCredentials("r", machine({ credsStore: "x" }, nothing))).toBeUndefined();
    expect(await dockerCredentials("r", machine({ credHelpers: { r: "x" } }, nothing))).toBeUndefined();
  });

  it.each([
    ["fails", gives("secret-123", 2), "docker-credential-x failed for r (exit status 2)"],
    ["is killed", () => ({ status: null, stdout: "secret-123" }), "it was killed"],
    ["prints no JSON", gives("secret-123"), "no credentials for r that can be understood"],
    ["prints something else", gives({ Secret: ["secret-123"] }), "no credentials for r that can be understood"],
  ])("that %s is an error which does not repeat its output", async (_, helper, text) => {
    const failure = await dockerCredentials("r", machine({ credsStore: "x" }, helper)).catch((error: Error) => error);
    expect(String(failure)).toContain(text);
    expect(String(failure)).not.toContain("secret-123");
  });

  it.each(["../evil", "a b", "x;rm", "", "-x", "/bin/sh"])("named %j is not started", async (name) => {
    const options = machine({ credHelpers: { r: name } }, gives({ Username: "u", Secret: "s" }));
    await expect(dockerCredentials("r", options)).rejects.toThrow("no program's name");
    expect(options.asked).toEqual([]);
  });
});
