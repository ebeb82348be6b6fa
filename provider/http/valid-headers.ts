/**
 * What is wrong with a request's headers (names in lower case), or undefined. Never repeats a value.
 * Checked before undici does: a request that it refuses leaves one of its pool's connections unusable for ever (7.30),
 * and a line break in a value would add a header.
 */
export function headerProblem(headers: Readonly<Record<string, string>>): string | undefined {
  for (const name in headers) {
    const value = headers[name] ?? "";
    if (!token.test(name)) return `"${name}" cannot be the name of a header`;
    if (forbidden.test(value)) return `the header "${name}" has a character that headers cannot hold`;
    if (reserved.has(name)) return `the header "${name}" belongs to the connection and cannot be set`;
    if (name === "content-length" && !/^\d+$/.test(value)) return 'the header "content-length" is no number';
  }
  return undefined;
}

const token = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const forbidden = /[^\t\x20-\x7e\x80-\xff]/;
const reserved: ReadonlySet<string> = new Set([
  "connection",
  "expect",
  "host",
  "keep-alive",
  "proxy-authorization",
  "transfer-encoding",
  "upgrade",
]);
