import { z } from "zod";
import type { ServerError } from "./error";
import { oneLine } from "./redact";

/** What a server says about its failure. */
export interface ServerErrors {
  readonly code?: string;
  readonly message?: string;
  readonly errors: readonly ServerError[];
}

/**
 * Reads the body of a failure, whatever its form:
 * `{"errors":[{code,message,detail}]}` (Docker, OCI, DTR), a bare `{code,message}` (zot's 401), `{"error":"text"}`,
 * `{"error":{"id"|"code","message"|"title"}}` (Selectel, Keystone), `{"message":"…"}` (Selectel, Docker Hub), `{"error":"code","error_description":"…"}` (OAuth2),
 * HTML of a proxy (its title), broken JSON, plain text, nothing.
 * `redact` is applied to the texts before they are shortened, so that half a secret cannot remain.
 */
export function readServerErrors(body: Buffer, redact: (text: string) => string): ServerErrors {
  const text = body
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .trim();
  if (text === "") return { errors: [] };
  if (looksLikeHtml(text)) return single({ message: clean(htmlTitle(text), redact) ?? "an HTML page" });
  const found = /^[[{"]/.test(text) ? parse(text) : undefined;
  const errors = (found ?? [{ message: text }]).map((error) => ({
    code: clean(error.code, redact),
    message: clean(error.message, redact),
  }));
  const told = errors.filter((error) => error.code !== undefined || error.message !== undefined).map(withoutUndefined);
  if (told.length === 0) return { errors: [] };
  const more = told.length > 1 ? ` (and ${told.length - 1} more)` : "";
  const [first] = told;
  return { code: first?.code, message: first?.message === undefined ? undefined : first.message + more, errors: told };
}

export const looksLikeHtml = (text: string): boolean =>
  /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]{0,1000}?-->\s*)*<(?:!doctype html|html|head|body|title|h1|center)\b/i.test(text);

/** The title or first heading of an HTML page. */
export function htmlTitle(text: string): string | undefined {
  const title = /<(title|h1)\b[^>]*>([\s\S]{0,500}?)<\/\1\s*>/i.exec(text)?.[2]?.replace(/<[^>]*>/g, " ");
  return title === undefined || title.trim() === "" ? undefined : `an HTML page, "${title.trim()}"`;
}

const Text = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);

const Detailed = z.object({ code: Text, id: Text, message: Text, title: Text, detail: Text, msg: Text, description: Text });

const Body = z.object({
  errors: z.unknown().optional(),
  error: z.unknown().optional(),
  error_description: Text,
});

function parse(text: string): ServerError[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof json === "string") return [{ message: json }];
  if (Array.isArray(json)) return json.map(readEntry);
  const body = Body.safeParse(json);
  if (!body.success) return undefined;
  const { errors, error, error_description } = body.data;
  if (Array.isArray(errors) && errors.length > 0) return errors.map(readEntry);
  if (typeof error === "string")
    return error_description === undefined ? [{ ...readEntry(json), message: error }] : [{ code: error, message: error_description }];
  if (typeof error === "object" && error !== null) return [readEntry(error)];
  return [readEntry(json)];
}

/** `id` is a uuid with Selectel: worth telling its support, but no code to compare with. */
function readEntry(entry: unknown): ServerError {
  if (typeof entry === "string") return { message: entry };
  const detailed = Detailed.safeParse(entry);
  if (!detailed.success) return {};
  const { code, id, message, title, detail, msg, description } = detailed.data;
  return { code: code ?? id, message: message || msg || title || description || detail };
}

function clean(text: string | undefined, redact: (text: string) => string): string | undefined {
  if (text === undefined) return undefined;
  const line = oneLine(redact(text));
  return line === "" ? undefined : line;
}

const single = (error: ServerError): ServerErrors => ({ ...error, errors: [error] });

function withoutUndefined({ code, message }: ServerError): ServerError {
  return { ...(code === undefined ? {} : { code }), ...(message === undefined ? {} : { message }) };
}
