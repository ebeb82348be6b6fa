import * as fc from "fast-check";
import { bullets, code, prose } from "../../action/cleanup/markdown";
import { logLine } from "../../action/log-line";
import { maskedForms } from "../../action/secrets";

const nasty = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      "<",
      ">",
      "|",
      "`",
      "@",
      "#",
      "*",
      "_",
      "[",
      "]",
      "(",
      "!",
      "&",
      "\\",
      "~",
      ":",
      "\n",
      "\r",
      "\t",
      "\u2028",
      "\u202e",
      "\u0000",
      "\u001b",
      "::",
      "##[",
      "-->",
      "www.",
      "\ud800",
    ),
    fc.string({ unit: "grapheme", maxLength: 3 }),
  ),
});

describe("text of a registry in Markdown", () => {
  it("holds no character that Markdown, HTML, a table or Mermaid gives a meaning to", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        for (const shown of [prose(text), code(text).replace(/^<code>|<\/code>$/g, "")]) {
          expect(shown.replace(/&#\d+;/g, "")).not.toMatch(/[<>|`@#*_[\]!&\\~"\p{Cc}\p{Zl}\p{Zp}\u202e\p{Cs}]/u);
        }
      }),
    );
  });

  it("mentions nobody and links nothing, also after GitHub has decoded it", () => {
    const decoded = (html: string) => html.replace(/&#(\d+);/g, (_, point) => String.fromCodePoint(Number(point)));
    fc.assert(
      fc.property(nasty, (text) => {
        expect(decoded(prose(text))).not.toMatch(/@[a-z0-9-]|#[0-9]/i);
        expect(prose(text)).not.toMatch(/www\.|:\/\/|:[^ ]+:/i);
        expect(code(text)).not.toMatch(/:\/\//);
      }),
    );
  });

  it("is still what it was", () => {
    const visible = (html: string) => html.replace(/&#(\d+);/g, (_, point) => String.fromCodePoint(Number(point))).replaceAll("\u200b", "");
    expect(visible(prose("a<b> | c_d & `e` @f #1 {g} 1.2-3"))).toBe("a<b> | c_d & `e` @f #1 {g} 1.2-3");
    expect(code("team/app")).toBe("<code>team/app</code>");
    expect(code("v1.2_x")).toBe("<code>v1.2&#95;x</code>");
  });

  it("is one line of a list, and a list says what it leaves out", () => {
    expect(bullets("!", ["one\n* two", "three", "four"], 35)).toBe("* ! one &#42; two\n* ! three\n* … and 1 more; the log has them.\n");
  });
});

describe("text of a registry in the log", () => {
  it("is no workflow command, however it is read", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const line = logLine(text);
        expect(line.trimStart().startsWith("::")).toBe(false);
        expect(line).not.toContain("##[");
        expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}\p{Cs}]/u);
      }),
    );
  });

  it.each([
    ["::error::x", ": :error::x"],
    ["  ::add-mask::x", "  : :add-mask::x"],
    ["a ##[group]b", "a ## [group]b"],
    ["a\n::stop-commands::x", "a ::stop-commands::x"],
    ["\u001b[31mred", " [31mred"],
    ["team/app:v1::x", "team/app:v1::x"],
  ])("%j is written as %j", (text, expected) => {
    expect(logLine(text)).toBe(expected);
  });
});

describe("what the runner is told to mask", () => {
  it("is each secret in each form in which it travels", () => {
    const forms = maskedForms({ username: "me", password: 'p@ss/"wörd" 1', token: "t:1" });
    expect(forms).toEqual(
      expect.arrayContaining([
        'p@ss/"wörd" 1',
        "p%40ss%2F%22w%C3%B6rd%22%201",
        "p%40ss%2F%22w%C3%B6rd%22+1",
        'p@ss/\\"wörd\\" 1',
        Buffer.from('me:p@ss/"wörd" 1').toString("base64"),
        Buffer.from('p@ss/"wörd" 1').toString("base64"),
        "t:1",
        "t%3a1",
        Buffer.from("token:t:1").toString("base64"),
        Buffer.from("me:t:1").toString("base64"),
      ]),
    );
  });

  it("is nothing where there is no secret: an empty mask would hide everything", () => {
    expect(maskedForms({ username: "me" })).toEqual([]);
    expect(maskedForms({ password: "", token: "" })).toEqual([]);
  });
});
