/**
 * As much of `docker` as the examples use, for machines without one: it takes the registry's credentials from DOCKER_CONFIG as docker does,
 * pushes an image that it makes of the reference, and pulls. DOCKER_STUB_LOG gets a line for each request.
 */
import { createHash } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";

const [command = "", ...rest] = process.argv.slice(2);
const reference = rest.at(-1) ?? "";
const [, host = "", repository = "", tag = ""] = /^([^/]+)\/(.+):([^:/]+)$/.exec(reference) ?? [];

function authorization() {
  const { auths = {} } = JSON.parse(readFileSync(`${process.env.DOCKER_CONFIG}/config.json`, "utf8"));
  const { auth, registrytoken } = auths[host] ?? {};
  return registrytoken ? `Bearer ${registrytoken}` : `Basic ${auth}`;
}

async function ask(method, where, { body, type } = {}) {
  const headers = { authorization: authorization(), ...(type && { "content-type": type }) };
  const answer = await fetch(new URL(where, `http://${host}`), { method, headers, body });
  appendFileSync(process.env.DOCKER_STUB_LOG, `${JSON.stringify({ command, repository, host, status: answer.status, ...headers })}\n`);
  if (!answer.ok) {
    console.error(`denied: ${method} ${repository}: ${answer.status} ${await answer.text()}`);
    process.exit(1);
  }
  return answer;
}

const sha256 = (text) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

async function upload(text) {
  const { headers } = await ask("POST", `/v2/${repository}/blobs/uploads/`);
  const place = new URL(headers.get("location"), `http://${host}`);
  place.searchParams.set("digest", sha256(text));
  await ask("PUT", place.href, { body: text, type: "application/octet-stream" });
  return { digest: sha256(text), size: Buffer.byteLength(text) };
}

const manifestType = "application/vnd.oci.image.manifest.v1+json";

if (command === "push") {
  const config = await upload(JSON.stringify({ architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: [] } }));
  const layer = await upload(`layer of ${reference}`);
  const body = JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: "application/vnd.oci.image.config.v1+json", ...config },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", ...layer }],
  });
  await ask("PUT", `/v2/${repository}/manifests/${tag}`, { body, type: manifestType });
} else if (command === "pull" || command === "image") {
  const answer = await ask("GET", `/v2/${repository}/manifests/${tag}`);
  if (command === "image") console.log(`${host}/${repository}@${sha256(await answer.text())}`);
} else if (command !== "build" && command !== "tag") {
  console.error(`docker ${command} is not played`);
  process.exit(1);
}
