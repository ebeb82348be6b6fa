import { parseBaseUrl, withScheme } from "../../http";

/**
 * Where a DTR lives: `https://dtr.example.com` also where `dtr.example.com`, `…/`, `…/api/v0`, `…/enzi/v0` or `…/v2/` is given. Without a scheme, https (http
 * on loopback). Throws TypeError for what is no HTTP URL.
 */
export function dtrRoot(url: string): string {
  const { origin, pathname } = parseBaseUrl(withScheme(url));
  return origin + pathname.replace(/\/+$/, "").replace(/\/(?:(?:api|enzi)(?:\/v0)?|v2)$/i, "");
}
