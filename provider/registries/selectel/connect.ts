import { HttpClient, type HttpClientOptions, type HttpClock } from "../../http";
import { systemClock } from "../../http/interrupt";
import { PasswordAuthorizer, type SelectelAuth, tokenAuthorizer } from "./auth";
import { bindClient } from "./bind";
import type { SelectelClient } from "./client";
import { passwordHints, tokenHints } from "./hints";
import { apiRoot, authRoot, defaultApiUrl, defaultAuthUrl, registryOrigin } from "./urls";

export interface SelectelOptions extends Omit<HttpClientOptions, "baseUrl" | "authorizer" | "hints"> {
  readonly auth: SelectelAuth;
  /** Root of the API, above v1 and v2; with either of them or a slash at its end it is understood, too. Default https://cr.selcloud.ru/api. */
  readonly apiUrl?: string;
  /** Where v1 and v2 do not lie side by side. Default: below `apiUrl`. */
  readonly v1Url?: string;
  readonly v2Url?: string;
  /** Where images are pushed to and pulled from. Default: the host of `apiUrl`. */
  readonly registryUrl?: string;
  /** Items that are asked for at a time. Default 100; the service's own default is 10. */
  readonly pageSize?: number;
  /** Last part of the path of `v1.registries.clusters`, which no public source shows. Default `clusters`. */
  readonly clustersPath?: string;
}

/**
 * A client of Selectel's Container Registry API. Nothing is sent before the first call.
 * Throws TypeError for addresses and credentials that cannot be meant.
 */
export function connectSelectel(options: SelectelOptions): SelectelClient {
  const { auth, apiUrl, v1Url, v2Url, registryUrl, pageSize, clustersPath, ...http } = options;
  const clock = http.clock ?? systemClock;
  const root = apiRoot(apiUrl ?? defaultApiUrl);
  const access = authorization(auth, http, clock);
  const open = (baseUrl: string) => new HttpClient({ ...http, ...access.forApi, baseUrl });
  const [v1, v2] = [open(v1Url ?? `${root}/v1`), open(v2Url ?? `${root}/v2`)];
  return bindClient({
    v1,
    v2,
    registryUrl: registryOrigin(registryUrl ?? root),
    pageSize,
    clustersPath,
    close: async () => {
      await Promise.all([v1.close(), v2.close(), access.close()]);
    },
  });
}

type Access = { readonly forApi: Pick<HttpClientOptions, "authorizer" | "hints">; readonly close: () => Promise<void> };

function authorization(auth: SelectelAuth, http: Omit<HttpClientOptions, "baseUrl">, clock: HttpClock): Access {
  if ("token" in auth) {
    return { forApi: { authorizer: tokenAuthorizer(auth.token), hints: tokenHints }, close: async () => {} };
  }
  const identity = new HttpClient({
    ...http,
    baseUrl: authRoot(auth.authUrl ?? defaultAuthUrl),
    hints: passwordHints,
  });
  const authorizer = new PasswordAuthorizer(auth, identity, clock);
  return { forApi: { authorizer, hints: passwordHints }, close: () => identity.close() };
}
