import { inspect } from "node:util";
import { connectDtr } from "../../provider/registries/dtr";
import { connectOci, parseRepository, parseTag } from "../../provider/registries/oci";
import { connectRegistryUi } from "../../provider/registries/registryui";
import { connectSelectel } from "../../provider/registries/selectel";
import { type Sandbox, type SandboxOptions, startSandbox } from "../sandbox";
import { image, push } from "../sandbox/images";

const password = "Pa55word-that-nobody-sees";
const app = parseRepository("admin/app");

const need = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("the sandbox has no such API");
  return value;
};

interface Case {
  readonly name: string;
  readonly sandbox: SandboxOptions;
  /** A client that was used, so that it knows whatever it is going to know; and the passwords and tokens that it knows then. */
  readonly use: (sandbox: Sandbox) => Promise<{ readonly client: { close(): Promise<void> }; readonly secrets: readonly string[] }>;
}

const basic = (username: string) => Buffer.from(`${username}:${password}`).toString("base64");

const oci = (auth: "basic" | "bearer"): Case => ({
  name: `connectOci (${auth})`,
  sandbox: { apis: ["oci"], oci: { auth, password } },
  use: async ({ info, store }) => {
    push(store, app, "v1", image());
    const { url, username } = need(info.oci);
    const client = connectOci({ url, credentials: { username, password }, env: {} });
    expect(await Array.fromAsync(client.tags(app))).toEqual(["v1"]);
    return { client, secrets: [password, basic(username)] };
  },
});

const cases: readonly Case[] = [
  oci("basic"),
  oci("bearer"),
  {
    name: "connectOci (a ready-made token)",
    sandbox: { apis: [] },
    use: async () => ({
      client: connectOci({ url: "http://127.0.0.1:1", credentials: { registryToken: password } }),
      secrets: [password],
    }),
  },
  {
    name: "connectRegistryUi",
    sandbox: { apis: ["registryui"], registryui: { token: password } },
    use: async ({ info }) => {
      const { url, username } = need(info.registryui);
      const client = connectRegistryUi({ url, username, token: password, env: {} });
      await client.oci.ping();
      await client.oci.manifests.head(app, parseTag("v1")).catch(() => undefined);
      return { client, secrets: [password, basic(username)] };
    },
  },
  {
    name: "connectDtr",
    sandbox: { apis: ["dtr"], dtr: { password, repositories: { [app]: {} } } },
    use: async ({ info, dtr }) => {
      push(need(dtr).store, app, "v1", image());
      const { url, username } = need(info.dtr);
      const client = connectDtr({ url, username, password, env: {} });
      expect(await Array.fromAsync(client.repositories.list())).toHaveLength(1);
      expect(await Array.fromAsync(client.oci.tags(app))).toEqual(["v1"]);
      return { client, secrets: [password, basic(username)] };
    },
  },
  {
    name: "connectSelectel",
    sandbox: { apis: ["selectel"] },
    use: async ({ info }) => {
      const { v1, v2, authUrl, accountId, username, password: secret, projectId, token } = need(info.selectel);
      const auth = { authUrl, accountId, username, password: secret, projectId };
      const client = connectSelectel({ v1Url: v1, v2Url: v2, auth, env: {} });
      await Array.fromAsync(client.v2.registries.list());
      return { client, secrets: [secret, token] };
    },
  },
];

/** Everything that can be seen of an object without a debugger. */
const shown = (client: unknown) => [
  inspect(client, { depth: Number.POSITIVE_INFINITY, showHidden: true, maxStringLength: null, maxArrayLength: null }),
  JSON.stringify(client),
];

describe("a client that is printed, logged or put into JSON", () => {
  it.each(cases)("$name shows neither password nor token", async ({ sandbox: options, use }) => {
    const sandbox = await startSandbox(options);
    const { client, secrets } = await use(sandbox);
    try {
      // Tokens that came over the wire, too.
      const wanted = [...secrets, "eyJ", "Bearer ", "Basic "];
      for (const text of shown(client)) expect(wanted.filter((secret) => text.includes(secret))).toEqual([]);
    } finally {
      await client.close();
      await sandbox.close();
    }
  });
});
