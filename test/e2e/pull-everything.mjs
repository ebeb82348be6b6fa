// Pulls every tag of every repository as a container runtime does, with nothing but Node's own http: a client that shares no code with this package.
// Reads {"url", "gone": {repository: [digest, …]}} from stdin. Resolves each tag completely: manifests of all platforms, inner indexes, configs and
// layers (HEAD, whose size has to be the descriptor's), and looks whether what should be gone is gone.
// Prints {"tags": {repository: {tag: digest}}, "manifests", "blobs", "problems": [text, …]}.
import { createHash } from "node:crypto";
import { Agent, request } from "node:http";

const TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];
const LANES = 16;
const agent = new Agent({ keepAlive: true, maxSockets: LANES });
const found = { tags: {}, manifests: 0, blobs: 0, problems: [] };

let input = "";
for await (const chunk of process.stdin.setEncoding("utf8")) input += chunk;
const { url, gone } = JSON.parse(input);

for (const repository of await list("/v2/_catalog", "repositories")) {
  const digests = {};
  found.tags[repository] = digests;
  const seen = new Map();
  await inLanes(await list(`/v2/${repository}/tags/list`, "tags"), async (tag) => {
    try {
      digests[tag] = await pull(repository, tag, seen);
    } catch (error) {
      found.problems.push(`${repository}:${tag}: ${error.message}`);
    }
  });
}
for (const [repository, digests] of Object.entries(gone)) {
  await inLanes(digests, async (digest) => {
    const { status } = await send("HEAD", `/v2/${repository}/manifests/${digest}`);
    if (status !== 404) found.problems.push(`${repository}@${digest} should be gone, and was answered ${status}`);
  });
}
console.log(JSON.stringify(found));

async function list(path, key) {
  const all = [];
  for (let next = `${path}?n=500`; next; ) {
    const { status, headers, body } = await send("GET", next);
    if (status !== 200) throw new Error(`${next} was answered ${status}`);
    all.push(...(JSON.parse(body)[key] ?? [])); // without a tag it is null
    const link = /<([^>]+)>; *rel="next"/.exec(headers.link ?? "")?.[1];
    next = link && new URL(link, url).pathname + new URL(link, url).search;
  }
  return all;
}

async function pull(repository, reference, seen) {
  const { status, headers, body } = await send("GET", `/v2/${repository}/manifests/${reference}`);
  if (status !== 200) throw new Error(`manifest ${reference} was answered ${status}`);
  const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
  if (headers["docker-content-digest"] !== digest) throw new Error(`${reference} has another digest than the server says`);
  if (reference.includes(":") && reference !== digest) throw new Error(`${reference} has the bytes of ${digest}`);
  // Once for each digest, however many tags and indexes lead to it: all of them wait for the same end.
  if (!seen.has(digest)) seen.set(digest, resolve(repository, JSON.parse(body), seen));
  await seen.get(digest);
  return digest;
}

async function resolve(repository, manifest, seen) {
  found.manifests++;
  const parts = manifest.manifests ?? [];
  const blobs = manifest.config ? [manifest.config, ...manifest.layers] : [];
  if (parts.length + blobs.length === 0) throw new Error("a manifest leads to nothing");
  for (const { digest } of parts) await pull(repository, digest, seen);
  for (const blob of blobs) {
    if (!seen.has(blob.digest)) seen.set(blob.digest, head(repository, blob));
    await seen.get(blob.digest);
  }
}

async function head(repository, { digest, size }) {
  found.blobs++;
  const { status, headers } = await send("HEAD", `/v2/${repository}/blobs/${digest}`);
  if (status !== 200) throw new Error(`blob ${digest} was answered ${status}`);
  if (Number(headers["content-length"]) !== size) throw new Error(`blob ${digest} has another size`);
}

async function inLanes(items, work) {
  let next = 0;
  const lane = async () => {
    while (next < items.length) await work(items[next++]);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

function send(method, path) {
  return new Promise((done, fail) => {
    const sent = request(url + path, { method, agent, headers: { accept: TYPES.join(", ") } }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("error", fail);
      answer.on("end", () => done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }));
    });
    sent.on("error", fail);
    sent.end();
  });
}
