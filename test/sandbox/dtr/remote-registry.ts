import type { StoredManifest } from "../contract";
import { DOCKER_LIST, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST } from "../oci/media-types";
import { parseObject } from "../references";
import { type RemoteAnswer, RemoteError, remoteRequest } from "./remote-request";
import type { World } from "./world";

/** Where and as whom a mirror works, as forms say it. */
export interface RemoteTarget {
  readonly remoteHost: string;
  readonly remoteRepository: string;
  readonly username: string;
  readonly password: string;
  readonly authToken: string;
}

const ACCEPT = [OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST].join(", ");

/** A repository of another registry, or of this one, by `/v2`. Every method throws a `RemoteError` when the other side does not do as asked. */
export class RemoteRegistry {
  private token: string | undefined;

  constructor(
    private readonly world: World,
    private readonly target: RemoteTarget,
  ) {}

  /** What the credentials may do there. */
  async permissions(): Promise<{ readonly read: boolean; readonly write: boolean }> {
    const list = await this.ask("GET", "tags/list");
    const begun = await this.ask("POST", "blobs/uploads/");
    const write = begun.status === 202;
    if (write) await this.ask("DELETE", begun.header("location") ?? "");
    return { read: list.status === 200 || (list.status === 404 && write), write };
  }

  /** Names of its tags; none when the repository is not there. */
  async tags(): Promise<readonly string[]> {
    const answer = await this.ask("GET", "tags/list");
    if (answer.status === 404) return [];
    const { tags } = parseObject(this.good("list the tags of", answer).body);
    return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
  }

  /** The digest of a tag; undefined when it is not there. */
  async digestOf(tag: string): Promise<string | undefined> {
    const answer = await this.ask("HEAD", `manifests/${tag}`, { accept: ACCEPT });
    return answer.status === 200 ? (answer.header("docker-content-digest") ?? undefined) : undefined;
  }

  /** Fetches an image with all it needs into the store. */
  async pull(reference: string, path: string, tag?: string): Promise<StoredManifest> {
    const { store } = this.world;
    const answer = this.good(`pull ${reference} from`, await this.ask("GET", `manifests/${reference}`, { accept: ACCEPT }));
    const mediaType = answer.header("content-type") ?? OCI_MANIFEST;
    const manifest = { digest: "", mediaType, bytes: answer.body, pushedAt: this.world.clock.now() };
    const { blobs, manifests } = store.references(manifest);
    for (const child of manifests) await this.pull(child.digest, path);
    for (const { digest } of blobs) {
      if (store.repository(path)?.blobs.has(digest)) continue;
      const blob = this.good(`pull ${digest} from`, await this.ask("GET", `blobs/${digest}`));
      store.putBlob(path, blob.body, digest);
    }
    return store.putManifest(path, mediaType, answer.body, tag);
  }

  /** Sends an image of the store with all it needs. */
  async push(path: string, digest: string, reference: string): Promise<void> {
    const { store } = this.world;
    const manifest = store.repository(path)?.manifests.get(digest);
    if (!manifest) throw new RemoteError(`${digest} is not in ${path} any more.`);
    const { blobs, manifests } = store.references(manifest);
    for (const child of manifests) await this.push(path, child.digest, child.digest);
    for (const blob of blobs) await this.pushBlob(blob.digest);
    const answer = await this.ask("PUT", `manifests/${reference}`, { "content-type": manifest.mediaType }, manifest.bytes);
    this.good(`push ${reference} to`, answer);
  }

  private async pushBlob(digest: string): Promise<void> {
    const bytes = this.world.store.blob(digest);
    if (!bytes || (await this.ask("HEAD", `blobs/${digest}`)).status === 200) return;
    const begun = this.good("upload to", await this.ask("POST", "blobs/uploads/"));
    const location = new URL(begun.header("location") ?? "", "http://relative.invalid");
    location.searchParams.set("digest", digest);
    const done = await this.ask("PUT", `${location.pathname}${location.search}`, { "content-type": "application/octet-stream" }, bytes);
    this.good(`upload ${digest} to`, done);
  }

  /** One request below `/v2/<repository>/`, or to a `Location`; with a token or password when the other side wants one. */
  private async ask(method: string, target: string, headers: Readonly<Record<string, string>> = {}, body?: Buffer): Promise<RemoteAnswer> {
    const { remoteHost, remoteRepository } = this.target;
    const { pathname, search } = new URL(target, "http://relative.invalid");
    const path = target.includes("/v2/") ? `${pathname}${search}` : `/v2/${remoteRepository}/${target}`;
    const send = (authorization?: string) =>
      remoteRequest(this.world, remoteHost, {
        method,
        path,
        headers: { ...headers, ...(authorization && { authorization }) },
        ...(body && { body }),
      });
    const answer = await send(this.token);
    const challenge = answer.status === 401 ? answer.header("www-authenticate") : undefined;
    if (!challenge) return answer;
    this.token = /^bearer /i.test(challenge) ? await this.bearer(challenge) : this.basic();
    return this.token === undefined ? answer : send(this.token);
  }

  private async bearer(challenge: string): Promise<string | undefined> {
    const parameter = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1];
    const realm = new URL(parameter("realm") ?? "");
    const query = new URLSearchParams({ service: parameter("service") ?? "" });
    for (const scope of parameter("scope")?.split(" ") ?? []) query.append("scope", scope);
    const authorization = this.basic();
    const headers: Record<string, string> = authorization ? { authorization } : {};
    const answer = await remoteRequest(this.world, realm.origin, { method: "GET", path: `${realm.pathname}?${query}`, headers });
    const document = answer.status === 200 ? parseObject(answer.body) : {};
    const token = document.token ?? document.access_token;
    return typeof token === "string" ? `Bearer ${token}` : undefined;
  }

  private basic(): string | undefined {
    const { username, password, authToken } = this.target;
    return username === "" ? undefined : `Basic ${Buffer.from(`${username}:${password || authToken}`).toString("base64")}`;
  }

  private good(verb: string, answer: RemoteAnswer): RemoteAnswer {
    if (answer.status < 300) return answer;
    throw new RemoteError(
      `Could not ${verb} ${this.target.remoteRepository} on ${this.target.remoteHost}: the answer was ${answer.status}.`,
    );
  }
}
