import { readFileSync } from "node:fs";
import * as path from "node:path";
import { policySchema } from "../../../provider/cleanup/policy/schema";
import { schemaFiles } from "../../docs/schemas";

const root = path.resolve(__dirname, "../../..");

describe("the published JSON schemas", () => {
  it.each(schemaFiles().map(({ file, text }) => [file, text]))("%s is what `npm run docs` makes of the sources", (file, text) => {
    expect(readFileSync(path.join(root, file), "utf8")).toBe(text);
  });

  it("describe every property of a policy, and let none in that is not known", () => {
    const bare: string[] = [];
    const open: string[] = [];
    const visit = (schema: unknown, at: string): void => {
      if (typeof schema !== "object" || schema === null) return;
      const { properties, items, additionalProperties } = schema as {
        properties?: object;
        items?: unknown;
        additionalProperties?: unknown;
      };
      if (properties && additionalProperties !== false) open.push(at);
      for (const [key, inner] of Object.entries(properties ?? {})) {
        const described = (one: unknown): boolean => typeof one === "object" && one !== null && "description" in one;
        if (!described(inner) && !described((inner as { items?: unknown }).items)) bare.push(`${at}.${key}`);
        visit(inner, `${at}.${key}`);
      }
      visit(items, `${at}[]`);
    };
    visit(policySchema(), "policy");
    expect({ bare, open }).toEqual({ bare: [], open: [] });
  });
});
