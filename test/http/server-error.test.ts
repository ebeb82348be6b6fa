import fc from "fast-check";
import { readServerErrors } from "../../provider/http";

const read = (body: string) => {
  const { code, message } = readServerErrors(Buffer.from(body), (text) => text);
  return [code, message];
};

describe("the server's own words", () => {
  it.each([
    ["OCI", '{"errors":[{"code":"NAME_UNKNOWN","message":"not known","detail":{"name":"x"}}]}', ["NAME_UNKNOWN", "not known"]],
    [
      "OCI, several",
      '{"errors":[{"code":"MANIFEST_BLOB_UNKNOWN","message":"a"},{"code":"X","message":"b"}]}',
      ["MANIFEST_BLOB_UNKNOWN", "a (and 1 more)"],
    ],
    ["OCI without message", '{"errors":[{"code":"DENIED","message":null}]}', ["DENIED", undefined]],
    [
      "zot's bare object",
      '{"code":"UNAUTHORIZED","message":"authentication required","detail":null}',
      ["UNAUTHORIZED", "authentication required"],
    ],
    ["a string", '{"error":"Registry not found."}', [undefined, "Registry not found."]],
    ["Selectel's nested", '{"error":{"id":"6f1c","message":"Registry not found"}}', ["6f1c", "Registry not found"]],
    [
      "Keystone's",
      '{"error":{"code":401,"title":"Unauthorized","message":"The request you have made requires authentication."}}',
      ["401", "The request you have made requires authentication."],
    ],
    ["Keystone's title alone", '{"error":{"code":401,"title":"Unauthorized"}}', ["401", "Unauthorized"]],
    [
      "a message",
      '{"message":"Server is not responding. Please try again later."}',
      [undefined, "Server is not responding. Please try again later."],
    ],
    ["OAuth2's", '{"error":"invalid_grant","error_description":"bad password"}', ["invalid_grant", "bad password"]],
    ["a list of strings", '{"errors":["a","b"]}', [undefined, "a (and 1 more)"]],
    ["a JSON string", '"no"', [undefined, "no"]],
    ["an empty list", '{"errors":[]}', [undefined, undefined]],
    ["null", "null", [undefined, "null"]],
    ["an empty object", "{}", [undefined, undefined]],
    ["nothing", "", [undefined, undefined]],
    ["spaces", " \n", [undefined, undefined]],
    ["broken JSON", '{"error":"x', [undefined, '{"error":"x']],
    ["plain text", "404 page not found\n", [undefined, "404 page not found"]],
    ["HTML", "<html>\n<head><title>502 Bad\n Gateway</title></head><body><h1>x</h1>", [undefined, 'an HTML page, "502 Bad Gateway"']],
    ["HTML without a title", "<!DOCTYPE html><p>no", [undefined, "an HTML page"]],
    [
      "terminal escapes and workflow commands",
      "a\u001b[31mb\n::set-output name=x::y\u0000\u2028c",
      [undefined, "a [31mb ::set-output name=x::y c"],
    ],
  ])("as %s", (_form, body, expected) => {
    expect(read(body)).toEqual(expected);
  });

  it("are shortened after they are redacted, so that no half of a secret remains", () => {
    const body = Buffer.from(`${"x".repeat(290)}secret-secret-secret`);
    const { message } = readServerErrors(body, (text) => text.replaceAll("secret-secret-secret", "***"));
    expect(message).toBe(`${"x".repeat(290)}***`);
  });

  it("are read from anything at all, into one line of bounded length", () => {
    const bodies = fc.oneof(
      fc.json().map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
      fc.string({ maxLength: 500 }).map((text) => Buffer.from(`{"message":${JSON.stringify(text)}}`)),
    );
    fc.assert(
      fc.property(bodies, (body) => {
        const { code, message, errors } = readServerErrors(body, (text) => text);
        for (const text of [code, message, ...errors.flatMap((error) => [error.code, error.message])]) {
          // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be left
          if (text !== undefined) expect(text).toMatch(/^[^\u0000-\u001f\u007f-\u009f]{1,320}$/u);
        }
      }),
    );
  });
});
