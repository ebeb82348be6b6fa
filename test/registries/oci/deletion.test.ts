import { parseRepository } from "../../../provider/registries/oci";
import { ociError, type Reply, scripted } from "./scripted";

const repository = parseRepository("team/app");
const zeros = "/v2/team/app/manifests/sha256:0000000000000000000000000000000000000000000000000000000000000000";
const unknown = ociError(404, "MANIFEST_UNKNOWN");
const unsupported = ociError(405, "UNSUPPORTED", "The operation is unsupported.");
const readonly: Reply = {
  status: 405,
  body: "Method not allowed\n",
  headers: { "content-type": "text/plain; charset=utf-8", allow: "GET, HEAD" },
};
const noRoute: Reply = { status: 404, body: "404 page not found\n", headers: { "content-type": "text/plain" } };

const registry = (byDigest: Reply, byTag: Reply) => scripted(({ path }) => (path === zeros ? byDigest : byTag));

describe("what a registry deletes is known from its answers to questions that hit nothing", () => {
  it.each([
    ["distribution v3, zot, Quay", unknown, unknown, "supported", "supported"],
    ["docker-registry 2.x", unknown, ociError(400, "DIGEST_INVALID"), "supported", "unsupported"],
    ["docker-registry 2.x, deletion disabled", unsupported, unsupported, "disabled", "unsupported"],
    ["docker-registry 2.x, read-only", readonly, readonly, "readonly", "readonly"],
    ["Harbor", ociError(404, "NOT_FOUND"), ociError(400, "UNSUPPORTED"), "supported", "unsupported"],
    ["GHCR", unsupported, unsupported, "disabled", "unsupported"],
    ["ECR of old", noRoute, noRoute, "disabled", "unsupported"],
    ["zot, unknown repository", ociError(400, "NAME_UNKNOWN"), ociError(400, "NAME_UNKNOWN"), "supported", "supported"],
    ["one that calls everything deleted", { status: 202 }, { status: 202 }, "supported", "supported"],
    ["one that does not allow it", ociError(403, "DENIED"), ociError(403, "DENIED"), "denied", "denied"],
    ["one that wants credentials", ociError(401, "UNAUTHORIZED"), ociError(401, "UNAUTHORIZED"), "denied", "denied"],
    [
      "an unsupported method in plain text",
      { status: 405, body: "no", headers: { "content-type": "text/plain" } },
      unsupported,
      "disabled",
      "unsupported",
    ],
  ])("%s", async (_, byDigest, byTag, digest, tag) => {
    const server = await registry(byDigest, byTag);
    expect(await server.client().deletion(repository)).toEqual({ digest, tag });
    expect(server.seen.map(({ method }) => method)).toEqual(["DELETE", "DELETE"]);
    // A tag that nobody ever used, and another one each time.
    expect(server.seen[1]?.path).toMatch(/^\/v2\/team\/app\/manifests\/registry-as-code-probe-[0-9a-f]{16}$/);
  });

  it("asks again with credentials where they are wanted", async () => {
    const server = await scripted(({ headers }) =>
      headers.authorization ? unknown : { status: 401, headers: { "www-authenticate": 'Basic realm="r"' } },
    );
    expect(await server.client({ credentials: { username: "me", password: "pw" } }).deletion(repository)).toEqual({
      digest: "supported",
      tag: "supported",
    });
  });

  it("asks once for each repository, but again where rights were lacking", async () => {
    const server = await registry(unknown, unknown);
    const client = server.client();
    await Promise.all([client.deletion(repository), client.deletion(repository)]);
    await client.deletion(repository);
    await client.deletion(parseRepository("team/other"));
    expect(server.seen).toHaveLength(4);
    const strict = await registry(ociError(403, "DENIED"), ociError(403, "DENIED"));
    const denied = strict.client();
    await denied.deletion(repository);
    await denied.deletion(repository);
    expect(strict.seen).toHaveLength(4);
  });

  it("fails on an answer that says nothing, and asks anew the next time", async () => {
    let reply: Reply = { status: 404 };
    const server = await scripted(() => reply);
    const client = server.client();
    await expect(client.deletion(repository)).rejects.toThrow(/does not say whether/);
    reply = unknown;
    expect(await client.deletion(repository)).toEqual({ digest: "supported", tag: "supported" });
  });
});
