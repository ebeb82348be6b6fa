import type { ApiFault, Handler, SandboxResponse } from "../contract";

export interface Ask {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly fault?: ApiFault;
}

/** The answer of a handler without a network between; `headers` of the answer always there. */
export type Asked = SandboxResponse & { readonly headers: Readonly<Record<string, string | readonly string[]>> };

/** Asks a handler: `ask(api, "GET", "/v2/app/tags/list?n=2")`. */
export async function ask(handler: Handler, method: string, target: string, { headers = {}, body = "", fault }: Ask = {}): Promise<Asked> {
  const [rawPath = "", query = ""] = target.split("?");
  const response = await handler({
    method,
    rawPath,
    query: new URLSearchParams(query),
    headers,
    body: Buffer.from(body),
    origin: "http://registry.example",
    ...(fault && { fault }),
  });
  return { ...response, headers: response.headers ?? {} };
}

/** Codes of the errors in an answer. */
export function codesOf({ json }: SandboxResponse): unknown[] {
  const { errors } = json as { errors: { code: unknown }[] }; // the error format, or the test fails here
  return errors.map(({ code }) => code);
}
