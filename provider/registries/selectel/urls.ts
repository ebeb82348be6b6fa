import { parseBaseUrl, withScheme } from "../../http/origin";

export const defaultApiUrl = "https://cr.selcloud.ru/api";
export const defaultAuthUrl = "https://cloud.api.selcloud.ru/identity/v3";

/** The root of the API: `https://cr.selcloud.ru/api` also where `…/api/`, `…/api/v1` or `…/api/v2` is given. Throws TypeError for what is no HTTP URL. */
export function apiRoot(url: string): string {
  return base(url).replace(/\/v[12]$/, "");
}

/**
 * The root of the identity service: `…/identity/v3` also where `…/identity/v3/` (as Terraform's documentation has it), the full
 * `…/identity/v3/auth/tokens` (as fussraider/selectel-craas-ui wants it) or `…/identity` is given.
 */
export function authRoot(url: string): string {
  const root = base(url).replace(/\/auth(?:\/tokens)?$/, "");
  return /\/v[\d.]+$/.test(root) ? root : `${root}/v3`;
}

/** `https://cr.selcloud.ru`, of any URL there or of a bare host. */
export function registryOrigin(url: string): string {
  return parseBaseUrl(withScheme(url)).origin;
}

function base(url: string): string {
  const { origin, pathname } = parseBaseUrl(url);
  return origin + pathname.replace(/\/+$/, "");
}
