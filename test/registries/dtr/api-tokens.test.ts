import { connectDtr, createApiToken, RegistryError } from "../../../provider/registries/dtr";
import type { Reply } from "../selectel/scripted-server";
import { connected, failure } from "./connected";
import { all, describeRows } from "./rows";

const never = "0001-01-01T00:00:00Z";
const wire = {
  hashedToken: "3f6c",
  tokenLabel: "diver",
  isActive: true,
  lastUsed: never,
  createdAt: "2019-05-22T01:55:20.471286995Z",
  generatedBy: "user",
  creatorUa: "curl/7",
  fromTheFuture: 1,
};
const { lastUsed: _, fromTheFuture: __, ...given } = wire;
const secret = "s3cr3t-0f-the-token";

describe("access tokens on the wire", () => {
  describeRows(
    ["apiTokens"],
    [
      {
        name: "apiTokens.list",
        line: "GET /api/v0/api_tokens?username=jane%20doe&pageSize=100",
        reply: { json: [wire, { ...wire, hashedToken: "aa", lastUsed: "2026-01-01T00:00:00Z" }] },
        run: (client) => all(client.apiTokens.list({ username: "jane doe" })),
        gives: [given, { ...given, hashedToken: "aa", lastUsed: "2026-01-01T00:00:00Z" }],
        errors: [
          [403, "NOT_AUTHORIZED"],
          [404, "NO_SUCH_USER"],
        ],
      },
      {
        name: "apiTokens.create",
        line: "POST /api/v0/api_tokens?username=admin",
        body: { tokenLabel: "diver" },
        reply: { json: { ...wire, token: secret } },
        run: (client) => client.apiTokens.create({ username: "admin", tokenLabel: "diver" }),
        gives: { ...given, token: secret },
        errors: [[403, "NOT_AUTHORIZED"]],
      },
      {
        name: "apiTokens.deleteMany",
        line: "DELETE /api/v0/api_tokens?username=admin&usedbefore=2026-01-01T00%3A00%3A00Z&generatedby=auto",
        reply: {},
        run: (client) => client.apiTokens.deleteMany({ username: "admin", usedbefore: "2026-01-01T00:00:00Z", generatedby: "auto" }),
        gives: undefined,
        errors: [
          [400, "INVALID_PARAMETERS"],
          [403, "NOT_AUTHORIZED"],
          [404, "NO_SUCH_USER"],
        ],
      },
      {
        name: "apiTokens.get",
        line: "GET /api/v0/api_tokens/3f6c",
        // A secret that comes where none was asked for goes no further.
        reply: { json: { ...wire, token: secret } },
        run: (client) => client.apiTokens.get({ hashedToken: "3f6c" }),
        gives: given,
        errors: [
          [403, "NOT_AUTHORIZED"],
          [404, "NO_SUCH_API_TOKEN"],
        ],
      },
      {
        name: "apiTokens.update",
        line: "PATCH /api/v0/api_tokens/3f6c",
        body: { isActive: false },
        reply: { json: { ...wire, isActive: false } },
        run: (client) => client.apiTokens.update({ hashedToken: "3f6c", isActive: false }),
        gives: { ...given, isActive: false },
        errors: [
          [403, "NOT_AUTHORIZED"],
          [404, "NO_SUCH_API_TOKEN"],
        ],
      },
      {
        name: "apiTokens.delete",
        line: "DELETE /api/v0/api_tokens/3f6c",
        reply: { status: 200 },
        run: (client) => client.apiTokens.delete({ hashedToken: "3f6c" }),
        gives: undefined,
        errors: [
          [403, "NOT_AUTHORIZED"],
          [404, "NO_SUCH_API_TOKEN"],
        ],
      },
    ],
  );
});

describe("access tokens", () => {
  it("are never deleted all at once by accident", async () => {
    await connected(
      () => ({}),
      async ({ client, server }) => {
        const error = await failure(client.apiTokens.deleteMany({}));
        expect(error).toMatchObject({ kind: "request", fate: "not-sent" });
        expect(error.message).toContain("give username, usedbefore or generatedby");
        expect(await failure(client.apiTokens.deleteMany({ usedbefore: "soon" }))).toMatchObject({ kind: "request" });
        expect(server.seen).toEqual([]);
      },
    );
  });

  it("keep their secret out of errors about an answer that is not right", async () => {
    await connected(
      () => ({ json: { ...wire, hashedToken: 7, token: secret } }),
      async ({ client }) => {
        const error = await failure(client.apiTokens.create({ tokenLabel: "x" }));
        expect(error).toMatchObject({ kind: "answer" });
        expect(error.message + JSON.stringify(error)).not.toContain(secret);
      },
    );
  });

  it("work in place of a password, and stay out of errors then, too", async () => {
    await connected(
      () => ({ status: 403, json: { errors: [{ code: "NOT_AUTHORIZED", message: `token ${secret} may not` }] } }),
      async ({ server }) => {
        const client = connectDtr({ url: server.url, username: "admin", token: secret, env: {} });
        const error = await failure(client.apiTokens.get({ hashedToken: "3f6c" }));
        await client.close();
        expect(server.seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from(`admin:${secret}`).toString("base64")}`);
        expect(error.message + JSON.stringify(error)).not.toContain(secret);
        expect(server.seen[0]?.url).not.toContain(secret);
      },
    );
  });
});

/** A server with tokens, whose first answers to a creation may be lost after the effect. */
function tokenServer(lost: number, twins = 1) {
  const tokens = new Map<string, string>([["old", "ci"]]);
  let created = 0;
  const answer = ({ method, url, body }: { method: string; url: string; body: string }): Reply => {
    if (method === "GET") return { json: [...tokens].map(([hashedToken, tokenLabel]) => ({ ...wire, hashedToken, tokenLabel })) };
    if (method === "DELETE")
      return tokens.delete(url.split("/").pop() ?? "") ? {} : { status: 404, json: { errors: [{ code: "NO_SUCH_API_TOKEN" }] } };
    created++;
    for (let twin = 0; twin < (created <= lost ? twins : 1); twin++) tokens.set(`new${created}.${twin}`, JSON.parse(body).tokenLabel);
    return created <= lost ? { reset: true } : { json: { ...wire, hashedToken: `new${created}.0`, tokenLabel: "ci", token: secret } };
  };
  return { tokens, answer };
}

describe("createApiToken", () => {
  it("leaves no token behind whose secret was lost with the answer", async () => {
    const { tokens, answer } = tokenServer(1);
    await connected(answer, async ({ client }) => {
      expect(await createApiToken(client, { tokenLabel: "ci" })).toMatchObject({ hashedToken: "new2.0", token: secret });
      expect([...tokens.keys()]).toEqual(["old", "new2.0"]);
    });
  });

  it("asks for the tokens of the user for whom it is, by default its own", async () => {
    const { answer } = tokenServer(0);
    await connected(answer, async ({ client, server }) => {
      await createApiToken(client, { tokenLabel: "ci" });
      await createApiToken(client, { tokenLabel: "ci", username: "jane" });
      expect(server.lines()).toEqual([
        "GET /api/v0/api_tokens?username=admin&pageSize=100",
        "POST /api/v0/api_tokens",
        "GET /api/v0/api_tokens?username=jane&pageSize=100",
        "POST /api/v0/api_tokens?username=jane",
      ]);
    });
  });

  it("touches nothing where it cannot tell which token is its own", async () => {
    const { tokens, answer } = tokenServer(1, 2);
    await connected(answer, async ({ client }) => {
      const error = await failure(createApiToken(client, { tokenLabel: "ci" }));
      expect(error).toBeInstanceOf(RegistryError);
      expect(error).toMatchObject({ fate: "unknown" });
      expect(error.message).toContain("new1.0, new1.1");
      expect([...tokens.keys()]).toEqual(["old", "new1.0", "new1.1"]);
    });
  });
});
