import * as fc from "fast-check";
import { called, comment, Expression } from "../../provider/import/code";

/** Runs what was written, with a function that gives back its arguments. */
const run = (text: string): unknown[] =>
  new Function("f", `"use strict"; let given; const call = (...args) => { given = args; }; ${text} return given;`)();

describe("the text of a program", () => {
  it("means the values that it was made of, whatever they are", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1, maxLength: 3 }), (values) => {
        // `-0` is 0 in JSON, where all values come from.
        const plain = JSON.parse(JSON.stringify(values));
        expect(run(called("call", plain))).toEqual(plain);
      }),
    );
  });

  it("keeps a key that would set a prototype", () => {
    const value = JSON.parse('{"__proto__": {"a": 1}}');
    expect(Object.getOwnPropertyNames(run(called("call", [value]))[0])).toEqual(["__proto__"]);
  });

  it.each([
    ["one line where it fits", [{ a: 1, b: ["x"] }], 'call({ a: 1, b: ["x"] });\n'],
    [
      "the last argument broken up",
      ["name", { long: "x".repeat(90), other: new Expression("acme.name") }],
      `call("name", {\n  long: "${"x".repeat(90)}",\n  other: acme.name,\n});\n`,
    ],
    [
      "a line for each argument where there are options",
      ["name", { long: "x".repeat(90) }, { dependsOn: [new Expression("a")] }],
      `call(\n  "name",\n  { long: "${"x".repeat(90)}" },\n  { dependsOn: [a] },\n);\n`,
    ],
  ])("has %s", (_what, args, text) => {
    expect(called("call", args)).toBe(text);
  });

  it("lets no text out of a comment", () => {
    expect(comment("a\nb\r\nc\u2028d")).toBe("// a\n// b\n// c\n// d\n");
  });
});
