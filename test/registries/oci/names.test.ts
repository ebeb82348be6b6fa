import fc from "fast-check";
import { z } from "zod";
import {
  digestOf,
  formatReference,
  InvalidName,
  isDigest,
  parseDigest,
  parseManifestReference,
  parseReference,
  parseRepository,
  parseTag,
  repositorySchema,
  tagSchema,
} from "../../../provider/registries/oci";

const hex = digestOf("x").slice(7);

describe("a repository's name", () => {
  it.each(["a", "app", "team/app", "a.b", "a_b", "a__b", "a-b", "a---b", "0/1/2", "library/ubuntu-22.04", "a".repeat(255)])(
    "%s is valid",
    (name) => {
      expect(parseRepository(name)).toBe(name);
    },
  );

  it.each([
    ["", "it is empty"],
    ["App", "upper-case"],
    ["/a", "begin with a slash"],
    ["a/", "end with a slash"],
    ["a//b", "empty part"],
    ["a:1", "tag or port"],
    ["a@sha256:1", "digest"],
    ["https://host/a", "URL"],
    ["a b", '" "'],
    ["a/../b", '".."'],
    ["-a", '"-a"'],
    ["a-", '"a-"'],
    ["a..b", '"a..b"'],
    ["a___b", '"a___b"'],
    ["a._b", '"a._b"'],
    ["ä", '"ä"'],
    ["a".repeat(256), "256 characters"],
  ])("%j is invalid, because %s", (name, reason) => {
    expect(() => parseRepository(name)).toThrow(InvalidName);
    expect(() => parseRepository(name)).toThrow(reason);
  });

  it("is what the specification's grammar says, whatever the text", () => {
    const grammar = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."ab0./_-:@A "), maxLength: 12 }), (text) => {
        expect(repositorySchema.safeParse(text).success).toBe(grammar.test(text));
      }),
    );
  });
});

describe("a tag", () => {
  it.each(["latest", "v1.0", "_x", "0", "A-b_c.D", "a".repeat(128)])("%s is valid", (tag) => {
    expect(parseTag(tag)).toBe(tag);
  });

  it.each([
    ["", "empty"],
    ["-a", "begin with"],
    [".a", "begin with"],
    ["a/b", '"/"'],
    ["a+b", '"+"'],
    ["app:v1", "colon"],
    ["a".repeat(129), "129 characters"],
    ["a\n", '"\\n"'],
  ])("%j is invalid: %s", (tag, reason) => {
    expect(() => parseTag(tag)).toThrow(reason);
  });

  it("is what the specification's grammar says, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."aZ0._-:/+ "), maxLength: 6 }), (text) => {
        expect(tagSchema.safeParse(text).success).toBe(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/.test(text));
      }),
    );
  });
});

describe("a digest", () => {
  it.each([`sha256:${hex}`, `sha512:${hex}${hex}`, `sha384:${"0".repeat(96)}`, `blake3:${hex}`])("%s is valid", (text) => {
    expect(parseDigest(text)).toBe(text);
    expect(isDigest(text)).toBe(true);
  });

  it.each([
    [hex, "no `algorithm:`"],
    [`md5:${hex.slice(32)}`, "none of sha256"],
    [`constructor:${hex}`, "none of sha256"],
    [`sha256:${"A".repeat(64)}`, "lower case"],
    [`sha256:${hex.slice(1)}`, "64 hexadecimal digits, not 63"],
    [`sha512:${hex}`, "128 hexadecimal digits, not 64"],
    [`sha256:${"g".repeat(64)}`, "only hexadecimal"],
    [`sha256:${hex}\n`, "only hexadecimal"],
  ])("%s is invalid: %s", (text, reason) => {
    expect(() => parseDigest(text)).toThrow(reason);
    expect(isDigest(text)).toBe(false);
  });
});

describe("an image reference", () => {
  it.each([
    ["localhost:5000/a/b:v1", { registry: "localhost:5000", repository: "a/b", tag: "v1" }],
    ["localhost/a", { registry: "localhost", repository: "a" }],
    [`r.example.com/a@sha256:${hex}`, { registry: "r.example.com", repository: "a", digest: `sha256:${hex}` }],
    [`r.example.com:1/a:t@sha256:${hex}`, { registry: "r.example.com:1", repository: "a", tag: "t", digest: `sha256:${hex}` }],
    ["[::1]:5000/a", { registry: "[::1]:5000", repository: "a" }],
    ["alpine", { registry: "docker.io", repository: "library/alpine" }],
    ["alpine:3", { registry: "docker.io", repository: "library/alpine", tag: "3" }],
    ["team/app", { registry: "docker.io", repository: "team/app" }],
    ["docker.io/team/app", { registry: "docker.io", repository: "team/app" }],
  ])("%s is understood as Docker does", (text, parts) => {
    expect(parseReference(text)).toEqual(parts);
  });

  it.each(["https://r.example.com/a", "r.example.com/", "r.example.com/a:", "r.example.com/a@", "-.x/a", "a:b:c", ""])(
    "%j is refused",
    (text) => {
      expect(() => parseReference(text)).toThrow(InvalidName);
    },
  );

  it("survives being written and read again", () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,5}$/);
    const reference = fc.record(
      {
        registry: fc.constantFrom("localhost:5000", "r.example.com", "docker.io"),
        repository: fc.tuple(part, part).map(([a, b]) => parseRepository(`${a}/${b}`)),
        tag: fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,10}$/).map(parseTag),
        digest: fc.constantFrom(digestOf("x"), digestOf("y", "sha512")),
      },
      { requiredKeys: ["registry", "repository"] },
    );
    fc.assert(fc.property(reference, (value) => expect(parseReference(formatReference(value))).toEqual(value)));
  });
});

describe("what stands after /manifests/", () => {
  it("is a digest if it has a colon, else a tag", () => {
    expect(parseManifestReference("v1")).toBe("v1");
    expect(parseManifestReference(`sha256:${hex}`)).toBe(`sha256:${hex}`);
    expect(() => parseManifestReference("sha256:abc")).toThrow("64 hexadecimal digits");
  });
});

describe("schemas", () => {
  it("report what is wrong as an issue, for zod's users", () => {
    const shape = z.object({ repository: repositorySchema, tag: tagSchema });
    const parsed = shape.safeParse({ repository: "A", tag: "b c" });
    expect(parsed.error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`)).toEqual([
      'repository: "A" is no valid repository: it has upper-case letters; only lower-case ones are allowed.',
      'tag: "b c" is no valid tag: the character " " is not allowed; only letters, digits, ".", "_" and "-" are.',
    ]);
  });
});
