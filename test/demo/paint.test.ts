import { paintFor } from "./paint";

describe("colours", () => {
  it.each([
    ["on a terminal", { isTTY: true }, {}, true],
    ["not in a pipe", {}, {}, false],
    ["not where NO_COLOR is set", { isTTY: true }, { NO_COLOR: "1" }, false],
    ["where NO_COLOR is empty", { isTTY: true }, { NO_COLOR: "" }, true],
    ["not on a dumb terminal", { isTTY: true }, { TERM: "dumb" }, false],
  ])("%s", (_title, stream, env, coloured) => {
    expect(paintFor(stream, env)("red", "text")).toBe(coloured ? "\u001b[31mtext\u001b[39m" : "text");
  });
});
