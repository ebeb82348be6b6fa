import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectOci, parseRepository } from "../../provider/registries/oci";
import { issueToken, type MintedToken, ociTokens, type Permission, type TokenMinter } from "../../provider/tokens";
import { verifyByTrial } from "../../provider/tokens/oci/verify";
import { startSandbox } from "../sandbox";
import { image } from "../sandbox/images";
import { writeLayout } from "../sandbox/layout";
import { describeWithTool } from "../sandbox/tool";
import { describeServers, startServer } from "../servers";
import { aRequest, recorded, statusOf, withSelectel } from "./rig";

jest.setTimeout(90_000);

const v1 = image({ layers: ["one"] });
const v2 = image({ layers: ["two"] });

interface Outsider {
  /** Pushes the second image as this reference. */
  push(reference: string, credentials: readonly string[]): Promise<string>;
  pull(reference: string, credentials: readonly string[]): Promise<string>;
}

/** skopeo with a home and a policy of its own: `done`, or the end of what it said. */
async function withSkopeo(skopeo: string, test: (outsider: Outsider) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "skopeo-"));
  try {
    writeLayout(directory, { v1, v2 });
    const policy = join(directory, "policy.json");
    await writeFile(policy, '{"default":[{"type":"insecureAcceptAnything"}]}');
    let pulls = 0;
    const run = (...args: string[]) =>
      new Promise<string>((resolve) => {
        const env = { PATH: process.env.PATH, HOME: directory, XDG_RUNTIME_DIR: directory };
        execFile(skopeo, ["--policy", policy, ...args], { env }, (error, _, stderr) => resolve(error ? stderr.slice(-400) : "done"));
      });
    const side = (name: "src" | "dest", credentials: readonly string[]) =>
      credentials.map((one) => one.replace(/^--(?=registry-token$|creds$)/, `--${name}-`));
    await test({
      push: (reference, credentials) =>
        run("copy", "--dest-tls-verify=false", ...side("dest", credentials), `oci:${directory}:v2`, `docker://${reference}`),
      pull: (reference, credentials) => {
        pulls += 1;
        return run(
          "copy",
          "--src-tls-verify=false",
          ...side("src", credentials),
          `docker://${reference}`,
          `dir:${directory}/pull-${pulls}`,
        );
      },
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const refused = /unauthorized|denied|forbidden|authentication required|insufficient_scope|access to the resource/i;
/** As it is (`Authorization: Bearer`), or as a password. */
const asBearer = ({ secret }: MintedToken) => ["--registry-token", secret];
const asPassword = ({ username, secret }: MintedToken) => ["--creds", `${username}:${secret}`];

/** What an independent client can do with tokens for one of two repositories. */
async function proves(
  outsider: Outsider,
  minter: TokenMinter,
  host: string,
  owner: readonly string[],
  scope: "repositories" | "registries",
): Promise<void> {
  const [a, b] = scope === "repositories" ? ["team/a", "team/b"] : ["team-a/app", "team-b/app"];
  const credentials = scope === "repositories" ? asBearer : asPassword;
  for (const repository of [a, b]) expect(await outsider.push(`${host}/${repository}:v1`, owner)).toBe("done");
  const mint = (permission: Permission) =>
    issueToken(recorded(minter, aRequest({ [scope]: [scope === "repositories" ? a : "team-a"], permission })));

  const read = credentials(await mint("read"));
  expect(await outsider.pull(`${host}/${a}:v1`, read)).toBe("done");
  expect(await outsider.push(`${host}/${a}:v2`, read)).toMatch(refused);
  expect(await outsider.pull(`${host}/${b}:v1`, read)).toMatch(refused);
  expect(await outsider.push(`${host}/${b}:v2`, read)).toMatch(refused);

  const write = await mint("write");
  expect(await outsider.push(`${host}/${a}:v2`, credentials(write))).toBe("done");
  expect(await outsider.pull(`${host}/${a}:v2`, credentials(write))).toBe("done");
  expect(await outsider.push(`${host}/${b}:v2`, credentials(write))).toMatch(refused);
  expect(await outsider.pull(`${host}/${b}:v1`, credentials(write))).toMatch(refused);

  if ((await minter.revoke(write.receipt)) === "lives") return;
  expect(await outsider.pull(`${host}/${a}:v2`, credentials(write))).toMatch(refused);
}

describeWithTool("A token in the hands of skopeo, which knows nothing of this project", { name: "skopeo" }, (skopeo) => {
  it.each(["opaque", "jwt"] as const)("can do what it was minted for and no more: the sandbox's token server, %s", async (tokenFormat) => {
    const sandbox = await startSandbox({ apis: ["oci"], oci: { auth: "bearer", tokenFormat } });
    const { url = "", username = "", password = "" } = sandbox.info.oci ?? {};
    const minter = ociTokens({ url, credentials: { username, password }, env: {} });
    try {
      await withSkopeo(skopeo, (outsider) =>
        proves(outsider, minter, new URL(url).host, ["--creds", `${username}:${password}`], "repositories"),
      );
    } finally {
      await minter.close();
      await sandbox.close();
    }
  });

  it.each(["basic", "bearer"] as const)("can do what it was minted for and no more: Selectel's host, %s", async (hostAuth) => {
    await withSelectel(
      async ({ client, minter, host }) => {
        await withSkopeo(skopeo, async (outsider) => {
          const { token: owner } = await client.v1.tokens.create({ ttl: "12h" });
          await proves(outsider, minter, new URL(host).host, ["--creds", `token:${owner}`], "registries");
        });
      },
      { selectel: { hostAuth } },
    );
  });

  describeServers("A token of a real registry's token server", (server) => {
    it("can do what it was minted for and no more", async () => {
      const { url, credentials, tokens, stop } = await startServer(server.name, { auth: "token" });
      const minter = ociTokens({ url, credentials, env: {} });
      try {
        const owner = ["--creds", `${credentials.username}:${credentials.password}`];
        await withSkopeo(skopeo, (outsider) => proves(outsider, minter, new URL(url).host, owner, "repositories"));
        tokens?.forget();
        const remove = await issueToken(recorded(minter, aRequest({ repositories: ["team/a"], permission: "delete" })));
        expect(tokens?.requests.map(({ scopes }) => scopes)).toEqual([["repository:team/a:delete,pull,push"]]);
        const ask = (repository: string) => statusOf(`${url}/v2/${repository}/manifests/${v2.digest}`, `Bearer ${remove.secret}`, "DELETE");
        expect([await ask("team/b"), await ask("team/a")]).toEqual([401, 202]);
      } finally {
        await minter.close();
        await stop();
      }
    });

    it("is proved by trial as well where it says nothing of itself", async () => {
      const { url, credentials, stop } = await startServer(server.name, { auth: "token" });
      try {
        const minter = ociTokens({ url, credentials, env: {} });
        const anonymous = connectOci({ url, env: {} });
        const grants = { read: ["pull"], write: ["pull", "push"], delete: ["pull", "push", "delete"] } as const;
        for (const had of ["read", "write", "delete"] as const) {
          const { secret } = await issueToken(recorded(minter, aRequest({ repositories: ["team/a"], permission: had })));
          const client = connectOci({ url, credentials: { registryToken: secret }, env: {} });
          for (const wanted of ["read", "write", "delete"] as const) {
            const grant = { repositories: [parseRepository("team/a")], actions: grants[wanted], knowsDelete: true };
            const kind = await verifyByTrial(client, anonymous, grant).then(
              () => "as asked",
              (error: { kind?: string }) => error.kind,
            );
            const levels = ["read", "write", "delete"];
            const difference = levels.indexOf(had) - levels.indexOf(wanted);
            expect([had, wanted, kind]).toEqual([had, wanted, difference === 0 ? "as asked" : difference < 0 ? "less" : "more"]);
          }
          await client.close();
        }
        await anonymous.close();
        await minter.close();
      } finally {
        await stop();
      }
    });
  });
});
