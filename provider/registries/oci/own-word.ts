import type { Http, HttpAnswer } from "../../http/request";

/**
 * Whether an answer comes from the registry itself and not, after a redirect, from another server. Content from elsewhere is good where a
 * digest verifies it; what there is and what there is not, only the registry may say. The same host over https is the registry.
 */
export function isOwnWord(http: Http, answer: Pick<HttpAnswer, "url" | "own">): boolean {
  if (answer.own) return true;
  const { origin, hostname } = http.baseUrl;
  const url = new URL(answer.url);
  return url.origin === origin || (url.protocol === "https:" && url.hostname === hostname);
}

export const foreignWord = "it comes from another server, whose word is not taken for the registry's";
