/** What a terminal shows, as a picture: text with colours (SGR sequences) in, SVG out. The same text gives the same bytes. */

export interface Shot {
  /** Said to those who cannot see it. */
  readonly description: string;
  /** The command line, without the prompt. */
  readonly command: string;
  /** What it printed, with colours. */
  readonly output: string;
}

const size = { character: 7.83, line: 19, padding: 20, bar: 30 };
/** Longer lines are cut, with an ellipsis. */
const columns = 116;

const colours: Readonly<Record<number, string>> = {
  30: "#8b949e",
  31: "#ff7b72",
  32: "#7ee787",
  33: "#e3b341",
  34: "#79c0ff",
  35: "#d2a8ff",
  36: "#76e3ea",
  37: "#e6edf3",
  90: "#8b949e",
};

interface Style {
  readonly fill?: string;
  readonly bold?: boolean;
}

interface Piece extends Style {
  readonly text: string;
}

export function terminalSvg(shots: readonly Shot[]): string {
  const lines = shots.flatMap(({ command, output }, at) => [
    ...(at === 0 ? [] : [[]]),
    [
      { text: "$ ", fill: colours[90] },
      { text: command, bold: true },
    ],
    ...styled(output.trimEnd()),
  ]);
  const width = Math.round(columns * size.character + 2 * size.padding);
  const height = size.bar + lines.length * size.line + 2 * size.padding - 6;
  const description = escaped(shots.map((shot) => shot.description).join(" "));
  const dots = ["#ff5f56", "#ffbd2e", "#27c93f"].map((fill, at) => `<circle cx="${20 + at * 18}" cy="18" r="6" fill="${fill}"/>`).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="description">
  <desc id="description">${description}</desc>
  <rect width="${width}" height="${height}" rx="10" fill="#0d1117"/>
  ${dots}
  <g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" fill="#e6edf3" xml:space="preserve">
${lines.map((line, at) => row(line, size.bar + size.padding + (at + 0.5) * size.line)).join("\n")}
  </g>
</svg>
`;
}

function row(line: readonly Piece[], y: number): string {
  const pieces = line.map(({ text, fill, bold }) => {
    const attributes = `${fill ? ` fill="${fill}"` : ""}${bold ? ' font-weight="600"' : ""}`;
    return attributes === "" ? escaped(text) : `<tspan${attributes}>${escaped(text)}</tspan>`;
  });
  return `    <text x="${size.padding}" y="${y}">${pieces.join("")}</text>`;
}

/** The lines of a text, each in pieces of one style; styles go on over line ends, as in a terminal. */
function styled(text: string): Piece[][] {
  let style: Style = {};
  return text.split(/\r?\n/).map((line) => {
    const pieces: Piece[] = [];
    let left = columns;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is how colours are written
    for (const part of line.split(/(\u001b\[[0-9;]*m)/)) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
      const codes = /^\u001b\[([0-9;]*)m$/.exec(part)?.[1];
      if (codes !== undefined) {
        style = codes.split(";").reduce(turned, style);
        continue;
      }
      if (part === "" || left <= 0) continue;
      const shown = part.length > left ? `${part.slice(0, left - 1)}…` : part;
      left -= part.length;
      pieces.push({ ...style, text: shown });
    }
    return pieces;
  });
}

function turned(style: Style, code: string): Style {
  const number = Number(code);
  if (number === 0) return {};
  if (number === 1) return { ...style, bold: true };
  if (number === 22) return { fill: style.fill };
  if (number === 39) return { bold: style.bold };
  const fill = colours[number] ?? colours[number - 60];
  return fill === undefined ? style : { ...style, fill };
}

const escaped = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
