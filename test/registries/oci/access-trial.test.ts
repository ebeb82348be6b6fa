import { connectOci, type OciClient, parseRepository } from "../../../provider/registries/oci";
import { accessTokens } from "../../../provider/registries/oci/access-token";
import { type Action, type Trial, tryAccess } from "../../../provider/registries/oci/access-trial";
import { type Injection, type Sandbox, type SandboxOciOptions, startSandbox } from "../../sandbox";
import { image, push } from "../../sandbox/images";

const repository = parseRepository("team/app");
const users = {
  reader: { password: "reader-pass", rights: [{ repository: "team/*", actions: ["pull" as const] }] },
  writer: { password: "writer-pass", rights: [{ repository: "team/*", actions: ["pull" as const, "push" as const] }] },
};

async function withClient(
  user: "reader" | "writer" | "admin" | undefined,
  oci: SandboxOciOptions,
  test: (client: OciClient, sandbox: Sandbox) => Promise<void>,
): Promise<void> {
  const sandbox = await startSandbox({ apis: ["oci"], oci: { users, ...oci } });
  const { url = "", password = "" } = sandbox.info.oci ?? {};
  const credentials = user && { username: user, password: user === "admin" ? password : `${user}-pass` };
  const client = connectOci({ url, ...(credentials && { credentials }), random: () => 0, env: {} });
  try {
    push(sandbox.store, repository, "v1", image());
    await test(client, sandbox);
  } finally {
    await client.close();
    await sandbox.close();
  }
}

describe("A trial says what credentials allow, and has no effect", () => {
  const modes = [{ auth: "basic" }, { auth: "bearer" }, { auth: "bearer", tokenActions: "quay" }] as const;
  const cases: readonly (readonly ["reader" | "writer" | "admin" | undefined, Action, Trial])[] = [
    [undefined, "pull", "refused"],
    ["reader", "pull", "granted"],
    ["reader", "push", "refused"],
    ["writer", "push", "granted"],
    ["admin", "push", "granted"],
    ["admin", "delete", "granted"],
    ["reader", "delete", "refused"],
  ];
  it.each(cases)("%s, %s: %s", async (user, action, verdict) => {
    for (const mode of modes) {
      await withClient(user, mode, async (client, sandbox) => {
        const before = JSON.stringify(sandbox.control.state());
        expect(await tryAccess(client, repository, action)).toBe(verdict);
        expect(JSON.stringify(sandbox.control.state())).toBe(before);
        expect(sandbox.control.requests({ method: "POST", api: "oci" })).toEqual([]);
      });
    }
  });

  it("a repository that is not there shows nothing of pulling", async () => {
    await withClient("reader", {}, async (client) => {
      expect(await tryAccess(client, parseRepository("team/new"), "pull")).toBe("unclear");
    });
  });

  it("where nothing is deleted for anybody, who might is still known", async () => {
    await withClient("admin", { delete: "disabled" }, async (client) =>
      expect(await tryAccess(client, repository, "delete")).toBe("granted"),
    );
    await withClient("reader", { delete: "disabled" }, async (client) =>
      expect(await tryAccess(client, repository, "delete")).toBe("refused"),
    );
  });
});

describe("Where the answer about a strange upload says nothing", () => {
  const silent: Injection = { method: "PATCH", path: "/uploads/", fault: { kind: "status", status: 404, body: "404 page not found" } };

  it("an upload is begun and taken back", async () => {
    await withClient("admin", {}, async (client, sandbox) => {
      sandbox.control.inject(silent);
      expect(await tryAccess(client, repository, "push")).toBe("granted");
      expect(sandbox.control.requests({ api: "oci", path: "/uploads/" }).map(({ method, status }) => [method, status])).toEqual([
        ["PATCH", 404],
        ["POST", 401],
        ["POST", 202],
        ["DELETE", 204],
      ]);
    });
  });

  it("an upload that may not be taken back stays, empty, and that is no error", async () => {
    await withClient("writer", { auth: "bearer" }, async (client, sandbox) => {
      sandbox.control.inject(silent);
      expect(await tryAccess(client, repository, "push")).toBe("granted");
      expect(sandbox.control.requests({ api: "oci", method: "DELETE" }).every(({ status }) => status === 401)).toBe(true);
    });
  });

  it("one that may not be begun is a refusal", async () => {
    await withClient("reader", {}, async (client, sandbox) => {
      sandbox.control.inject(silent);
      expect(await tryAccess(client, repository, "push")).toBe("refused");
    });
  });

  it("and if that says nothing either, neither does the trial", async () => {
    await withClient("admin", {}, async (client, sandbox) => {
      sandbox.control.inject({ path: "/uploads/", times: 9, fault: { kind: "status", status: 405 } });
      expect(await tryAccess(client, repository, "push")).toBe("unclear");
    });
  });

  it("other failures are errors", async () => {
    await withClient("admin", {}, async (client, sandbox) => {
      sandbox.control.inject({ api: "oci", times: 99, fault: { kind: "status", status: 500 } });
      for (const action of ["pull", "push", "delete"] as const) await expect(tryAccess(client, repository, action)).rejects.toThrow(/500/);
    });
  });
});

describe("A registry's challenge", () => {
  it("is read without sending any credentials", async () => {
    await withClient("admin", { auth: "bearer" }, async (_, sandbox) => {
      const { url = "", username = "", password = "" } = sandbox.info.oci ?? {};
      const tokens = accessTokens({ url, credentials: { username, password }, env: {} });
      const challenge = await tokens.challenge({ method: "GET", route: "/v2/{+repository}/tags/list", path: { repository } });
      expect(challenge).toMatchObject({ scheme: "bearer", access: new Map([["repository:team/app", new Set(["pull"])]]) });
      expect(sandbox.control.requests().map(({ headers }) => headers.authorization)).toEqual([undefined]);
      await tokens.close();
    });
  });

  it.each(["basic", "none"] as const)("may be for %s", async (auth) => {
    await withClient("admin", { auth }, async (_, sandbox) => {
      const tokens = accessTokens({ url: sandbox.info.oci?.url ?? "", env: {} });
      expect(await tokens.challenge({ method: "GET", route: "/v2/" })).toEqual({ scheme: auth });
      await tokens.close();
    });
  });
});
