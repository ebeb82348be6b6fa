import { connectDtr, type DtrClient, type DtrOptions, dtrOptionsFromEnv, dtrRoot } from "../../../provider/registries/dtr";
import { connected, failure, password } from "./connected";

describe("the address", () => {
  it.each([
    ["dtr.example.com", "https://dtr.example.com"],
    ["dtr.example.com:4443", "https://dtr.example.com:4443"],
    ["localhost:5000", "http://localhost:5000"],
    ["127.0.0.1:5000/api/v0", "http://127.0.0.1:5000"],
    ["https://dtr.example.com/", "https://dtr.example.com"],
    ["https://dtr.example.com/api/v0", "https://dtr.example.com"],
    ["https://dtr.example.com/api/v0/", "https://dtr.example.com"],
    ["https://dtr.example.com/enzi/v0", "https://dtr.example.com"],
    ["https://dtr.example.com/v2/", "https://dtr.example.com"],
    ["http://proxy.example.com/dtr/api/v0", "http://proxy.example.com/dtr"],
  ])("%s is %s", (given, root) => {
    expect(dtrRoot(given)).toBe(root);
  });

  it.each(["", "ftp://dtr.example.com", "https://u:p4ssw0rd@dtr.example.com", "https://dtr.example.com?refresh_token=p4ssw0rd"])(
    "%j is refused, and its secrets are not repeated",
    async (url) => {
      const error = await failure((async () => connectDtr({ url }))());
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).not.toContain("p4ssw0rd");
    },
  );
});

describe("credentials", () => {
  const authorization = async (options: Partial<DtrOptions>): Promise<string | undefined> => {
    let seen: string | undefined;
    await connected(
      ({ headers }) => {
        seen = headers.authorization;
        return { json: { repositories: [] } };
      },
      async ({ client }) => void (await Array.fromAsync(client.repositories.list())),
      { username: undefined, password: undefined, ...options } as Partial<DtrOptions>,
    );
    return seen;
  };
  const basic = (text: string) => `Basic ${Buffer.from(text, "utf8").toString("base64")}`;

  it.each<[string, Partial<DtrOptions>, string | undefined]>([
    ["a password", { username: "ädmin", password: "p:ä" }, basic("ädmin:p:ä")],
    ["an access token", { username: "admin", token: "t" }, basic("admin:t")],
    ["an empty token beside the password", { username: "admin", password: "p", token: "" }, basic("admin:p")],
    ["none", {}, undefined],
  ])("%s", async (_, options, header) => {
    expect(await authorization(options)).toBe(header);
  });

  it.each<[Partial<DtrOptions>, RegExp]>([
    [{ username: "admin" }, /password \(or an access token\) is missing/],
    [{ password: "s3cr3t-text" }, /user name is missing/],
    [{ token: "s3cr3t-text" }, /user name is missing/],
    [{ username: "admin", password: "s3cr3t-text", token: "s3cr3t-text" }, /not both/],
  ])("that are not complete are refused: %j", async (options, message) => {
    const error = await failure((async () => connectDtr({ url: "dtr.example.com", ...options }))());
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("s3cr3t-text");
  });

  it.each([0, -1, 1.5, Number.NaN])("a page size of %p is refused", (pageSize) => {
    expect(() => connectDtr({ url: "dtr.example.com", pageSize })).toThrow(TypeError);
  });

  it("go to the API, the account API and the token server by Basic, never in a URL", async () => {
    await connected(
      ({ url }) => {
        if (url.startsWith("/v2/")) return { status: 401, headers: { "www-authenticate": 'Bearer realm="/auth/token",service="dtr"' } };
        return url.startsWith("/auth/") ? { json: { token: "x" } } : { status: 404, json: { errors: [{ code: "NO_SUCH_X" }] } };
      },
      async ({ client, server }) => {
        await failure(client.accounts.language());
        await failure(client.enzi.accounts.get({ name: "x" }));
        await client.service.token();
        expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill(basic(`admin:${password}`)));
        expect(server.lines().join()).not.toMatch(/refresh_token|password/);
      },
    );
  });

  it("are in no message, even if the server repeats them", async () => {
    const encoded = basic(`admin:${password}`).slice("Basic ".length);
    await connected(
      ({ headers }) => ({ status: 403, json: { errors: [{ code: "NOT_AUTHORIZED", message: `${headers.authorization} ${password}` }] } }),
      async ({ client }) => {
        const error = await failure(client.accounts.language());
        for (const text of [error.message, String(error.stack), JSON.stringify(error)]) {
          expect(text).not.toContain(password);
          expect(text).not.toContain(encoded);
        }
      },
    );
  });
});

describe("the client", () => {
  it("knows where it is, and the registry at the same place", async () => {
    const client: DtrClient = connectDtr({ url: "https://dtr.example.com:4443/api/v0", username: "admin", password: "p" });
    expect(client).toMatchObject({
      url: "https://dtr.example.com:4443",
      registryHost: "dtr.example.com:4443",
      username: "admin",
      oci: { url: "https://dtr.example.com:4443" },
    });
    await client.close();
  });

  it("gets its access to /v2 from the token server, with the same credentials", async () => {
    await connected(
      ({ url, headers }) => {
        if (url.startsWith("/auth/token")) return { json: { token: headers.authorization?.startsWith("Basic ") ? "jwt" : "none" } };
        if (headers.authorization === "Bearer jwt") return { json: { name: "a/b", tags: ["1"] } };
        const realm = `http://${headers.host}/auth/token`;
        return {
          status: 401,
          json: {},
          headers: { "www-authenticate": `Bearer realm="${realm}",service="dtr",scope="repository:a/b:pull"` },
        };
      },
      async ({ client, server }) => {
        expect((await client.oci.ping()).authentication).toBeDefined();
        expect(server.seen.some(({ url }) => url.startsWith("/auth/token"))).toBe(true);
      },
    );
  });

  it("follows no redirect: another address is not the API", async () => {
    await connected(
      () => ({ status: 302, headers: { location: "https://elsewhere.example.com/" } }),
      async ({ client }) => expect(await failure(client.accounts.language())).toMatchObject({ kind: "redirect" }),
    );
  });

  it("is of no use after it was closed", async () => {
    await connected(
      () => ({ json: {} }),
      async ({ client, server }) => {
        await client.close();
        await failure(client.accounts.language());
        expect(server.seen).toEqual([]);
      },
    );
  });
});

describe("the environment", () => {
  it.each([
    [{}, {}],
    [{ DTR_URL: "", DTR_USERNAME: "" }, {}],
    [
      { DTR_URL: "u", DTR_USERNAME: "n", DTR_PASSWORD: "p", OTHER: "x" },
      { url: "u", username: "n", password: "p" },
    ],
    [
      { DTR_USERNAME: "n", DTR_TOKEN: "t" },
      { username: "n", token: "t" },
    ],
    [{ DTR_PASSWORD: "p", DTR_TOKEN: "t" }, { password: "p" }],
  ])("%j gives %j", (env, options) => {
    expect(dtrOptionsFromEnv(env)).toEqual(options);
  });
});
