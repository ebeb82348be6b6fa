import { createWebhook, findWebhook, RegistryError } from "../../../provider/registries/dtr";
import type { Reply, Seen } from "../selectel/scripted-server";
import { connected, failure } from "./connected";
import { describeRows } from "./rows";
import { webhook as given } from "./samples";

const wire = { ...given, lastSuccessfulAt: "0001-01-01T00:00:00Z" };
const request = { type: "TAG_PULL", endpoint: "https://webhook.site/x", key: "maria-testorg/lab-words", skipTLSVerification: true };
const creation = {
  name: "webhooks.create",
  line: "POST /api/v0/webhooks",
  body: request,
  run: (client: Parameters<typeof createWebhook>[0]) => client.webhooks.create(request),
  gives: given,
  errors: [],
};
const forbidden = [403, "NOT_AUTHORIZED"] as const;

describe("webhooks on the wire", () => {
  describeRows(
    ["webhooks"],
    [
      {
        name: "webhooks.list",
        line: "GET /api/v0/webhooks?webhookType=any",
        reply: { json: [wire, { ...wire, id: "2", lastSuccessfulAt: "2026-01-01T00:00:00Z", inactive: true }] },
        run: (client) => client.webhooks.list({ webhookType: "any" }),
        gives: [given, { ...given, id: "2", lastSuccessfulAt: "2026-01-01T00:00:00Z", inactive: true }],
        errors: [],
      },
      {
        name: "webhooks.list",
        line: "GET /api/v0/webhooks",
        reply: { text: "null" },
        run: (client) => client.webhooks.list(),
        gives: [],
        errors: [],
      },
      {
        ...creation,
        reply: { status: 201, json: wire },
        errors: [[400, "INVALID_JSON"], forbidden, [404, "NO_SUCH_ACCOUNT"]],
      },
      { ...creation, reply: { status: 200, json: wire } },
      { ...creation, reply: { status: 200, json: [wire] } },
      { ...creation, reply: { status: 201, json: [wire] } },
      {
        ...creation,
        reply: {
          json: [{ ...wire, id: "older", createdAt: "2018-01-01T00:00:00Z" }, wire, { ...wire, id: "no time", createdAt: undefined }],
        },
      },
      {
        name: "webhooks.test",
        line: "POST /api/v0/webhooks/test",
        body: { type: "TAG_PUSH", endpoint: "https://webhook.site/x" },
        reply: {},
        run: (client) => client.webhooks.test({ type: "TAG_PUSH", endpoint: "https://webhook.site/x" }),
        gives: undefined,
        errors: [[400, "INVALID_JSON"], forbidden],
      },
      {
        name: "webhooks.update",
        line: "POST /api/v0/webhooks/update",
        body: { id: wire.id, inactive: true, tlsCert: "", skipTLSVerification: false },
        reply: { json: [{ ...wire, inactive: true }] },
        run: (client) => client.webhooks.update({ id: wire.id, inactive: true, tlsCert: "", skipTLSVerification: false }),
        gives: [{ ...given, inactive: true }],
        errors: [[400, "INVALID_JSON"], forbidden, [404, "NO_SUCH_WEBHOOK"]],
      },
      ...[200, 204].map((status) => ({
        name: "webhooks.delete",
        line: `DELETE /api/v0/webhooks/${wire.id}`,
        reply: { status },
        run: (client: Parameters<typeof createWebhook>[0]) => client.webhooks.delete({ id: wire.id }),
        gives: undefined,
        errors: [forbidden, [404, "NO_SUCH_WEBHOOK"] as const],
      })),
    ],
  );

  it.each([{ json: {} }, { json: [] }, { status: 204 }])("a creation that is answered by %j is no webhook", async (reply) => {
    await connected(
      () => reply,
      async ({ client }) => expect(await failure(client.webhooks.create(request))).toMatchObject({ kind: "answer", fate: "answered" }),
    );
  });

  it("an endpoint, which may carry a credential, is not repeated by errors", async () => {
    await connected(
      () => ({ status: 400, json: { errors: [{ code: "INVALID_JSON", message: "cannot reach https://chat.example.com/T0/B0/xyz" }] } }),
      async ({ client }) => {
        const error = await failure(client.webhooks.create({ ...request, endpoint: "https://chat.example.com/T0/B0/xyz" }));
        expect(error.message).toContain("cannot reach ***");
        expect(JSON.stringify(error)).not.toContain("xyz");
      },
    );
  });
});

/** Answers by path; a path that is not there is 404 with the code. */
const answers =
  (table: Readonly<Record<string, Reply>>) =>
  ({ method, url }: Seen): Reply =>
    table[`${method} ${url}`] ?? { status: 404, json: { errors: [{ code: "NO_SUCH_REPOSITORY" }] } };

describe("findWebhook", () => {
  const inRepository = "GET /api/v0/repositories/maria-testorg/lab-words/webhooks";
  const inNamespace = "GET /api/v0/accounts/maria-testorg/webhooks";
  const everywhere = "GET /api/v0/webhooks";
  const refused: Reply = { status: 403, json: { errors: [{ code: "NOT_AUTHORIZED" }] } };
  it.each<[string, string, Readonly<Record<string, Reply>>, string | undefined, string[]]>([
    ["in its repository", wire.key, { [inRepository]: { json: [{ ...wire, id: "other" }, wire] } }, wire.id, [inRepository]],
    ["in its namespace", "maria-testorg", { [inNamespace]: { json: [wire] } }, wire.id, [inNamespace]],
    ["among all, where its key is empty", "", { [everywhere]: { json: [wire] } }, wire.id, [everywhere]],
    [
      "among all, where the near list lacks it",
      wire.key,
      { [inRepository]: { json: [] }, [everywhere]: { json: [wire] } },
      wire.id,
      [inRepository, everywhere],
    ],
    ["among all, where the repository is gone", wire.key, { [everywhere]: { json: [wire] } }, wire.id, [inRepository, everywhere]],
    [
      "among all, where the near list may not be read",
      wire.key,
      { [inRepository]: refused, [everywhere]: { json: [wire] } },
      wire.id,
      [inRepository, everywhere],
    ],
    ["nowhere", wire.key, { [inRepository]: { json: [] }, [everywhere]: { json: [] } }, undefined, [inRepository, everywhere]],
  ])("%s", async (_, key, table, found, asked) => {
    await connected(answers(table), async ({ client, server }) => {
      expect((await findWebhook(client, { key, id: wire.id }))?.id).toBe(found);
      expect(server.lines()).toEqual(asked);
    });
  });

  it("does not take a failing list for an empty one", async () => {
    await connected(
      () => ({ status: 500, json: { errors: [{ code: "INTERNAL_ERROR" }] } }),
      async ({ client }) => expect(await failure(findWebhook(client, wire))).toMatchObject({ status: 500 }),
    );
  });
});

describe("createWebhook", () => {
  type Stored = typeof wire;
  /** A server that makes a webhook, gives an identical one, or loses its answer. */
  function world(kind: "new" | "twin" | "lost" | "whole list", stored: Stored[]) {
    let posts = 0;
    return ({ method, body }: Seen): Reply => {
      if (method === "GET") return { json: stored };
      posts++;
      const twin = stored.find(({ endpoint }) => endpoint === JSON.parse(body).endpoint);
      if (kind === "twin" && twin) return { json: twin };
      const made = { ...wire, ...JSON.parse(body), id: `new${posts}` };
      stored.push(made);
      if (kind === "lost" && posts === 1) return { reset: true };
      return { status: 201, json: kind === "whole list" ? stored.map((one) => ({ ...one, createdAt: undefined })) : made };
    };
  }

  it.each<[Parameters<typeof world>[0], Stored[], string, boolean]>([
    ["new", [], "new1", false],
    ["new", [wire], "new1", false],
    ["twin", [wire], wire.id, true],
    ["lost", [{ ...wire, id: "twin" }], "new1", false],
    ["whole list", [{ ...wire, id: "other", endpoint: "https://elsewhere" }], "new1", false],
  ])("%s, beside %j", async (kind, stored, id, existed) => {
    const count = stored.length;
    await connected(world(kind, stored), async ({ client }) => {
      const created = await createWebhook(client, request);
      expect(created).toMatchObject({ existed, webhook: { id, endpoint: request.endpoint } });
      expect(stored).toHaveLength(existed ? count : count + 1);
    });
  });

  it("is an error where the server answers with somebody else's and made none", async () => {
    await connected(
      () => ({ json: [{ ...wire, endpoint: "https://elsewhere" }] }),
      async ({ client }) => {
        const error = await failure(createWebhook(client, request));
        expect(error).not.toBeInstanceOf(RegistryError);
        expect(error.message).toContain(wire.id);
      },
    );
  });
});
