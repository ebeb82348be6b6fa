/** One challenge of a `WWW-Authenticate` header. */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** Names in lower case; the first of several counts. */
  readonly parameters: ReadonlyMap<string, string>;
  /** What stands in place of parameters with schemes like Negotiate. */
  readonly token68?: string;
}

/**
 * Parses `WWW-Authenticate` headers (RFC 9110, 11.6.1): several headers, several challenges in one, scheme and names in any case,
 * values quoted (with escapes and commas inside) or bare; zot sends `basic realm=…` unquoted. What cannot be understood is skipped.
 */
export function parseChallenges(headers: readonly string[]): Challenge[] {
  return headers.flatMap(parseHeader);
}

const token = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
// A bare value may hold what a token may not: realms are URLs, and servers forget the quotes.
const parameter = new RegExp(`^[\\s,]*(${token})\\s*=\\s*(?:"((?:\\\\.|[^"\\\\])*)(?:"|$)|([^\\s,"=]+(?:=[^\\s,"]+)*))(?=\\s|,|$)`, "s");
const scheme = new RegExp(`^[\\s,]*(${token})(?=\\s|,|$)`);
const token68 = /^[ \t]+([A-Za-z0-9\-._~+/]+=*)(?=\s*(?:,|$))/;

function parseHeader(header: string): Challenge[] {
  const challenges: Challenge[] = [];
  let parameters = new Map<string, string>();
  let rest = header;
  const take = (match: RegExpExecArray) => {
    rest = rest.slice(match[0].length);
  };
  while (rest !== "") {
    const named = parameter.exec(rest);
    if (named?.[1] !== undefined && challenges.length > 0) {
      const name = named[1].toLowerCase();
      if (!parameters.has(name)) parameters.set(name, named[2] === undefined ? (named[3] ?? "") : named[2].replace(/\\(.)/gs, "$1"));
      take(named);
      continue;
    }
    const started = scheme.exec(rest);
    if (started?.[1] === undefined) {
      const skipped = /^(?:[\s,]+|"(?:\\.|[^"\\])*"?|[^\s,"]+)/s.exec(rest);
      if (skipped === null) break;
      take(skipped);
      continue;
    }
    take(started);
    parameters = new Map();
    const credential = parameter.test(rest) ? null : token68.exec(rest);
    if (credential !== null) take(credential);
    challenges.push({ scheme: started[1].toLowerCase(), parameters, ...(credential?.[1] !== undefined && { token68: credential[1] }) });
  }
  return challenges;
}
