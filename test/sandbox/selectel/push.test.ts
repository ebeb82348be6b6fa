import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findTool } from "../../setup/tools";
import { runningClock } from "../clock";
import { type Served, serve } from "../serve";
import { MemoryStore } from "../store";
import { createSelectelSandbox } from "./index";
import { each } from "./rig";

const skopeo = findTool("skopeo")?.path;

/** Everything over sockets, pushed by a client that knows nothing of us. */
(skopeo || process.env.CI ? describe : describe.skip).each(["basic", "bearer"])("an image pushed by skopeo (%s)", (hostAuth) => {
  let api: Served;
  let host: Served;
  let directory: string;
  let base: string;
  let session: string;

  beforeAll(async () => {
    if (!skopeo) throw new Error("skopeo is missing: npm run setup -- skopeo");
    const clock = runningClock();
    const served = { host: "127.0.0.1", port: 0, clock };
    api = await serve({ api: "selectel", ...served });
    host = await serve({ api: "selectel-host", ...served });
    const origins = { api: api.origin, identity: api.origin, registryHost: host.origin };
    const switches = { hostAuth, createPolls: 0, gcPolls: 1 };
    const sandbox = createSelectelSandbox({ store: new MemoryStore(clock), clock, origins, switches });
    api.attach((request) => (request.rawPath.startsWith("/identity/") ? sandbox.identity(request) : sandbox.api(request)));
    host.attach(sandbox.registryHost);
    base = api.origin;
    session = await login(sandbox.info);
    directory = await mkdtemp(join(tmpdir(), "selectel-push-"));
  });

  afterAll(async () => {
    await Promise.all([api?.close(), host?.close(), directory && rm(directory, { recursive: true })]);
  });

  it("appears in /images, /tags and sizes, and is garbage once it is deleted", async () => {
    const registry = await call("POST", "/api/v1/registries", { name: "test" });
    const path = `/api/v1/registries/${registry.id}`;
    const scope = { modeRW: true, allRegistries: false, registryIds: [registry.id] };
    const token = await call("POST", "/api/v2/tokens", { name: "ci", expiration: { isSet: false }, scope });
    expect((await call("GET", path)).status).toBe("ACTIVE");

    const layer = Buffer.from("a layer of forty bytes, more or less....");
    const config = Buffer.from(JSON.stringify({ os: "linux", architecture: "arm64", created: "2022-05-17T22:37:17.011072851Z" }));
    const image = await layout(join(directory, "image"), config, layer);
    const target = `docker://${host.origin.replace("http://", "")}/test/team/app:v1`;
    await copy(image.path, target, token.token);

    const repositories = await call("GET", `${path}/repositories`);
    expect(repositories).toMatchObject([{ name: "team/app", size: layer.length + config.length, type: "image" }]);
    const repository = `${path}/repositories/team%2Fapp`;
    const expected = {
      digest: image.digest,
      tags: ["v1"],
      size: layer.length,
      os: "linux",
      architecture: "arm64",
      createdAt: "2022-05-17T22:37:17.011072851Z",
    };
    expect(await call("GET", `${repository}/images`)).toMatchObject([expected]);
    expect(await call("GET", `${repository}/tags`)).toEqual(["v1"]);
    expect(await call("GET", `${repository}/v1`)).toMatchObject(expected);
    expect((await call("GET", path)).size).toBe(layer.length + config.length + image.bytes);
    expect((await call("GET", `/api/v2/tokens/${token.id}`)).lastUsedAt).toBeDefined();

    const cleanUp = { digests: [image.digest], disable_gc: true };
    expect((await call("POST", `${repository}/cleanup`, cleanUp)).deleted).toEqual([{ digest: image.digest, tags: ["v1"] }]);
    const garbage = layer.length + config.length;
    expect(await call("GET", `${path}/garbage-collection/size`)).toEqual({
      sizeNonReferenced: garbage,
      sizeUntagged: 0,
      sizeSummary: garbage,
    });
    await call("POST", `${path}/garbage-collection`);
    await expect(copy(image.path, target, token.token)).rejects.toThrow("garbage collection is in progress");
    const after = [await call("GET", path), await call("GET", path)];
    expect(each(after, "status").at(-1)).toBe("ACTIVE");
    expect(after.at(-1)?.size).toBe(0);
    await copy(image.path, target, token.token);
    await expect(copy(image.path, target, "wrong")).rejects.toThrow(/unauthorized|authentication required|incorrect username/);
  });

  async function call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const headers = { "x-auth-token": session };
    const response = await fetch(`${base}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const text = await response.text();
    return text === "" ? {} : JSON.parse(text);
  }
});

async function login(info: Readonly<Record<string, string>>): Promise<string> {
  const { accountId, username, password, projectName, authUrl } = info;
  const user = { name: username, domain: { name: accountId }, password };
  const scope = { project: { name: projectName, domain: { name: accountId } } };
  const body = JSON.stringify({ auth: { identity: { methods: ["password"], password: { user } }, scope } });
  const response = await fetch(`${authUrl}/auth/tokens`, { method: "POST", headers: { "content-type": "application/json" }, body });
  return response.headers.get("x-subject-token") ?? "";
}

async function copy(from: string, to: string, secret: unknown): Promise<void> {
  const credentials = ["--dest-creds", `token:${secret}`, "--dest-tls-verify=false"];
  await promisify(execFile)(skopeo ?? "skopeo", [
    "copy",
    "--insecure-policy",
    "--preserve-digests",
    "--retry-times=0",
    ...credentials,
    from,
    to,
  ]);
}

/** An image on disk, in the layout that skopeo reads. */
async function layout(directory: string, config: Buffer, layer: Buffer) {
  const blobs = join(directory, "blobs", "sha256");
  await mkdir(blobs, { recursive: true });
  const put = async (mediaType: string, bytes: Buffer) => {
    const hex = createHash("sha256").update(bytes).digest("hex");
    await writeFile(join(blobs, hex), bytes);
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
  };
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: await put("application/vnd.oci.image.config.v1+json", config),
      layers: [await put("application/vnd.oci.image.layer.v1.tar", layer)],
    }),
  );
  const descriptor = await put("application/vnd.oci.image.manifest.v1+json", manifest);
  const annotations = { "org.opencontainers.image.ref.name": "v1" };
  await writeFile(join(directory, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [{ ...descriptor, annotations }] }));
  await writeFile(join(directory, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  return { path: `oci:${directory}:v1`, digest: descriptor.digest, bytes: manifest.length };
}
