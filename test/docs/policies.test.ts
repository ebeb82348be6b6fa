import { existsSync } from "node:fs";
import * as path from "node:path";
import ts from "typescript";
import { rules } from "../../provider/policies";
import { table } from "../../provider/policies/table";
import { anchors, links, page, paths } from "./markdown";
import { note, POLICIES_FILE, policiesPage } from "./policies";
import { find, root } from "./program";

const written = page(POLICIES_FILE);

describe("the table of policy rules", () => {
  it("is what `npm run docs` makes of the sources", () => {
    expect(written.text).toBe(policiesPage());
  });

  it.each(Object.entries(table))("has all of %s: name, level, severity, what, settings, remediation, messages", (key, rule) => {
    const row = written.text.split("\n").find((line) => line.startsWith(`| [\`${rule.name}\`](#${rule.name}) `)) ?? "";
    for (const part of [rule.level, rule.severity, rule.description, rule.remediation ?? ""]) expect(row).toContain(part);
    const [, after = ""] = written.text.split(`\n## ${rule.name}\n`);
    const section = after.split("\n## ")[0] ?? "";
    expect(section).toContain(`\`${key}\``);
    for (const setting of Object.keys(rule.configuration)) expect(section).toContain(`| \`${setting}\` |`);
    for (const message of Object.values(rule.messages)) expect(section).toContain(message.replaceAll("|", "\\|"));
    for (const type of rule.types) expect(section).toContain(`\`${type.replace(":", ".")}\``);
  });

  it("has no note of a rule that is not there", () => {
    expect(Object.keys(note).filter((name) => !rules.some((rule) => rule.name === name))).toEqual([]);
  });

  it("stands in the settings with the same words", () => {
    const source = ts.createSourceFile("settings.ts", page("provider/policies/settings.ts").text, ts.ScriptTarget.ES2022, true);
    const declared = [...find(source, ts.isInterfaceDeclaration)].find(({ name }) => name.text === "PolicySettings");
    const docs = (declared?.members ?? []).map((member) => [
      member.name?.getText(),
      ts
        .getJSDocCommentsAndTags(member)
        .map((doc) => ts.getTextOfJSDocComment(doc.comment))
        .join(" "),
    ]);
    expect(Object.fromEntries(docs)).toEqual(Object.fromEntries(Object.entries(table).map(([key, { description }]) => [key, description])));
  });
});

describe.each([POLICIES_FILE, "examples/policy-pack/README.md"])("%s", (file) => {
  it("links to what is there and names files that exist", () => {
    const found = page(file);
    const broken = links(found).filter(({ target, anchor }) => {
      const at = target === "" ? file : path.posix.join(path.posix.dirname(file), target);
      return !existsSync(path.join(root, at)) || (anchor !== "" && !anchors(page(at)).includes(anchor));
    });
    expect(broken).toEqual([]);
    expect(paths(found).filter((named) => !existsSync(path.join(root, named)))).toEqual([]);
  });
});
