/** One entry of a `Link` header. */
export interface Link {
  /** As it was sent: maybe relative, maybe not percent-encoded (zot). */
  readonly uri: string;
  /** Names in lower case; the first of several counts (RFC 8288, 3.3). */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Parses `Link` headers (RFC 8288). Tolerant: what cannot be understood is skipped, commas and semicolons within `<…>` and quotes are text. */
export function parseLinks(headers: readonly string[]): Link[] {
  return headers.flatMap(parseHeader);
}

/** The URI of the `rel="next"` link, to be given to `HttpRequest.url`; undefined on the last page. */
export function nextLink(headers: readonly string[]): string | undefined {
  return parseLinks(headers).find(({ parameters }) => parameters.get("rel")?.toLowerCase().split(/\s+/).includes("next"))?.uri;
}

function parseHeader(header: string): Link[] {
  const links: Link[] = [];
  const entry = /<([^<>]*)>((?:\s*;\s*(?:[^\s=;,"]+(?:\s*=\s*(?:"(?:\\.|[^"\\])*"|[^\s;,"]*))?)?)*)/g;
  for (const [, uri = "", parameters = ""] of header.matchAll(entry)) {
    if (uri.trim() !== "") links.push({ uri: uri.trim(), parameters: parseParameters(parameters) });
  }
  return links;
}

function parseParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name = "", quoted, bare = ""] of text.matchAll(/;\s*([^\s=;,"]+)(?:\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s;,"]*)))?/g)) {
    const key = name.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, quoted === undefined ? bare : quoted.replace(/\\(.)/g, "$1"));
  }
  return parameters;
}
