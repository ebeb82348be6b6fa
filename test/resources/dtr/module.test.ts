import { dtr } from "../../../provider/resources/dtr/module";
import { settingsOf } from "../../../provider/resources/settings";
import { startWorld, type World } from "./world";

const USER = { username: "jane", password: "jane-password" };
let world: World;
let token: string;
beforeEach(async () => {
  world = await startWorld({
    accounts: { jane: USER },
    organizations: { team: { members: { jane: "member" } } },
    repositories: { "team/app": { visibility: "private" } },
  });
  token = world.dtr.state.addToken("jane");
});
afterEach(() => world.close());

const connect = (config: Record<string, string>, env: Record<string, string> = {}) =>
  dtr.connect(settingsOf("dtr", { get: (key) => config[key] }, env));
/** What the server takes whoever has these settings for. */
const is = async (config: Record<string, string>, env?: Record<string, string>): Promise<string> => {
  const client = await connect(config, env);
  try {
    await client.apiTokens.list()[Symbol.asyncIterator]().next();
    return client.username ?? "anonymous";
  } catch (error) {
    return error instanceof Error && error.message.includes("NOT_AUTHENTICATED") ? "nobody" : String(error);
  } finally {
    await client.close();
  }
};
const configured = () => ({ "dtr:url": world.url, "dtr:username": "jane", "dtr:password": "jane-password" });
const environment = () => ({ DTR_URL: world.url, DTR_USERNAME: "jane", DTR_PASSWORD: "jane-password" });

describe("credentials of dtr come from the first place that has any", () => {
  it("the stack's configuration, whatever the environment says", async () => {
    expect(await is(configured(), { DTR_USERNAME: "x", DTR_PASSWORD: "wrong" })).toBe("jane");
  });

  it("the environment, address included", async () => {
    expect(await is({}, environment())).toBe("jane");
  });

  it("with an access token in place of the password", async () => {
    const { "dtr:password": _, ...config } = configured();
    expect(await is({ ...config, "dtr:token": token })).toBe("jane");
    const { DTR_PASSWORD: __, ...env } = environment();
    expect(await is({}, { ...env, DTR_TOKEN: token })).toBe("jane");
    expect(await is({ ...config, "dtr:password": token })).toBe("jane");
  });

  it("the environment's are for the environment's address alone, however that is written", async () => {
    expect(await is({ "dtr:url": world.url }, { ...environment(), DTR_URL: "https://other.example.com" })).toBe("nobody");
    for (const end of ["/", "/api/v0", "/v2/"]) expect(await is({ "dtr:url": world.url + end }, environment())).toBe("jane");
  });

  it("an explicit provider takes none from the environment", async () => {
    expect(await is({ "dtr:explicit": "true", "dtr:url": world.url }, environment())).toBe("nobody");
    await expect(connect({ "dtr:explicit": "true" }, environment())).rejects.toThrow("DTR's address is missing");
  });
});

describe("settings that cannot be right are one clear error", () => {
  it.each([
    { config: {}, said: "pulumi config set dtr:url" },
    { config: { "dtr:url": "https://dtr.example.com", "dtr:username": "x" }, said: "dtr:password (or dtr:token) is missing" },
    { config: { "dtr:url": "https://dtr.example.com", "dtr:token": "x" }, said: "dtr:username is missing" },
    {
      config: { "dtr:url": "https://dtr.example.com", "dtr:username": "x", "dtr:password": "y", "dtr:token": "z" },
      said: "exclude each other",
    },
    { config: { "dtr:url": "https://dtr.example.com", "dtr:caFile": "/nowhere.pem" }, said: "dtr:caFile: " },
    { config: { "dtr:url": "ftp://dtr.example.com" }, said: "ftp" },
    { config: { "oci:explicit": "true" }, said: "was given a provider of oci" },
  ])("$said", async ({ config, said }) => {
    await expect((async () => connect(config as unknown as Record<string, string>))()).rejects.toThrow(said);
  });

  it("half of the environment's names the other half", async () => {
    await expect(connect({}, { DTR_URL: "https://dtr.example.com", DTR_TOKEN: "x" })).rejects.toThrow("DTR_USERNAME is missing");
    await expect(connect({}, { DTR_URL: "https://dtr.example.com", DTR_USERNAME: "x" })).rejects.toThrow(
      "DTR_PASSWORD (or DTR_TOKEN) is missing",
    );
  });
});
