import { parseBaseUrl, withScheme } from "../../http";

/**
 * Where a RegistryUI lives: `https://registry.example.com` also where `…/`, `…/udr/v1api` or `…/v2/` is given. Without a scheme, https (http on
 * loopback). Throws TypeError for what is no HTTP URL.
 */
export function registryUiRoot(url: string): string {
  const { origin, pathname } = parseBaseUrl(withScheme(url));
  const path = pathname.replace(/\/+$/, "").replace(/\/(?:udr(?:\/v1api)?|v2)$/i, "");
  return origin + path;
}
