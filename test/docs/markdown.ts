/** What the documentation tests need to know of a Markdown file. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { root } from "./program";

export interface Page {
  readonly file: string;
  readonly text: string;
}

export const page = (file: string): Page => ({ file, text: readFileSync(path.join(root, file), "utf8") });

/** Fenced blocks of a language, without the indentation that they have in a list. */
export function blocks({ text }: Page, language: string): string[] {
  return [...text.matchAll(/^([ \t]*)```(\S+)\n([\s\S]*?)^\1```$/gm)].flatMap(([, indent = "", found, body = ""]) =>
    found === language ? [body.replaceAll(new RegExp(`^${indent}`, "gm"), "")] : [],
  );
}

/** Targets of links and images within the project, with their anchors. */
export function links({ text }: Page): { target: string; anchor: string }[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [target = "", anchor = ""] = link.split("#", 2);
      return { target, anchor };
    });
}

/** Anchors that GitHub makes of a page's headings. */
export const anchors = ({ text }: Page): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

/** Scripts that are named as `npm run <script>`, `npm test` or `npm <script>`. */
export const scripts = ({ text }: Page): string[] => [
  ...new Set([...text.matchAll(/\bnpm (?:run (?:--silent )?([a-z:-]+)|(test))\b/g)].map(([, script, test]) => script ?? test ?? "")),
];

/** Names that look like environment variables: upper case, with an underscore. */
export const variables = ({ text }: Page): string[] => [...new Set(text.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? [])];

/** Inline code that begins with a folder of the project: `provider/http`. Placeholders (`<api>`) are left out. */
export const paths = ({ text }: Page): string[] =>
  [...text.matchAll(/`((?:provider|test|examples|\.github)\/[^`\s]*)`/g)]
    .map(([, found = ""]) => found)
    .filter((found) => !found.includes("<"));
