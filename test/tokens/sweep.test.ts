import fc from "fast-check";
import { RegistryError } from "../../provider/http";
import type { SelectelClient, Token } from "../../provider/registries/selectel";
import { customTokenName, defaultTokenName, issueToken, selectelTokens, type TokenName } from "../../provider/tokens";
import { aName, aRequest, recorded, tokensOf, withSelectel } from "./rig";

const now = Date.parse("2026-01-01T12:00:00Z");
const hour = 3_600_000;

/** The token list of a project and nothing else; a token may change between the list and the look. */
function project(tokens: readonly Token[], later: ReadonlyMap<string, Token> = new Map()) {
  const there = new Map(tokens.map((token) => [token.id, token]));
  const absent = () => new RegistryError({ method: "GET", route: "/tokens/{id}", url: "", kind: "status", fate: "answered", status: 404 });
  const deleted: Token[] = [];
  const client = {
    registryHost: "registry.example",
    v2: {
      tokens: {
        list: async function* ({ search = "" }: { search?: string } = {}) {
          for (const token of tokens) if (token.name?.includes(search)) yield token;
          for (const [id, token] of later) there.set(id, token);
        },
        get: async ({ id }: { id: string }) => {
          const found = there.get(id);
          if (!found) throw absent();
          return found;
        },
        delete: async ({ id }: { id: string }) => {
          const found = there.get(id);
          if (!found) throw absent();
          there.delete(id);
          deleted.push(found);
        },
      },
    },
  };
  const clock = { now: () => now, sleep: async () => undefined };
  // The sweep uses these three operations; what else a client has would throw.
  return { minter: selectelTokens({ client: client as unknown as SelectelClient, clock }), deleted, left: () => [...there.values()] };
}

const bytes = fc.uint8Array({ minLength: 8, maxLength: 8 });
const repository = fc.constantFrom("octo/app", "octo/app-two", "octo/app.two", "octo-app/two", "octo/other", "OCTO/App");
const customs = fc.constantFrom("deploy", "deploy-two", "release", "gha", "gha-octo-app");
type Owner = { readonly repository: string } | { readonly base: string };
const owner: fc.Arbitrary<Owner> = fc.oneof(
  repository.map((name) => ({ repository: name })),
  customs.map((base) => ({ base })),
);
const nameFor = (of: Owner, run: number, random: Uint8Array): TokenName =>
  "base" in of
    ? customTokenName(of.base, () => random)
    : defaultTokenName({ repository: of.repository, runId: String(run), attempt: "1", job: "build" }, () => random);
const sameOwner = (a: Owner, b: Owner): boolean =>
  "base" in a ? "base" in b && a.base === b.base : "repository" in b && a.repository.toLowerCase() === b.repository.toLowerCase();

const strangers = fc.constantFrom(
  "deploy",
  "deploy-0011223344556677",
  "gha.octo.app.1.1.build",
  "gha.octo.app.1.1.build-001122334455667700112233",
  "terraform",
  "",
);
const status = fc.constantFrom("active", "expired", "revoked", "deleted", "unknown", "disabled", "ACTIVE", "Revoked");
const end = fc.option(fc.integer({ min: -48, max: 48 }), { nil: undefined });

interface Case {
  readonly token: Token;
  readonly of: Owner | undefined;
}

const scope = { modeRW: false, allRegistries: false, registryIds: [] };
const token = (id: string, name: string, state: string, hours: number | undefined): Token => ({
  id,
  name,
  status: state,
  scope,
  expiration: hours === undefined ? { isSet: false } : { isSet: true, expiresAt: new Date(now + hours * hour).toISOString() },
});
const cases: fc.Arbitrary<Case> = fc.oneof(
  fc
    .record({ of: owner, run: fc.nat(99), random: bytes, state: status, hours: end, id: fc.uuid() })
    .map(({ of, run, random, state, hours, id }) => ({
      of,
      token: token(id, nameFor(of, run, random).text, state, hours),
    })),
  fc.record({ name: strangers, state: status, hours: end, id: fc.uuid() }).map(({ name, state, hours, id }) => ({
    of: undefined,
    token: token(id, name, state, hours),
  })),
);
const all = fc.uniqueArray(cases, { selector: ({ token: { id } }) => id, maxLength: 40 });

/** Nobody can use it any more, for certain: the service says so, or its end is long past. */
function dead({ status: state, expiration }: Token): boolean {
  if (/^(expired|revoked|deleted)$/i.test(state)) return true;
  return expiration.isSet && Date.parse(expiration.expiresAt ?? "") < now - hour;
}

describe("A sweep", () => {
  it("removes the dead tokens of its own family, all of them, and no others", async () => {
    await fc.assert(
      fc.asyncProperty(all, owner, bytes, async (given, own, random) => {
        const { minter, deleted } = project(given.map((one) => one.token));
        const swept = await minter.sweep(nameFor(own, 1, random));
        const wanted = given
          .filter(({ of, token: one }) => of !== undefined && sameOwner(of, own) && dead(one))
          .map(({ token: { id } }) => id);
        expect(deleted.map(({ id }) => id).sort()).toEqual(wanted.sort());
        expect(swept.map(({ id }) => id).sort()).toEqual(wanted.sort());
      }),
    );
  });

  it("never removes a token that became usable, or another's, after it was listed", async () => {
    await fc.assert(
      fc.asyncProperty(all, fc.array(fc.tuple(fc.nat(39), cases)), owner, bytes, async (given, changes, own, random) => {
        const tokens = given.map((one) => one.token);
        const owners = new Map(given.map(({ of, token: one }) => [one.id, of]));
        const later = new Map<string, Token>();
        for (const [at, { of, token: changed }] of changes) {
          const before = tokens[at];
          if (before === undefined) continue;
          later.set(before.id, { ...changed, id: before.id });
          owners.set(before.id, of);
        }
        const { minter, deleted } = project(tokens, later);
        await minter.sweep(nameFor(own, 1, random));
        for (const one of deleted) {
          const of = owners.get(one.id);
          expect(of !== undefined && sameOwner(of, own) && dead(one)).toBe(true);
        }
      }),
    );
  });

  it("leaves its own token alone, whatever its state", async () => {
    const own = aName();
    const { minter, deleted } = project([token("1", own.text, "revoked", -9)]);
    await minter.sweep(own);
    expect(deleted).toEqual([]);
  });

  it.each([
    ["an hour ago, and the service calls it active: clocks differ", "active", 1, false],
    ["more than an hour ago", "active", 1.1, true],
    ["a minute ago, and the service agrees", "expired", 1 / 60, true],
    ["in a minute, by our clock, but the service says that it has", "expired", -1 / 60, true],
    ["a minute ago, with a status that is not known", "unknown", 1 / 60, false],
  ])("of one that ended %s: %s", async (_, state, hoursAgo, goes) => {
    const { minter, deleted } = project([token("1", aName().text, state, -hoursAgo)]);
    await minter.sweep(aName());
    expect(deleted).toHaveLength(goes ? 1 : 0);
  });

  it("takes no more than a hundred at once: the next run takes the rest", async () => {
    const many = Array.from({ length: 130 }, (_, at) => token(`${at}`, aName().text, "expired", -9));
    const { minter, deleted } = project(many);
    await minter.sweep(aName());
    expect(deleted).toHaveLength(100);
  });

  it("works against the service: expired and revoked ones go, active ones and others' stay", async () => {
    await withSelectel(async ({ minter, client, sandbox }) => {
      const issue = (name: TokenName, lifetime = hour) =>
        issueToken(recorded(minter, aRequest({ registries: ["team-a"], name, lifetime })));
      const expired = await issue(aName(), 60_000);
      const others = await issue(aName("deploy-two"), 60_000);
      sandbox.clock.advance(61_000);
      const revoked = await issue(aName());
      await client.v2.tokens.revoke({ id: revoked.receipt.id });
      const active = await issue(aName());
      const swept = await minter.sweep(aName());
      expect(swept.map(({ id }) => id).sort()).toEqual([expired.receipt.id, revoked.receipt.id].sort());
      expect((await tokensOf(client)).map(({ id }) => id).sort()).toEqual([others.receipt.id, active.receipt.id].sort());
    });
  });
});
