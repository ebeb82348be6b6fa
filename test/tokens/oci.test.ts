import { connectOci, parseRepository } from "../../provider/registries/oci";
import { endToken, issueToken, ociTokens, type Permission, TokenRequestError, WrongToken } from "../../provider/tokens";
import type { SandboxOciOptions } from "../sandbox";
import { image, push } from "../sandbox/images";
import { faults } from "./faults";
import { aRequest, ociMinter, recorded, statusOf, withSandbox } from "./rig";

const zeros = `sha256:${"0".repeat(64)}`;
const formats = ["opaque", "jwt"] as const;
const permissions = ["read", "write", "delete"] as const;

/** What a token may do in a repository, by plain requests. */
async function allowed(url: string, secret: string, repository: string): Promise<string> {
  const ask = async (path: string, method: string) =>
    (await statusOf(`${url}/v2/${repository}/${path}`, `Bearer ${secret}`, method)) !== 401;
  const can = [
    (await ask("tags/list", "GET")) && "pull",
    (await ask("blobs/uploads/", "POST")) && "push",
    (await ask(`manifests/${zeros}`, "DELETE")) && "delete",
  ];
  return can.filter(Boolean).join();
}

const rights: Readonly<Record<Permission, string>> = { read: "pull", write: "pull,push", delete: "pull,push,delete" };
const matrix = formats.flatMap((tokenFormat) => permissions.map((permission) => [tokenFormat, permission] as const));

describe("A token of a registry's own token server", () => {
  it.each(matrix)("%s, for %s, can do that in its repositories and nothing elsewhere", async (tokenFormat, permission) => {
    await withSandbox({ apis: ["oci"], oci: { auth: "bearer", tokenFormat } }, async (sandbox) => {
      const url = sandbox.info.oci?.url ?? "";
      for (const repository of ["team/a", "team/b", "c"]) push(sandbox.store, repository, "v1", image());
      const minter = ociMinter(sandbox);
      const token = await issueToken(recorded(minter, aRequest({ repositories: ["team/a", "team/new"], permission })));
      expect(await allowed(url, token.secret, "team/a")).toBe(rights[permission]);
      expect(await allowed(url, token.secret, "team/new")).toBe(rights[permission]);
      for (const other of ["team/b", "c", "team/app"]) expect(await allowed(url, token.secret, other)).toBe("");
      expect(token.receipt).toMatchObject({ type: "oci", registry: new URL(url).host, expiresAt: "2026-01-01T00:05:00Z" });
      expect(token.username).toBe("");
      await minter.close();
    });
  });

  it.each(formats)("is proved without leaving anything behind: %s", async (tokenFormat) => {
    await withSandbox({ apis: ["oci"], oci: { auth: "bearer", tokenFormat } }, async (sandbox) => {
      push(sandbox.store, "team/a", "v1", image());
      const before = JSON.stringify(sandbox.control.state());
      const minter = ociMinter(sandbox);
      await issueToken(recorded(minter, aRequest({ repositories: ["team/a"], permission: "delete" })));
      expect(JSON.stringify(sandbox.control.state())).toBe(before);
      const writes = sandbox.control.requests({ api: "oci" }).filter(({ method }) => method === "PUT" || method === "POST");
      expect(writes).toEqual([]);
      await minter.close();
    });
  });

  it("asks for exactly the wanted scopes, one a repository, in one question", async () => {
    await withSandbox({ apis: ["oci"], oci: { auth: "bearer", tokenFormat: "jwt" } }, async (sandbox) => {
      const minter = ociMinter(sandbox);
      await issueToken(recorded(minter, aRequest({ repositories: ["team/a", "b"], permission: "write" })));
      const asked = sandbox.control.requests({ api: "oci-token" }).map(({ query }) => new URLSearchParams(query).getAll("scope"));
      expect(asked).toEqual([["repository:team/a:pull,push", "repository:b:pull,push"]]);
      await minter.close();
    });
  });

  it.each<readonly [string, SandboxOciOptions["tokenGrant"], "opaque" | "jwt", Permission, "less" | "more"]>([
    ["less in a JWT", "less", "jwt", "write", "less"],
    ["nothing in a JWT", "less", "jwt", "read", "less"],
    ["less in an opaque token", "less", "opaque", "write", "less"],
    ["nothing in an opaque token", "less", "opaque", "read", "less"],
    ["less than delete", "less", "opaque", "delete", "less"],
    ["more actions in a JWT", "more-actions", "jwt", "read", "more"],
    ["more actions in an opaque token", "more-actions", "opaque", "read", "more"],
    ["delete beside write in a JWT", "more-actions", "jwt", "write", "more"],
    ["delete beside write in an opaque token", "more-actions", "opaque", "write", "more"],
    ["more repositories in a JWT", "more-repositories", "jwt", "read", "more"],
    ["more repositories in an opaque token", "more-repositories", "opaque", "read", "more"],
    ["more repositories for delete in an opaque token", "more-repositories", "opaque", "delete", "more"],
  ])("is put out to nobody if the server grants %s", async (_, tokenGrant, tokenFormat, permission, kind) => {
    await withSandbox({ apis: ["oci"], oci: { auth: "bearer", tokenFormat, tokenGrant } }, async (sandbox) => {
      push(sandbox.store, "team/a", "v1", image());
      const minter = ociMinter(sandbox);
      const steps = recorded(minter, aRequest({ repositories: ["team/a"], permission }));
      const failure = await issueToken(steps).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(WrongToken);
      expect(failure).toMatchObject({ kind });
      expect(steps.delivered).toEqual([]);
      expect(steps.lines.join()).toMatch(/not handed out; it dies by its expiry at 2026-01-01T00:05:00Z/);
      await minter.close();
    });
  });

  it.each(formats)("is an error for an account that has no right to push: %s", async (tokenFormat) => {
    const users = { bot: { password: "bot-password", rights: [{ repository: "team/*", actions: ["pull" as const] }] } };
    await withSandbox({ apis: ["oci"], oci: { auth: "bearer", tokenFormat, users } }, async (sandbox) => {
      const minter = ociMinter(sandbox, { username: "bot", password: "bot-password" });
      await expect(issueToken(recorded(minter, aRequest({ repositories: ["team/a"], permission: "write" })))).rejects.toThrow(WrongToken);
      await issueToken(recorded(minter, aRequest({ repositories: ["team/a"] })));
      await minter.close();
    });
  });

  it.each(formats)("may be minted for what everybody may do anyway: %s", async (tokenFormat) => {
    const anonymous = [{ repository: "*", actions: ["pull" as const] }];
    await withSandbox({ apis: ["oci"], oci: { auth: "bearer", tokenFormat, anonymous } }, async (sandbox) => {
      push(sandbox.store, "team/a", "v1", image());
      const minter = ociMinter(sandbox);
      await issueToken(recorded(minter, aRequest({ repositories: ["team/a"] })));
      await minter.close();
    });
  });

  it.each([
    ["everybody (fine)", true],
    ["the token alone (it grants more)", false],
  ] as const)("that %s is told of no such repository elsewhere", async (_, fine) => {
    const body = '{"errors":[{"code":"NAME_UNKNOWN"}]}';
    await withSandbox({ apis: ["oci"], oci: { auth: "bearer" } }, async (sandbox) => {
      push(sandbox.store, "team/a", "v1", image());
      const minter = ociMinter(sandbox);
      // The first trial in a repository that is not there is the token's, the next one nobody's.
      const times = fine ? 99 : 1;
      sandbox.control.inject({ api: "oci", path: "registry-as-code-probe", times, fault: { kind: "status", status: 404, body } });
      const issuing = issueToken(recorded(minter, aRequest({ repositories: ["team/a"] })));
      if (fine) await issuing;
      else await expect(issuing).rejects.toMatchObject({ kind: "more" });
      await minter.close();
    });
  });

  it("takes a registry that knows no action for deleting, and says that write and delete are the same", async () => {
    for (const [tokenFormat, permission] of matrix) {
      await withSandbox({ apis: ["oci"], oci: { auth: "bearer", tokenFormat, tokenActions: "quay" } }, async (sandbox) => {
        const minter = ociMinter(sandbox);
        const steps = recorded(minter, aRequest({ repositories: ["team/a"], permission }));
        await issueToken(steps);
        expect(/write and delete are the same/.test(steps.lines.join())).toBe(permission !== "read");
        const asked = sandbox.control.requests({ api: "oci-token" }).map(({ query }) => new URLSearchParams(query).get("scope"));
        expect(asked[0]).toBe(permission === "read" ? "repository:team/a:pull" : "repository:team/a:pull,push");
        await minter.close();
      });
    }
  });

  it("lives as long as the server says, whatever was asked for, and that is said", async () => {
    const lives: readonly [number, number, RegExp | undefined][] = [
      [300, 3_600_000, /live: this one for 5 min, not 1 h as asked\. Mint it right before/],
      [60, 3_600_000, /for 1 min, not 1 h/],
      [7_200, 3_600_000, /for 2 h, not 1 h as asked, and nothing can end it before/],
      [3_600, 3_600_000, undefined],
    ];
    for (const tokenFormat of formats) {
      for (const [tokenLifetime, lifetime, warning] of lives) {
        await withSandbox({ apis: ["oci"], oci: { auth: "bearer", tokenFormat, tokenLifetime } }, async (sandbox) => {
          const minter = ociMinter(sandbox);
          const token = await issueToken(recorded(minter, aRequest({ repositories: ["team/a"], lifetime })));
          expect(Date.parse(token.receipt.expiresAt)).toBe(sandbox.clock.now().getTime() + tokenLifetime * 1000);
          if (warning) expect(token.warnings.join()).toMatch(warning);
          else expect(token.warnings).toEqual([]);
          await minter.close();
        });
      }
    }
  });

  it.each([
    ["without expires_in: 60 seconds", '{"token":"abc.def"}', "2026-01-01T00:01:00Z"],
    ["with a date of its own", '{"token":"abc.def","expires_in":600,"issued_at":"2025-12-31T23:55:00Z"}', "2026-01-01T00:05:00Z"],
    ["with a date that is none", '{"token":"abc.def","expires_in":600,"issued_at":"soon"}', "2026-01-01T00:10:00Z"],
  ])("ends as the answer says, %s", async (_, body, end) => {
    await withSandbox({ apis: ["oci"], oci: { auth: "bearer" } }, async (sandbox) => {
      const minter = ociMinter(sandbox);
      sandbox.control.inject({ api: "oci-token", fault: { kind: "status", status: 200, body } });
      const order = await minter.prepare(aRequest({ repositories: ["team/a"] }));
      expect((await order.mint()).receipt.expiresAt).toBe(end);
      await minter.close();
    });
  });

  it("cannot be ended before its time, which is said; until then it works, after that it does not", async () => {
    await withSandbox({ apis: ["oci"], oci: { auth: "bearer", tokenFormat: "jwt" } }, async (sandbox) => {
      const minter = ociMinter(sandbox);
      const url = sandbox.info.oci?.url ?? "";
      const steps = recorded(minter, aRequest({ repositories: ["team/a"] }));
      const token = await issueToken(steps);
      const now = () => sandbox.clock.now().getTime();
      const state = steps.states.at(-1) ?? { stage: "none" as const };
      const ended = await endToken({ state, open: async () => minter, now });
      expect(ended).toMatchObject({ outcome: "lives", text: expect.stringMatching(/dies by its expiry at 2026-01-01T00:05:00Z\.$/) });
      expect(await allowed(url, token.secret, "team/a")).toBe("pull");
      sandbox.clock.advance(300_000);
      expect(await allowed(url, token.secret, "team/a")).toBe("");
      expect(await endToken({ state, open: () => Promise.reject(new Error("not asked")), now })).toMatchObject({ outcome: "expired" });
    });
  });

  it("is taken by this package's own client as it is", async () => {
    await withSandbox({ apis: ["oci"], oci: { auth: "bearer" } }, async (sandbox) => {
      push(sandbox.store, "team/a", "v1", image());
      const minter = ociMinter(sandbox);
      const { secret } = await issueToken(recorded(minter, aRequest({ repositories: ["team/a"] })));
      const client = connectOci({ url: sandbox.info.oci?.url ?? "", credentials: { registryToken: secret }, env: {} });
      expect(await Array.fromAsync(client.tags(parseRepository("team/a")))).toEqual(["v1"]);
      await client.close();
      await minter.close();
    });
  });
});

describe("A registry that cannot mint", () => {
  it.each([
    ["basic", /registry: 127\.0\.0\.1:\d+ asks for user name and password with each request \(Basic\).*create an account/],
    ["none", /registry: 127\.0\.0\.1:\d+ asks nobody for credentials/],
  ] as const)("is an error that says what to do: %s", async (auth, message) => {
    for (const permission of permissions) {
      await withSandbox({ apis: ["oci"], oci: { auth } }, async (sandbox) => {
        const minter = ociMinter(sandbox);
        const steps = recorded(minter, aRequest({ repositories: ["team/a"], permission }));
        const failure = issueToken(steps);
        await expect(failure).rejects.toThrow(TokenRequestError);
        await expect(failure).rejects.toThrow(message);
        expect(steps.events).toEqual([]);
        await minter.close();
      });
    }
  });

  it("is an error, too, where nothing but a web server answers", async () => {
    await withSandbox({ apis: ["oci"], oci: { auth: "bearer" } }, async (sandbox) => {
      const minter = ociMinter(sandbox);
      sandbox.control.inject({ api: "oci", times: 100, fault: { kind: "status", status: 404, body: "404 page not found" } });
      await expect(minter.prepare(aRequest({ repositories: ["team/a"] }))).rejects.toThrow(/404.*No such route/);
      await minter.close();
    });
  });

  it("is an error that does not blame the registry where something before it refuses", async () => {
    await withSandbox({ apis: ["oci"], oci: { auth: "bearer" } }, async (sandbox) => {
      sandbox.control.inject({ api: "oci", times: 100, fault: { kind: "status", status: 403 } });
      const minter = ociMinter(sandbox);
      await expect(issueToken(recorded(minter, aRequest({ repositories: ["team/a"] })))).rejects.toThrow(/403.*proxy or firewall/s);
      await minter.close();
    });
  });

  it("is an error with a token that cannot be traded, and with a wrong password", async () => {
    await withSandbox({ apis: ["oci"], oci: { auth: "bearer" } }, async (sandbox) => {
      const ready = ociTokens({ url: sandbox.info.oci?.url ?? "", credentials: { registryToken: "abc" }, env: {} });
      await expect(ready.prepare(aRequest({ repositories: ["team/a"] }))).rejects.toThrow(/token: .*cannot be traded/);
      await ready.close();
      const wrong = ociMinter(sandbox, { username: "admin", password: "wrong-password" });
      const failure = issueToken(recorded(wrong, aRequest({ repositories: ["team/a"] })));
      await expect(failure).rejects.toThrow(/401/);
      await expect(failure).rejects.not.toThrow(/wrong-password/);
      await wrong.close();
    });
  });
});

describe("Whatever fails, nothing is put out that was not proved, and nothing secret is said", () => {
  const requests = [
    { api: "oci", method: "GET", path: "^/v2/$" },
    { api: "oci-token", method: "GET", path: "/token" },
    { api: "oci", method: "GET", path: "/tags/list" },
    { api: "oci", method: "PATCH", path: "/uploads/" },
    { api: "oci", method: "DELETE", path: "/manifests/" },
  ] as const;
  it.each(requests)("%j", async (request) => {
    for (const fault of faults) {
      for (const times of [1, 100]) {
        await withSandbox({ apis: ["oci"], oci: { auth: "bearer" } }, async (sandbox) => {
          push(sandbox.store, "team/a", "v1", image());
          const minter = ociMinter(sandbox);
          const secrets: string[] = [];
          const steps = recorded(minter, aRequest({ repositories: ["team/a"] }), { mask: ({ secret }) => void secrets.push(secret) });
          sandbox.control.inject({ ...request, times, fault });
          const text = await issueToken(steps).then(
            () => "issued",
            (error: Error) => `${error.message} ${error.stack} ${JSON.stringify(error)}`,
          );
          sandbox.control.clearFaults();
          if (text === "issued") {
            const url = sandbox.info.oci?.url ?? "";
            expect(await allowed(url, steps.delivered[0]?.secret ?? "", "team/a")).toBe("pull");
          } else {
            expect(steps.delivered).toEqual([]);
          }
          for (const secret of [...secrets, sandbox.info.oci?.password ?? ""]) {
            for (const line of [text, ...steps.lines, JSON.stringify(steps.states)]) expect(line).not.toContain(secret);
          }
          await minter.close();
        });
      }
    }
  });
});

describe("A token server", () => {
  const open = { kind: "status", status: 200, body: "{}" } as const;

  it("is found, too, where the registry asks for credentials only when they are needed", async () => {
    await withSandbox({ apis: ["oci"], oci: { auth: "bearer", tokenFormat: "jwt" } }, async (sandbox) => {
      const minter = ociMinter(sandbox);
      sandbox.control.inject({ api: "oci", path: "^/v2/$", times: 9, fault: open });
      await issueToken(recorded(minter, aRequest({ repositories: ["team/a"] })));
      await minter.close();
    });
  });

  it("is found, too, where everybody may pull and only writing wants credentials", async () => {
    const anonymous = [{ repository: "*", actions: ["pull" as const] }];
    await withSandbox({ apis: ["oci"], oci: { auth: "bearer", tokenFormat: "jwt", anonymous } }, async (sandbox) => {
      const minter = ociMinter(sandbox);
      sandbox.control.inject({ api: "oci", method: "GET", times: 9, fault: open });
      await issueToken(recorded(minter, aRequest({ repositories: ["team/a"], permission: "write" })));
      await minter.close();
    });
  });

  it("gets the account's password, and the registry does not", async () => {
    await withSandbox({ apis: ["oci"], oci: { auth: "bearer" } }, async (sandbox) => {
      const minter = ociMinter(sandbox);
      await issueToken(recorded(minter, aRequest({ repositories: ["team/a"] })));
      const schemes = sandbox.control.requests({ api: "oci" }).map(({ headers }) => headers.authorization);
      expect(schemes.some((scheme) => scheme?.startsWith("Basic"))).toBe(false);
      await minter.close();
    });
  });
});
