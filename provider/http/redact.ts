/** What stands in place of a secret. */
export const mask = "***";

/** Shorter values cannot be told from ordinary text, and nobody can call them secret. */
const shortest = 3;

/**
 * A function that replaces the secrets in a text, in every form in which a server or a library may echo them
 * (as they are, URL-encoded, form-encoded, in JSON, in base64), and whatever looks like a credential.
 */
export function redactor(secrets: Iterable<string>): (text: string) => string {
  const forms = [...new Set([...secrets].filter((secret) => secret.length >= shortest).flatMap(formsOf))];
  forms.sort((a, b) => b.length - a.length);
  return (text) => redactPatterns(forms.reduce((rest, form) => rest.replaceAll(form, mask), text));
}

/** The secrets in a header's value: the value, the credential without its scheme, and what a Basic credential holds. */
export function secretsOfHeader(value: string): string[] {
  const [, scheme, credential] = /^([\w-]+) +(\S.*)$/.exec(value) ?? [];
  if (scheme === undefined || credential === undefined) return [value];
  if (scheme.toLowerCase() !== "basic") return [credential, value];
  const pair = Buffer.from(credential, "base64").toString("utf8");
  const password = pair.slice(pair.indexOf(":") + 1);
  return [credential, value, pair, password];
}

/** Headers that hold credentials, in lower case. */
export const isSecretHeader = (name: string): boolean =>
  /^(authorization|proxy-authorization|cookie|set-cookie|.*(token|secret|api-?key|password).*)$/i.test(name);

function formsOf(secret: string): string[] {
  const wellFormed = Buffer.from(secret).toString(); // a lone surrogate would make encodeURIComponent throw
  const encoded = encodeURIComponent(wellFormed);
  return [
    secret,
    encoded,
    encoded.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
    encoded.replaceAll("%3A", ":").replaceAll("%2F", "/"),
    encodeURI(wellFormed),
    new URLSearchParams([["", wellFormed]]).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString("base64"),
  ];
}

function redactPatterns(text: string): string {
  return text
    .replace(/\/\/[^\s/?#@"'<>]+@/g, `//${mask}@`)
    .replace(/\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g, mask)
    .replace(/\b(Bearer|Basic)\s+(?=[\w\-.~+/]*[0-9=])[\w\-.~+/]{8,}=*/gi, `$1 ${mask}`)
    .replace(/([?&;](?:[\w-]*(?:token|secret|passw(?:or)?d|signature|credential|api[_-]?key)[\w-]*|sig)=)[^&\s"'<>]+/gi, `$1${mask}`);
}

/** One line without control characters (terminal escapes and workflow commands of a hostile server included), at most `length` characters. */
export function oneLine(text: string, length = 300): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is to be removed
  const line = text.replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
