import { readFileSync } from "node:fs";
import * as path from "node:path";
import { dtr } from "../../provider";
import { apiOperations } from "../registries/dtr/api-operations";
import { operationLines } from "./dtr-operations";
import { dtrOperationsPage, FILE, scriptsOnly } from "./dtr-table";
import { root } from "./program";

const lines = operationLines();
const shape = (route: string) => route.replace(/\{\w+\}/g, "{}");

describe("the table of Docker Trusted Registry's operations", () => {
  it("is what `npm run docs` makes of the sources", () => {
    expect(readFileSync(path.join(root, FILE), "utf8")).toBe(dtrOperationsPage());
  });

  it("has all 109 of the API's description", () => {
    const page = new Set(lines.map(({ route }) => shape(route)));
    expect(apiOperations).toHaveLength(109);
    expect(apiOperations.map(shape).filter((route) => !page.has(route))).toEqual([]);
    expect(dtrOperationsPage()).toContain("## The 109 operations of the API");
  });

  it("names a resource, a function or an action for each, or says why there is none", () => {
    expect(lines.flatMap(({ users, method }) => (users.length === 0 ? [method] : [])).sort()).toEqual(Object.keys(scriptsOnly).sort());
  });

  it("names only what there is, and every resource", () => {
    const named = new Set(lines.flatMap(({ users }) => users).filter((user) => user.startsWith("dtr.")));
    const exported = Object.keys(dtr);
    expect([...named].filter((user) => !exported.includes(user.slice(4)))).toEqual([]);
    const classes = exported.filter((name) => /^[A-Z]/.test(name) && name !== "Provider");
    expect(classes.filter((name) => !named.has(`dtr.${name}`))).toEqual([]);
  });
});
