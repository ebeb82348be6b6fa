import { terminalSvg } from "./terminal-svg";

const picture = (output: string) => terminalSvg([{ description: "A <test>", command: "run", output }]);
const texts = (svg: string) => [...svg.matchAll(/<text [^>]*>(.*)<\/text>/g)].map(([, text]) => text);

describe("a picture of a terminal", () => {
  it("has the prompt, the command and every line, with their colours", () => {
    expect(texts(picture("plain\n\u001b[32mgreen \u001b[1mbold\u001b[0m end\n\u001b[31mred\nstill\u001b[39m not\n"))).toEqual([
      '<tspan fill="#8b949e">$ </tspan><tspan font-weight="600">run</tspan>',
      "plain",
      '<tspan fill="#7ee787">green </tspan><tspan fill="#7ee787" font-weight="600">bold</tspan> end',
      '<tspan fill="#ff7b72">red</tspan>',
      '<tspan fill="#ff7b72">still</tspan> not',
    ]);
  });

  it("cuts long lines, escapes what means something in XML, and says what it shows", () => {
    const svg = picture(`<a & b>\n${"x".repeat(300)}`);
    expect(texts(svg)[1]).toBe("&lt;a &amp; b&gt;");
    expect(texts(svg)[2]).toBe(`${"x".repeat(115)}…`);
    expect(svg).toContain('<desc id="description">A &lt;test&gt;</desc>');
  });
});
