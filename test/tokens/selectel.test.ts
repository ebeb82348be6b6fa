import { endToken, issueToken, type MintedToken, selectelTokens, type TokenRequest, WrongToken } from "../../provider/tokens";
import { image, push } from "../sandbox/images";
import { aRequest, basic, recorded, type SelectelRig, statusOf, tokensOf, withSelectel } from "./rig";

const registries = ["team-a"];

async function issued({ minter }: SelectelRig, request: Partial<TokenRequest>): Promise<MintedToken> {
  return issueToken(recorded(minter, aRequest(request)));
}

/** What a secret may do at the registry's host, by plain requests. */
async function allowed({ host }: SelectelRig, { secret }: MintedToken, registry: string): Promise<{ pull: boolean; push: boolean }> {
  const ask = (path: string, method?: string) => statusOf(`${host}/v2/${registry}/app/${path}`, basic("token", secret), method);
  const [pull, upload] = [await ask("tags/list"), await ask("blobs/uploads/", "POST")];
  return { pull: pull === 200 || pull === 404, push: upload === 202 };
}

describe("A Selectel token", () => {
  it.each([
    ["read", { pull: true, push: false }],
    ["write", { pull: true, push: true }],
    ["delete", { pull: true, push: true }],
  ] as const)("for %s can do that in its registry, and nothing in another", async (permission, can) => {
    await withSelectel(async (rig) => {
      for (const registry of ["team-a", "team-b"]) push(rig.sandbox.store, `${registry}/app`, "v1", image());
      const token = await issued(rig, { registries, permission });
      expect(await allowed(rig, token, "team-a")).toEqual(can);
      expect(await allowed(rig, token, "team-b")).toEqual({ pull: false, push: false });
      expect(token.username).toBe("token");
    });
  });

  it.each([
    ["by name", (_ids: SelectelRig["ids"]) => ["team-a"], "a"],
    ["by id", (ids: SelectelRig["ids"]) => [ids.a], "a"],
    ["by name and id of the same", (ids: SelectelRig["ids"]) => ["team-a", ids.a], "a"],
    ["several", (_ids: SelectelRig["ids"]) => ["team-b", "team-a"], "ab"],
  ])("names its registries %s", async (_, wanted, reached) => {
    await withSelectel(async (rig) => {
      const { receipt } = await issued(rig, { registries: wanted(rig.ids) });
      const { scope } = await rig.client.v2.tokens.get({ id: receipt.id });
      const ids = [...reached].map((letter) => (letter === "a" ? rig.ids.a : rig.ids.b));
      expect(scope).toEqual({ modeRW: false, allRegistries: false, registryIds: ids.sort() });
    });
  });

  it("reaches all registries where * is spelled out, without naming any", async () => {
    await withSelectel(async (rig) => {
      const { receipt } = await issued(rig, { registries: ["*"], permission: "write" });
      expect((await rig.client.v2.tokens.get({ id: receipt.id })).scope).toEqual({ modeRW: true, allRegistries: true, registryIds: [] });
    });
  });

  it("finds a registry that is not on the first page", async () => {
    await withSelectel(
      async (rig) => {
        for (let at = 0; at < 7; at++) await rig.client.v1.registries.create({ name: `x-${at}` });
        const { receipt } = await issued(rig, { registries: ["x-6"] });
        expect((await rig.client.v2.tokens.get({ id: receipt.id })).scope.registryIds).toHaveLength(1);
      },
      { pageSize: 2 },
    );
  });

  it("reaches the registries that hold the repositories, where that may be, and says so", async () => {
    await withSelectel(async (rig) => {
      const steps = recorded(rig.minter, aRequest({ repositories: ["team-a/app", "team-a/web/ui"], allowWiderScope: true }));
      const { receipt } = await issueToken(steps);
      expect((await rig.client.v2.tokens.get({ id: receipt.id })).scope.registryIds).toEqual([rig.ids.a]);
      expect(steps.lines.join()).toMatch(/all of team-a, not only team-a\/app, team-a\/web\/ui/);
    });
  });

  it.each([
    ["read", false],
    ["write", true],
    ["delete", true],
  ] as const)("for %s says whether write and delete are the same: %s", async (permission, said) => {
    await withSelectel(async ({ minter }) => {
      const { notes } = await minter.prepare(aRequest({ registries, permission }));
      expect(notes.some((note) => /write and delete are the same/.test(note))).toBe(said);
    });
  });

  it.each([
    [90_000, 0, "2026-01-01T00:01:30Z"],
    [3_600_000, 0, "2026-01-01T01:00:00Z"],
    // Never longer than asked for.
    [3_600_000, 999, "2026-01-01T01:00:00Z"],
    [86_400_000, 0, "2026-01-02T00:00:00Z"],
  ])("of %i ms ends to the second", async (lifetime, late, end) => {
    await withSelectel(async (rig) => {
      rig.sandbox.clock.set(new Date(Date.parse("2026-01-01T00:00:00Z") + late));
      const { receipt } = await issued(rig, { registries, lifetime });
      expect(receipt.expiresAt).toBe(end);
      expect((await rig.client.v2.tokens.get({ id: receipt.id })).expiration).toEqual({ isSet: true, expiresAt: end });
    });
  });

  it("may live longer than a day only where that is said", async () => {
    await withSelectel(async (rig) => {
      const { receipt } = await issued(rig, { registries, lifetime: 48 * 3_600_000, allowLongLived: true });
      expect(receipt.expiresAt).toBe("2026-01-03T00:00:00Z");
    });
  });

  it.each([
    { hostAuth: "bearer" },
    { tokenCreateStatus: 200 },
    { errorBody: "html" },
    { offset: "pages" },
    { bothScopes: "400" },
    { revokedTokenGet: "404" },
  ] as const)("is the same with %j", async (selectel) => {
    await withSelectel(
      async (rig) => {
        const token = await issued(rig, { registries });
        expect(await rig.minter.revoke(token.receipt)).toBe("revoked");
        expect(await tokensOf(rig.client)).toEqual([]);
      },
      { selectel },
    );
  });
});

describe("A Selectel token that is not what was asked for", () => {
  /** Tampers with what the service says of a token. */
  const said = [
    ["more: it may write", "more", { scope: { modeRW: true, allRegistries: false, registryIds: ["A"] } }],
    ["more: all registries", "more", { scope: { modeRW: false, allRegistries: true, registryIds: [] } }],
    ["more: another registry", "more", { scope: { modeRW: false, allRegistries: false, registryIds: ["A", "B"] } }],
    ["less: no registry", "less", { scope: { modeRW: false, allRegistries: false, registryIds: [] } }],
    ["more: no end", "more", { expiration: { isSet: false } }],
    ["more: a later end", "more", { expiration: { isSet: true, expiresAt: "2026-01-01T01:00:01Z" } }],
    ["less: an earlier end", "less", { expiration: { isSet: true, expiresAt: "2026-01-01T00:59:59Z" } }],
    ["less: not active", "less", { status: "revoked" }],
  ] as const;

  it.each(said)("is revoked, and put out to nobody: %s", async (_, kind, change) => {
    await withSelectel(async (rig) => {
      const { minter, client, ids } = rig;
      const get = client.v2.tokens.get;
      const text = JSON.stringify(change).replace('"A"', JSON.stringify(ids.a)).replace('"B"', JSON.stringify(ids.b));
      Object.assign(client.v2.tokens, { get: async (parameters: { id: string }) => ({ ...(await get(parameters)), ...JSON.parse(text) }) });
      const steps = recorded(minter, aRequest({ registries }));
      const failure = await issueToken(steps).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(WrongToken);
      expect(failure).toMatchObject({ kind });
      expect(steps.delivered).toEqual([]);
      expect(steps.states.at(-1)).toEqual({ stage: "none" });
      expect(await tokensOf(client)).toEqual([]);
    });
  });

  it("is one, too, whose secret the registry's host refuses", async () => {
    await withSelectel(async (rig) => {
      rig.sandbox.control.inject({ api: "selectel-registry", times: 1000, fault: { kind: "status", status: 403 } });
      await expect(issued(rig, { registries })).rejects.toThrow(/does not let the new token pull/);
      expect(await tokensOf(rig.client)).toEqual([]);
    });
  });

  it("is one, too, that was to read and may push", async () => {
    await withSelectel(async (rig) => {
      rig.sandbox.control.inject({
        api: "selectel-registry",
        method: "PATCH",
        fault: { kind: "status", status: 404, body: '{"errors":[{"code":"BLOB_UPLOAD_UNKNOWN"}]}' },
      });
      await expect(issued(rig, { registries })).rejects.toThrow(/lets the new token push, although/);
      expect(await tokensOf(rig.client)).toEqual([]);
    });
  });

  it("is given a moment until the registry's host knows it", async () => {
    await withSelectel(async (rig) => {
      rig.sandbox.control.inject({ api: "selectel-registry", times: 3, fault: { kind: "status", status: 401 } });
      const token = await issued(rig, { registries });
      expect((await allowed(rig, token, "team-a")).pull).toBe(true);
    });
  });
});

describe("The end of a Selectel token", () => {
  it("is known to the registry", async () => {
    await withSelectel(async (rig) => {
      const steps = recorded(rig.minter, aRequest({ registries, permission: "write" }));
      const token = await issueToken(steps);
      expect((await allowed(rig, token, "team-a")).pull).toBe(true);
      const ended = await endToken({
        state: steps.states.at(-1) ?? { stage: "none" },
        open: async () => rig.minter,
        now: () => rig.sandbox.clock.now().getTime(),
      });
      expect(ended).toEqual({ outcome: "revoked", text: `The token ${token.receipt.id} is revoked.` });
      expect(await statusOf(`${rig.host}/v2/`, basic("token", token.secret))).toBe(401);
      expect(await tokensOf(rig.client)).toEqual([]);
    });
  });

  it.each(["revoked", "deleted"])("comes twice without harm: it was %s by somebody else", async (how) => {
    await withSelectel(async (rig) => {
      const { receipt } = await issued(rig, { registries });
      if (how === "revoked") await rig.client.v2.tokens.revoke({ id: receipt.id });
      else await rig.client.v2.tokens.delete({ id: receipt.id });
      expect(await rig.minter.revoke(receipt)).toBe(how === "revoked" ? "revoked" : "gone");
      expect(await rig.minter.revoke(receipt)).toBe("gone");
    });
  });

  it("does not fail because the account's session has ended meanwhile", async () => {
    await withSelectel(async (rig) => {
      const { receipt } = await issued(rig, { registries });
      rig.sandbox.selectel?.state.expireSessions();
      expect(await rig.minter.revoke(receipt)).toBe("revoked");
      expect(rig.sandbox.control.requests({ api: "selectel-identity" }).length).toBe(1);
    });
  });

  it("still comes when revoking fails but deleting does not", async () => {
    await withSelectel(async (rig) => {
      const { receipt } = await issued(rig, { registries });
      rig.sandbox.control.inject({ path: "/revoke$", times: 100, fault: { kind: "status", status: 500 } });
      expect(await rig.minter.revoke(receipt)).toBe("revoked");
      expect(await tokensOf(rig.client)).toEqual([]);
    });
  });

  it("says that nobody can use it any more when only deleting fails", async () => {
    await withSelectel(async (rig) => {
      const token = await issued(rig, { registries });
      rig.sandbox.control.inject({ method: "DELETE", times: 100, fault: { kind: "status", status: 500 } });
      await expect(rig.minter.revoke(token.receipt)).rejects.toThrow(/revoked, so nobody can use it any more, but it stays in the list/);
      expect((await allowed(rig, token, "team-a")).pull).toBe(false);
    });
  });

  it("takes a twin along that was made when an answer was lost", async () => {
    await withSelectel(async (rig) => {
      const { receipt } = await issued(rig, { registries });
      const { scope, expiration } = await rig.client.v2.tokens.get({ id: receipt.id });
      await rig.client.v2.tokens.create({ name: receipt.name, scope, expiration: { isSet: true, expiresAt: expiration.expiresAt ?? "" } });
      expect(await rig.minter.revoke(receipt)).toBe("revoked");
      expect(await tokensOf(rig.client)).toEqual([]);
    });
  });
});

describe("A minter that is closed", () => {
  it.each([false, true])("closes its client if that is its own: %s", async (ownsClient) => {
    await withSelectel(async ({ client }) => {
      await selectelTokens({ client, ownsClient }).close();
      const listed = tokensOf(client);
      if (ownsClient) await expect(listed).rejects.toThrow();
      else expect(await listed).toEqual([]);
    });
  });
});

describe("Two jobs at once", () => {
  it("never end each other's tokens, whatever they do in which order", async () => {
    await withSelectel(async (rig) => {
      const [one, other] = await Promise.all([issued(rig, { registries }), issued(rig, { registries })]);
      const works = async ({ secret }: MintedToken) =>
        (await statusOf(`${rig.host}/v2/team-a/app/tags/list`, basic("token", secret))) !== 401;
      expect(one.receipt.id).not.toBe(other.receipt.id);
      await rig.minter.sweep(aRequest().name);
      expect([await works(one), await works(other)]).toEqual([true, true]);
      await rig.minter.revoke(one.receipt);
      expect([await works(one), await works(other)]).toEqual([false, true]);
      expect((await rig.minter.find(other.receipt.name)).map(({ id }) => id)).toEqual([other.receipt.id]);
    });
  });
});
