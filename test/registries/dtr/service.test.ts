import { connected, failure } from "./connected";
import { describeRows } from "./rows";

const pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

describe("what the server says about itself, on the wire", () => {
  describeRows(
    ["service"],
    [
      {
        name: "service.health",
        line: "GET /health",
        reply: { json: { error: "", healthy: true } },
        run: (client) => client.service.health(),
        gives: { error: "", healthy: true },
        errors: [],
      },
      {
        name: "service.health",
        line: "GET /health",
        reply: { status: 503, json: { error: "rethinkdb is away", healthy: false } },
        run: (client) => client.service.health(),
        gives: { error: "rethinkdb is away", healthy: false },
        errors: [],
      },
      {
        name: "service.ca",
        line: "GET /ca",
        reply: { text: pem, headers: { "content-type": "application/octet-stream" } },
        run: (client) => client.service.ca(),
        gives: pem,
        errors: [[404, "NO_SUCH_CA"]],
      },
      {
        name: "service.docs",
        line: "GET /api/v0/docs.json",
        reply: { json: { swagger: "2.0", info: { title: "Docker Trusted Registry", version: "2.6.0" }, paths: {} } },
        run: (client) => client.service.docs(),
        gives: { version: "2.6.0" },
        errors: [[404, "NO_SUCH_DOCS"]],
      },
      {
        name: "service.adminVersion",
        line: "GET /api/v0/admin/version",
        reply: { json: { version: "2.9.1" } },
        run: (client) => client.service.adminVersion(),
        gives: { version: "2.9.1" },
        errors: [
          [403, "NOT_AUTHORIZED"],
          [404, "NOT_FOUND"],
        ],
      },
      {
        name: "service.token",
        line: "GET /auth/token?service=dtr.example.com&scope=repository%3Aa%2Fb%3Apull",
        reply: { json: { token: "x", access_token: "y", expires_in: 300 } },
        run: (client) => client.service.token({ service: "dtr.example.com", scope: ["repository:a/b:pull"] }),
        gives: { token: "x", expiresIn: 300 },
        errors: [],
      },
      {
        name: "service.token",
        line: "GET /auth/token",
        reply: { json: { access_token: "y" } },
        run: (client) => client.service.token(),
        gives: { token: "y" },
        errors: [],
      },
    ],
  );

  it.each([
    [
      "a web page in place of the certificate",
      { text: "<html><title>Sign in</title></html>", headers: { "content-type": "text/html" } },
      "Sign in",
    ],
    ["a text in place of the certificate", { text: "none" }, "no certificate"],
  ])("%s is an error", async (_, reply, message) => {
    await connected(
      () => reply,
      async ({ client }) => {
        expect(await failure(client.service.ca())).toMatchObject({ kind: "answer", message: expect.stringContaining(message) });
      },
    );
  });

  it("a proxy's failure is not the word of the server on its health", async () => {
    await connected(
      () => ({ status: 503, text: "<html><title>503 Service Unavailable</title></html>" }),
      async ({ client }) => {
        expect(await failure(client.service.health())).toMatchObject({ kind: "status", status: 503 });
      },
    );
  });

  it("an answer without a token is an error that does not repeat it", async () => {
    await connected(
      () => ({ json: { identity: "s3cr3t" } }),
      async ({ client }) => {
        const error = await failure(client.service.token());
        expect(error).toMatchObject({ kind: "answer", message: expect.stringContaining("token") });
        expect(error.message).not.toContain("s3cr3t");
      },
    );
  });
});
