import { randomBytes } from "node:crypto";
import { HttpClient, type HttpClientOptions, withScheme } from "../../http";
import type { Http, HttpRequest } from "../../http/request";
import { absenceOf, refusal, routeHint } from "./answer-errors";
import { type Authentication, OciAuthorizer } from "./authorizer";
import { Blobs } from "./blobs";
import type { OciCredentials } from "./credentials";
import { type Deletion, DeletionProbe } from "./deletion";
import type { Digest } from "./digest";
import { registryHost } from "./docker-config";
import { hintFor } from "./hints";
import { type ListOptions, listRepositories, listTags } from "./lists";
import { Manifests } from "./manifests";
import type { Repository, Tag } from "./path-names";
import { ReferrerTags } from "./referrer-tags";
import { type Referrers, ReferrersApi } from "./referrers";
import { requestToken } from "./token-server";
import { dropReferrersTag } from "./untag-referrers";

/** Everything that `HttpClient` takes may be given, too; what concerns connections also goes for the token server's. */
export interface OciOptions extends Omit<HttpClientOptions, "baseUrl" | "authorizer" | "hints" | "secrets"> {
  /** The registry, without `/v2`: `https://registry.example.com`, `http://localhost:5000`. Without a scheme, https (http on loopback). */
  readonly url: string;
  /** Default: anonymous. */
  readonly credentials?: OciCredentials;
  /** Different text each time, for names that must not occur twice. Default: 16 random hexadecimal digits. */
  readonly nonce?: () => string;
}

export interface Ping {
  /** `registry/2.0`, where the registry says it. */
  readonly apiVersion?: string;
  /** How the registry wants to be spoken to. Some that say `none` here ask for it later. */
  readonly authentication: Authentication;
}

/** Client of a registry that speaks Docker Registry HTTP API V2 or OCI distribution 1.1. Throws TypeError for a URL that is none. */
export function connectOci(options: OciOptions): OciClient {
  return new OciClient(options);
}

export class OciClient {
  readonly http: Http;
  /** Without final slash. */
  readonly url: string;
  readonly manifests: Manifests;
  readonly blobs: Blobs;
  /** Different text each time. */
  readonly nonce: () => string;
  private readonly authorizer: OciAuthorizer;
  private readonly probe: DeletionProbe;
  private readonly referrersApi: ReferrersApi;
  private readonly tokenServers = new Map<string, Http>();
  private readonly anonymous: boolean;

  constructor(options: OciOptions) {
    const { url, credentials, nonce, ...http } = options;
    const now = options.clock ? () => options.clock?.now() ?? 0 : Date.now;
    const baseUrl = addressOf(url);
    const shared: Omit<HttpClientOptions, "baseUrl"> = { ...http, hints: hintFor(credentials), secrets: () => secretsOf(credentials) };
    const tokenClient = { connect: (realm: URL) => this.tokenServer(realm, shared), credentials, clientId: "registry-as-code", now };
    this.authorizer = new OciAuthorizer({
      registry: () => this.http.baseUrl,
      credentials,
      requestToken: (server, access) => requestToken(tokenClient, server, access),
      now,
    });
    this.http = new HttpClient({ ...shared, baseUrl, authorizer: this.authorizer });
    this.url = this.http.baseUrl.href.replace(/\/+$/, "");
    this.anonymous = credentials === undefined;
    this.nonce = nonce ?? (() => randomBytes(8).toString("hex"));
    this.manifests = new Manifests(this.http, () => this.referrersApi);
    this.blobs = new Blobs(this.http);
    const tags = new ReferrerTags({
      manifests: () => this.manifests,
      drop: (repository, tag, digest) => dropReferrersTag(this, repository, tag, digest),
    });
    this.referrersApi = new ReferrersApi({ http: this.http, manifests: this.manifests, tags, now });
    this.probe = new DeletionProbe({ http: this.http, nonce: this.nonce });
  }

  /** Whether there is a registry, and how it wants to be spoken to. Throws if it refuses the credentials; without any, it only reports. */
  async ping(): Promise<Ping> {
    const request: HttpRequest = { method: "GET", route: "/v2/" };
    const answer = await this.http.send({ ...request, expect: this.anonymous ? [401, 404] : [404] });
    if (answer.status === 404)
      throw refusal(request, answer, absenceOf(answer) === "route" ? routeHint : "There is no registry at this address");
    this.authorizer.learn(answer.headers);
    const apiVersion = answer.headers.get("docker-distribution-api-version");
    return { ...(apiVersion !== undefined && { apiVersion }), authentication: this.authorizer.authentication };
  }

  /** All repositories that the registry lists for these credentials. Not part of OCI; many hosted registries refuse. */
  catalog(options?: ListOptions): AsyncIterable<Repository> {
    return listRepositories(this.http, options);
  }

  /** All tags of a repository, in the server's order, each once. An unknown repository is an error (`isNameUnknown` tells). */
  tags(repository: Repository, options?: ListOptions): AsyncIterable<Tag> {
    return listTags(this.http, repository, options);
  }

  /** What refers to a manifest: from the registry's API or, where it has none, from the tag in which clients keep the list. */
  referrers(repository: Repository, digest: Digest, filter?: { readonly artifactType?: string }): Promise<Referrers> {
    return this.referrersApi.list(repository, digest, filter);
  }

  /** What can be deleted in a repository, found out by experiments that cannot hit anything. Remembered for each repository. */
  deletion(repository: Repository): Promise<Deletion> {
    return this.probe.of(repository);
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    await Promise.all([this.http, ...this.tokenServers.values()].map((http) => http.close()));
  }

  private tokenServer(realm: URL, options: Omit<HttpClientOptions, "baseUrl">): Http {
    const known = this.tokenServers.get(realm.origin);
    if (known) return known;
    const http = new HttpClient({ ...options, baseUrl: realm.origin });
    this.tokenServers.set(realm.origin, http);
    return http;
  }
}

/** Docker Hub's name is not where its registry lives. */
export const addressOf = (url: string): string => (registryHost(url) === "docker.io" ? "https://registry-1.docker.io" : withScheme(url));

/** What of credentials must not stand in any message. */
export function secretsOf(credentials: OciCredentials): string[] {
  if (!credentials) return [];
  if ("password" in credentials) return [credentials.password];
  return ["identityToken" in credentials ? credentials.identityToken : credentials.registryToken];
}
