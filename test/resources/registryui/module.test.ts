import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { registryui as api } from "../../../provider";
import { registryui } from "../../../provider/resources/registryui/module";
import { settingsOf } from "../../../provider/resources/settings";
import { image, push } from "../../sandbox/images";
import { startWorld, type World } from "./world";

const USER = { username: "alice", token: "alice-token" };
let world: World;
let folder: string;
beforeEach(async () => {
  world = await startWorld({ users: { alice: { token: USER.token, read: ["*"] } }, projects: { "team/app": { title: "App" } } });
  push(world.registryui.store, "team/app", "v1", image());
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "docker-"));
});
afterEach(async () => {
  fs.rmSync(folder, { recursive: true, force: true });
  await world.close();
});

const connect = (config: Record<string, string>, env: Record<string, string> = {}) =>
  registryui.connect(settingsOf("registryui", { get: (key) => config[key] }, { HOME: folder, ...env }));
/** What the server lets these credentials see. */
const sees = async (config: Record<string, string>, env?: Record<string, string>) => {
  const client = await connect(config, env);
  try {
    return (await Array.fromAsync(client.repositories.list())).map(({ fullPath }) => fullPath);
  } catch {
    return "nothing";
  } finally {
    await client.close();
  }
};
const environment = () => ({ REGISTRYUI_URL: world.url, REGISTRYUI_USERNAME: USER.username, REGISTRYUI_TOKEN: USER.token });

describe("credentials of registryui come from the first place that has any", () => {
  it("the stack's configuration", async () => {
    const config = { "registryui:url": world.url, "registryui:username": USER.username, "registryui:token": USER.token };
    expect(await sees(config, { REGISTRYUI_USERNAME: "x", REGISTRYUI_TOKEN: "wrong" })).toEqual(["team/app"]);
  });

  it("the environment, address included", async () => {
    expect(await sees({}, environment())).toEqual(["team/app"]);
  });

  it("the environment's are for the environment's address alone", async () => {
    expect(await sees({ "registryui:url": world.url }, { ...environment(), REGISTRYUI_URL: "https://other.example.com" })).toBe("nothing");
    expect(await sees({ "registryui:url": `${world.url}/udr/v1api/` }, environment())).toEqual(["team/app"]);
  });

  it("what `docker login` stored", async () => {
    const auth = Buffer.from(`${USER.username}:${USER.token}`).toString("base64");
    fs.writeFileSync(path.join(folder, "config.json"), JSON.stringify({ auths: { [new URL(world.url).host]: { auth } } }));
    expect(await sees({ "registryui:url": world.url }, { DOCKER_CONFIG: folder })).toEqual(["team/app"]);
    const explicit = { "registryui:url": world.url, "registryui:dockerConfig": path.join(folder, "config.json") };
    expect(await sees(explicit, { DOCKER_CONFIG: "/nowhere" })).toEqual(["team/app"]);
  });

  it("an explicit provider takes none from the environment", async () => {
    expect(await sees({ "registryui:explicit": "true", "registryui:url": world.url }, environment())).toBe("nothing");
  });

  it("half of them is an error that names the other half, and no address one that says where to give it", async () => {
    await expect(connect({ "registryui:url": world.url, "registryui:username": "x" })).rejects.toThrow("registryui:token is missing");
    await expect(connect({ "registryui:url": world.url }, { REGISTRYUI_TOKEN: "x" })).rejects.toThrow("REGISTRYUI_USERNAME is missing");
    await expect(connect({})).rejects.toThrow("pulumi config set registryui:url");
    await expect(connect({ "registryui:url": world.url, "registryui:caFile": "/nowhere.pem" })).rejects.toThrow("registryui:caFile");
  });
});

describe("read functions in a program", () => {
  const value = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve as (unwrapped: unknown) => void));
  beforeEach(() =>
    pulumi.runtime.setAllConfig({
      "registryui:url": world.url,
      "registryui:username": "admin",
      "registryui:token": "sandbox-registryui-token",
    }),
  );

  it("read repositories, tags, one tag and the offline state, in both forms, and change nothing", async () => {
    expect(await api.getRepositories({})).toMatchObject([{ fullPath: "team/app", title: "App", isPublic: false }]);
    expect(await api.getRepositories({ folder: "other" })).toEqual([]);
    expect(await api.getTags({ repository: "team/app" })).toMatchObject([{ tag: "v1", digest: expect.stringMatching(/^sha256:/) }]);
    expect(await api.getTagInfo({ repository: "team/app", tag: "v1" })).toMatchObject({
      repository: "team/app",
      tag: "v1",
      lastUpdated: expect.stringMatching(/^2026-03-01T12:00:00.*Z$/),
    });
    expect(await api.getOfflineState({})).toEqual({ offline: false });
    expect(await value(api.getRepositoriesOutput({ folder: pulumi.output("team") }))).toHaveLength(1);
    expect(await value(api.getTagsOutput({ repository: pulumi.output("team/app") }))).toHaveLength(1);
    expect(await value(api.getTagInfoOutput({ repository: pulumi.output("team/app"), tag: "v1" }))).toMatchObject({ tag: "v1" });
    expect(await value(api.getOfflineStateOutput({}))).toEqual({ offline: false });
    expect(world.writes()).toEqual([]);
  });

  it("tell offline from empty", async () => {
    world.registryui.state.setOffline(true);
    expect(await api.getOfflineState({})).toEqual({ offline: true });
    await expect(api.getRepositories({})).rejects.toThrow(/^registryui.getRepositories: .*the registry is offline \(OFFLINE\)/);
    await expect(api.getTags({ repository: "team/app" })).rejects.toThrow("OFFLINE");
  });

  it("say what is not there, and which path cannot be one", async () => {
    await expect(api.getTagInfo({ repository: "team/app", tag: "v2" })).rejects.toThrow(/^registryui.getTagInfo: .*does not exist/);
    await expect(api.getTags({ repository: "/" })).rejects.toThrow("must not begin with a slash");
  });
});
