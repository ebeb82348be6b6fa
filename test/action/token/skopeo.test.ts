import { execFile } from "node:child_process";
import * as path from "node:path";
import { image } from "../../sandbox/images";
import { writeLayout } from "../../sandbox/layout";
import { describeWithTool } from "../../sandbox/tool";
import { describeServers, startServer } from "../../servers";
import type { Done } from "../process";
import { startOci, startSelectel, TokenRunner } from "./rig";

jest.setTimeout(90_000);

interface Place {
  /** Of the registry: inputs that let the action in. */
  readonly account: Readonly<Record<string, string>>;
  /** What the token is for, and a repository in it; one that is not in it. */
  readonly scope: Readonly<Record<string, string>>;
  readonly a: string;
  readonly b: string;
  /** skopeo's options of somebody who may do everything. */
  readonly owner: readonly string[];
  readonly stop: () => Promise<void>;
}

const refused = /unauthorized|denied|forbidden|authentication required|insufficient_scope|access to the resource/i;

/** What skopeo can do with nothing but the login that the action has written. */
async function proves(skopeo: string, { account, scope, a, b, owner, stop }: Place): Promise<void> {
  const runner = new TokenRunner();
  try {
    const layout = path.dirname(runner.file("images/x"));
    writeLayout(layout, { v1: image({ layers: ["one"] }), v2: image({ layers: ["two"] }) });
    const policy = runner.file("policy.json", '{"default":[{"type":"insecureAcceptAnything"}]}');
    const run = (login: Partial<Done>, ...args: string[]) =>
      new Promise<string>((resolve) => {
        const env = { PATH: process.env.PATH, HOME: runner.folder, XDG_RUNTIME_DIR: runner.folder, ...login.exported };
        execFile(skopeo, ["--policy", policy, ...args], { env }, (error, _, stderr) => resolve(error ? stderr.slice(-400) : "done"));
      });
    const at = (repository: string, tag: string) => `docker://${account.registry}/${repository}:${tag}`;
    let pulls = 0;
    const pull = (repository: string, login: Partial<Done>) =>
      run(login, "copy", "--src-tls-verify=false", ...bearer(login, "src"), at(repository, "v1"), `dir:${runner.folder}/pull-${++pulls}`);
    const push = (repository: string, tag: string, login: Partial<Done>, ...credentials: string[]) =>
      run(login, "copy", "--dest-tls-verify=false", ...bearer(login, "dest"), ...credentials, `oci:${layout}:${tag}`, at(repository, tag));
    for (const repository of [a, b]) expect(await push(repository, "v1", {}, ...owner)).toBe("done");

    const inputs = { ...account, ...scope, login: "true" };
    const read = await runner.main({ ...inputs, permission: "read" });
    expect(await pull(a, read)).toBe("done");
    for (const wrong of [await push(a, "v2", read), await pull(b, read), await push(b, "v2", read)]) expect(wrong).toMatch(refused);
    const write = await runner.main({ ...inputs, permission: "write" });
    expect([await push(a, "v2", write), await pull(a, write)]).toEqual(["done", "done"]);
    for (const wrong of [await push(b, "v2", write), await pull(b, write)]) expect(wrong).toMatch(refused);

    const post = await runner.post(inputs, write);
    if (!post.stdout.includes("cannot be revoked")) {
      const secret = ["--src-creds", `token:${write.outputs.token}`];
      expect(await run({}, "copy", "--src-tls-verify=false", ...secret, at(a, "v1"), `dir:${runner.folder}/after`)).toMatch(refused);
      expect(await pull(a, { exported: write.exported })).toMatch(refused);
    }
    await runner.post(inputs, read);
  } finally {
    runner.remove();
    await stop();
  }
}

/** containers/image does not read Docker's `registrytoken`; its command line takes it. */
const bearer = ({ outputs }: Partial<Done>, side: "src" | "dest"): string[] =>
  outputs?.token && outputs.username === "" ? [`--${side}-registry-token`, outputs.token] : [];

describeWithTool("A token of the built action in the hands of skopeo", { name: "skopeo" }, (skopeo) => {
  it("can do what it was minted for and no more, and nothing after the job: Selectel", async () => {
    const { sandbox, client, account } = await startSelectel();
    const { token } = await client.v1.tokens.create({ ttl: "12h" });
    const stop = async () => {
      await client.close();
      await sandbox.close();
    };
    const owner = ["--dest-creds", `token:${token}`];
    await proves(skopeo, { account, scope: { registries: "team-a" }, a: "team-a/app", b: "team-b/app", owner, stop });
  });

  it("can do what it was minted for and no more: a token server", async () => {
    const { sandbox, account } = await startOci();
    const owner = ["--dest-creds", `${account.username}:${account.password}`];
    await proves(skopeo, { account, scope: { repositories: "team/a" }, a: "team/a", b: "team/b", owner, stop: () => sandbox.close() });
  });

  describeServers("A token of a real registry's token server", (server) => {
    it("can do what it was minted for and no more", async () => {
      const { url, credentials, stop } = await startServer(server.name, { auth: "token" });
      const account = { registry: new URL(url).host, ...credentials };
      const owner = ["--dest-creds", `${credentials.username}:${credentials.password}`];
      await proves(skopeo, { account, scope: { repositories: "team/a" }, a: "team/a", b: "team/b", owner, stop });
    });
  });
});
