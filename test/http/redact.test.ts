import fc from "fast-check";
import { redactor } from "../../provider/http";
import { oneLine, secretsOfHeader } from "../../provider/http/redact";

describe("a known secret", () => {
  it("is replaced in every form in which it may be repeated", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 8 }).filter((secret) => !/[*| ]/.test(secret)),
        fc.string(),
        fc.string(),
        (secret, before, after) => {
          const text = [
            secret,
            encodeURIComponent(Buffer.from(secret).toString()),
            JSON.stringify(secret).slice(1, -1),
            Buffer.from(secret).toString("base64"),
          ].join(" | ");
          const redacted = redactor([secret])(`${before}${text}${after}`);
          expect(redacted).not.toContain(secret);
          expect(redacted).not.toContain(Buffer.from(secret).toString("base64"));
        },
      ),
    );
  });

  it("is replaced as a whole, even if a part of it is a secret too", () => {
    expect(redactor(["abcd", "abcdefgh"])("x abcdefgh y abcd")).toBe("x *** y ***");
  });

  it("of one or two letters would make every text unreadable and is left alone", () => {
    expect(redactor(["a", ""])("a banana")).toBe("a banana");
  });
});

describe("what looks like a credential", () => {
  it.each([
    ["https://user:pw@host/x", "https://***@host/x"],
    ["Authorization: Bearer abc123def456", "Authorization: Bearer ***"],
    ["authorization: basic dXNlcjpwYXNzd29yZA==", "authorization: basic ***"],
    ["token eyJhbGciOi.eyJpc3Mi.c2ln expired", "token *** expired"],
    ["GET /x?access_token=abc&n=1", "GET /x?access_token=***&n=1"],
    ["/blob?X-Amz-Signature=0a1b&X-Amz-Date=1", "/blob?X-Amz-Signature=***&X-Amz-Date=1"],
    ["/blob?sv=1&sig=abc%3D", "/blob?sv=1&sig=***"],
  ])("is replaced: %s", (text, expected) => {
    expect(redactor([])(text)).toBe(expected);
  });

  it.each([
    "Basic authentication required",
    "bearer token is missing",
    "repository name not known to registry",
    'Bearer realm="https://auth.example/token",service="x"',
    "manifest sha256:0123456789abcdef unknown",
    "user@host.example is not allowed",
  ])("is not: %s", (text) => {
    expect(redactor([])(text)).toBe(text);
  });
});

describe("the secrets of a header", () => {
  it.each([
    ["plain-token", ["plain-token"]],
    ["Bearer abc", ["abc", "Bearer abc"]],
    [
      `Basic ${Buffer.from("me:pass:word").toString("base64")}`,
      [
        Buffer.from("me:pass:word").toString("base64"),
        `Basic ${Buffer.from("me:pass:word").toString("base64")}`,
        "me:pass:word",
        "pass:word",
      ],
    ],
  ])("%s", (value, expected) => {
    expect(secretsOfHeader(value)).toEqual(expected);
  });
});

describe("one line", () => {
  it("has no line breaks and no control characters, and is cut with an ellipsis", () => {
    expect(oneLine(" a\r\n\tb\u0007c ")).toBe("a b c");
    expect(oneLine("abcdef", 4)).toBe("abc…");
    expect(oneLine("abcd", 4)).toBe("abcd");
  });
});
