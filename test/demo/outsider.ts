import type { SandboxInfo } from "../sandbox";
import type { Fixture } from "../sandbox/images";

/** Everybody who is not the program: CI that pushes, a colleague with curl, an auditor. Plain `fetch` to the same servers. */
export interface Outsider {
  /** Pushes an image as a Docker client does. */
  push(repository: string, tag: string, image: Fixture): Promise<void>;
  /** Digest that a tag points to, or undefined. */
  digest(repository: string, tag: string): Promise<string | undefined>;
  /** Renames the Selectel token of this name, and revokes it. */
  spoilToken(name: string, newName: string): Promise<void>;
  /** Gives a team of Docker Trusted Registry every right in a repository. */
  grantAdmin(namespace: string, repository: string, team: string): Promise<void>;
  /** Status of a pull from Selectel's registry host with a secret. */
  pullStatus(path: string, secret: string): Promise<number>;
  /** Everything that is on the servers, without what changes by itself. */
  look(): Promise<World>;
}

/** In Docker's registry: the tags and digests of each repository that holds something. At Selectel and Docker Trusted Registry: names. */
export interface World {
  readonly repositories: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly registries: readonly string[];
  readonly tokens: readonly string[];
  readonly accounts: readonly string[];
}

export function outsiderOf({ dtr, oci, selectel }: SandboxInfo): Outsider {
  if (!dtr || !oci || !selectel) throw new Error("the demo needs these APIs");
  const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  const docker = (path: string, init: RequestInit = {}) =>
    fetch(`${oci.url}/v2/${path}`, { ...init, headers: { ...init.headers, authorization: basic(oci.username, oci.password) } });
  const api = (path: string, init: RequestInit = {}) =>
    fetch(`${selectel.v2}/${path}`, { ...init, headers: { ...init.headers, "x-auth-token": selectel.token } });

  const trusted = (path: string, init: RequestInit = {}) =>
    fetch(`${dtr.url}/${path}`, { ...init, headers: { ...init.headers, authorization: basic(dtr.username, dtr.password) } });

  const upload = async (repository: string, digest: string, bytes: Buffer) => {
    const begun = succeeded(await docker(`${repository}/blobs/uploads/`, { method: "POST" }));
    const place = new URL(begun.headers.get("location") ?? "", oci.url);
    place.searchParams.set("digest", digest);
    succeeded(await docker(`${place.pathname}${place.search}`.replace(/^\/v2\//, ""), { method: "PUT", body: new Uint8Array(bytes) }));
  };
  const digest = async (repository: string, tag: string) => {
    const answer = await docker(`${repository}/manifests/${tag}`, { method: "HEAD" });
    return answer.status === 404 ? undefined : (succeeded(answer).headers.get("docker-content-digest") ?? undefined);
  };
  const tagsOf = async (repository: string): Promise<Record<string, string>> => {
    const answer = await docker(`${repository}/tags/list`);
    const { tags } = parsed<{ tags?: string[] | null }>(answer.status === 404 ? "{}" : await answer.text());
    const pairs = await Promise.all((tags ?? []).sort().map(async (tag) => [tag, (await digest(repository, tag)) ?? ""] as const));
    return Object.fromEntries(pairs);
  };
  const list = async <Item>(path: string, key: string): Promise<Item[]> => {
    const answer = succeeded(await api(`${path}?limit=100`));
    return answer.status === 204 ? [] : (parsed<Record<string, Item[] | undefined>>(await answer.text())[key] ?? []);
  };

  return {
    digest,
    async push(repository, tag, image) {
      for (const blob of image.blobs) await upload(repository, blob.digest, blob.bytes);
      const headers = { "content-type": image.mediaType };
      succeeded(await docker(`${repository}/manifests/${tag}`, { method: "PUT", headers, body: new Uint8Array(image.bytes) }));
    },
    async spoilToken(name, newName) {
      const token = (await list<{ id: string; name: string }>("tokens", "tokens")).find((found) => found.name === name);
      const headers = { "content-type": "application/json" };
      succeeded(await api(`tokens/${token?.id}`, { method: "PATCH", headers, body: JSON.stringify({ name: newName }) }));
      succeeded(await api(`tokens/${token?.id}/revoke`, { method: "POST" }));
    },
    async grantAdmin(namespace, repository, team) {
      const headers = { "content-type": "application/json" };
      const path = `api/v0/repositories/${namespace}/${repository}/teamAccess/${team}`;
      succeeded(await trusted(path, { method: "PUT", headers, body: JSON.stringify({ accessLevel: "admin" }) }));
    },
    async pullStatus(path, secret) {
      const answer = await fetch(`${selectel.registryHost}/v2/${path}/tags/list`, { headers: { authorization: basic("token", secret) } });
      return answer.status;
    },
    async look() {
      const { repositories } = parsed<{ repositories: string[] }>(await succeeded(await docker("_catalog")).text());
      const held = await Promise.all(repositories.sort().map(async (name) => [name, await tagsOf(name)] as const));
      return {
        // A name without a tag is what a destroyed repository leaves in the catalog: the V2 API has no call that removes it.
        repositories: Object.fromEntries(held.filter(([, tags]) => Object.keys(tags).length > 0)),
        registries: (await list<{ name: string }>("registries", "registries")).map(({ name }) => name),
        accounts: parsed<{ accounts: { name: string }[] }>(await succeeded(await trusted("enzi/v0/accounts")).text()).accounts.map(
          ({ name }) => name,
        ),
        tokens: (await list<{ name: string }>("tokens", "tokens")).map(({ name }) => name),
      };
    },
  };
}

function succeeded(answer: Response): Response {
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}`);
  return answer;
}

/** The sandbox's own answers, whose form is known. */
const parsed = <T>(text: string): T => JSON.parse(text) as T;
