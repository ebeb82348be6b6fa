import fc from "fast-check";
import { BearerTokens } from "../../../provider/registries/oci/bearer";
import { parseRealm, RefusedRealm } from "../../../provider/registries/oci/realm";
import { accessKey, covers, formatScopes, mergeAccess, parseScopes } from "../../../provider/registries/oci/scope";
import { expiryOf, type Token } from "../../../provider/registries/oci/token-server";

describe("scopes", () => {
  it.each([
    ["repository:team/app:pull", ["repository:team/app:pull"]],
    ["repository:a:push,pull repository:b:pull", ["repository:a:pull,push", "repository:b:pull"]],
    ["repository:host:5000/a:pull", ["repository:host:5000/a:pull"]],
    ["repository(plugin):a:pull", ["repository(plugin):a:pull"]],
    ["registry:catalog:*", ["registry:catalog:*"]],
    ["repository:a:pull repository:a:push", ["repository:a:pull,push"]],
    ["  ", []],
    ["nonsense", []],
  ])("%j are read as %j", (text, scopes) => {
    expect(formatScopes(parseScopes([text]))).toEqual(scopes);
  });

  const scopes = fc.array(
    fc
      .tuple(fc.constantFrom("a", "b", "h:1/c"), fc.subarray(["pull", "push", "delete"], { minLength: 1 }))
      .map(([name, actions]) => `repository:${name}:${actions}`),
    { maxLength: 4 },
  );

  it("merged cover each part, whatever they are, and keep the first one's order", () => {
    fc.assert(
      fc.property(scopes, scopes, (first, second) => {
        const [a, b] = [parseScopes(first), parseScopes(second)];
        const merged = mergeAccess(a, b);
        expect(covers(merged, a) && covers(merged, b)).toBe(true);
        expect([...merged.keys()].slice(0, a.size)).toEqual([...a.keys()]);
        expect(accessKey(mergeAccess(b, a))).toBe(accessKey(merged));
        expect(covers(parseScopes(formatScopes(a)), a)).toBe(true);
      }),
    );
  });

  it("with the action * cover every action, and nothing covers another repository", () => {
    expect(covers(parseScopes(["repository:a:*"]), parseScopes(["repository:a:delete"]))).toBe(true);
    expect(covers(parseScopes(["repository:a:pull"]), parseScopes(["repository:a:pull,push"]))).toBe(false);
    expect(covers(parseScopes(["repository:a:*"]), parseScopes(["repository:ab:pull"]))).toBe(false);
  });
});

describe("a token server's address", () => {
  it.each([
    ["https://r.example.com", "https://auth.example.com/token?x=1"],
    ["https://r.example.com", "https://r.example.com/token"],
    ["http://r.example.com", "http://auth.example.com/token"],
    ["http://127.0.0.1:5000", "http://127.0.0.1:5001/token"],
    ["http://localhost:5000", "http://127.0.0.1:5001/token"],
    ["https://10.0.0.5", "https://10.0.0.6/token"],
    ["https://10.0.0.5:5000", "https://10.0.0.5:5000/token"],
  ])("of %s may be %s", (registry, realm) => {
    expect(parseRealm(realm, new URL(registry)).href).toBe(realm);
  });

  it.each([
    ["https://r.example.com", "http://auth.example.com/token", "https to http"],
    ["https://r.example.com", "https://127.0.0.1/token", "private address"],
    ["https://r.example.com", "https://localhost/token", "private address"],
    ["https://r.example.com", "https://[::1]/token", "private address"],
    ["https://r.example.com", "https://[::ffff:127.0.0.1]/token", "private address"],
    ["https://r.example.com", "https://2130706433/token", "private address"],
    ["https://r.example.com", "https://10.1.2.3/token", "private address"],
    ["https://r.example.com", "https://169.254.169.254/token", "private address"],
    ["http://127.0.0.1:5000", "http://169.254.169.254/latest", "link-local"],
    ["http://10.0.0.1", "http://[fe80::1]/token", "link-local"],
    ["https://r.example.com", "file:///etc/passwd", "not http"],
    ["https://r.example.com", "/token", "no absolute URL"],
    ["https://r.example.com", "https://user:hunter2@auth.example.com/token", "credentials"],
  ])("of %s must not be %s", (registry, realm, reason) => {
    expect(() => parseRealm(realm, new URL(registry))).toThrow(RefusedRealm);
    expect(() => parseRealm(realm, new URL(registry))).toThrow(reason);
    expect(() => parseRealm(realm, new URL(registry))).not.toThrow("hunter2");
  });
});

describe("a token's life", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  const at = (seconds: number) => new Date(now + seconds * 1000).toISOString();
  it.each([
    ["ends five seconds early", 300, undefined, 295],
    ["is 60 seconds where nothing is said", undefined, undefined, 55],
    ["is never less", 1, undefined, 55],
    ["is never less, whatever is said", Number.NaN, "nonsense", 55],
    ["counts from when it was issued", 300, at(-100), 195],
    ["counts from now if it was issued in the future", 300, at(1000), 295],
    ["counts from now if it would be over already", 300, at(-100_000), 295],
  ])("%s", (_, life, issuedAt, seconds) => {
    expect((expiryOf(life, issuedAt, now) - now) / 1000).toBe(seconds);
  });
});

describe("tokens", () => {
  const server = { realm: new URL("https://auth.example.com/token"), service: "s" };
  const scope = (...texts: string[]) => parseScopes(texts);

  function shop(life = 1000) {
    const asked: string[] = [];
    const state = { now: 0, fail: false };
    const tokens = new BearerTokens(
      async (_, access): Promise<Token> => {
        asked.push(formatScopes(access).join(" "));
        if (state.fail) throw new Error("no");
        return { value: `token-${asked.length}`, expiresAt: state.now + life };
      },
      () => state.now,
    );
    return { asked, state, tokens };
  }

  it("are asked for once, however many requests want them at the same time", async () => {
    const { asked, tokens } = shop();
    const all = await Promise.all(Array.from({ length: 20 }, () => tokens.get(server, scope("repository:a:pull"))));
    expect(new Set(all.map(({ value }) => value))).toEqual(new Set(["token-1"]));
    expect(asked).toEqual(["repository:a:pull"]);
  });

  it("are used until they end", async () => {
    const { asked, state, tokens } = shop(1000);
    await tokens.get(server, scope("repository:a:pull"));
    state.now = 999;
    await tokens.get(server, scope("repository:a:pull"));
    expect(asked).toHaveLength(1);
    state.now = 1000;
    expect((await tokens.get(server, scope("repository:a:pull"))).value).toBe("token-2");
  });

  it("grow with what is wanted of a repository, and are apart for each one", async () => {
    const { asked, tokens } = shop();
    await tokens.get(server, scope("repository:a:pull"));
    await tokens.get(server, scope("repository:a:delete"));
    await tokens.get(server, scope("repository:a:pull"));
    await tokens.get(server, scope("repository:b:pull"));
    expect(asked).toEqual(["repository:a:pull", "repository:a:delete,pull", "repository:b:pull"]);
  });

  it("that were refused are replaced once for all who were refused with them", async () => {
    const { asked, tokens } = shop();
    const old = await tokens.get(server, scope("repository:a:pull"));
    const renewed = await Promise.all([1, 2, 3].map(() => tokens.getOther(server, scope("repository:a:pull"), old.value)));
    expect(renewed.map(({ value }) => value)).toEqual(["token-2", "token-2", "token-2"]);
    await tokens.getOther(server, scope("repository:a:pull"), old.value);
    expect(asked).toHaveLength(2);
  });

  it("that nobody gives are asked for again, without the wish that was too much", async () => {
    const { asked, state, tokens } = shop();
    await tokens.get(server, scope("repository:a:pull"));
    state.fail = true;
    await expect(tokens.get(server, scope("repository:a:delete"))).rejects.toThrow("no");
    state.fail = false;
    await tokens.get(server, scope("repository:a:pull"));
    expect(asked).toEqual(["repository:a:pull", "repository:a:delete,pull", "repository:a:pull"]);
  });
});
