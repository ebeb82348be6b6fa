import { PassThrough } from "node:stream";
import { z } from "zod";
import { inputNames as cleanupInputs } from "../../action/cleanup/declaration";
import { fieldsOf } from "../../action/cleanup/fields";
import { applyOptionNames, planOptionNames } from "../../action/command-line/cleanup-options";
import { type CommandNode, commandTree } from "../../action/command-line/command-tree";
import { connectionWith } from "../../action/command-line/credentials";
import { programOf } from "../../action/command-line/program";
import { tokenOptionNames } from "../../action/command-line/token-command";
import { words } from "../../action/command-line/words";
import { inputNames as tokenInputs } from "../../action/token/declaration";
import { fields as tokenFields } from "../../action/token/fields";
import { HELP } from "../sandbox/command-line";

const stream = new PassThrough();
const tree = commandTree(programOf({ stdout: stream, stderr: stream, env: {} }, async () => undefined));
const node = (...path: readonly string[]): CommandNode => {
  const found = tree.find((one) => one.path.join(" ") === path.join(" "));
  if (!found) throw new Error(`there is no command ${path.join(" ")}`);
  return found;
};
const flagsOf = (...path: readonly string[]) => node(...path).options.flatMap(({ flags }) => flags);

/** What a terminal has no use for, and what is a secret. */
const notOfPlan = ["password", "token", "dry-run", "apply-plan", "comment", "github-token", "run-gc"];

describe("the options", () => {
  it("of plan are the inputs of the action, but for those that make no sense there", () => {
    expect([...planOptionNames].sort()).toEqual(cleanupInputs.filter((name) => !notOfPlan.includes(name)).sort());
  });

  it.each<[string, readonly string[]]>([
    ["plan", planOptionNames],
    ["apply", applyOptionNames],
    ["token", tokenOptionNames],
  ])("of %s are there under the names of the inputs", (command, names) => {
    const flags = flagsOf(command);
    for (const name of names) expect(flags.some((flag) => flag === `--${name}` || flag === `--no-${name}`)).toBe(true);
  });

  it("of token are the inputs of the action, but for those that make no sense there", () => {
    const missing = tokenInputs.filter((name) => !tokenOptionNames.includes(name));
    expect(missing).toEqual(["password", "token", "login", "skip-token-revoke"]);
  });

  it("of no command are secrets", () => {
    expect(tree.length).toBeGreaterThan(7);
    for (const { path } of tree) for (const flag of flagsOf(...path)) expect(flag).not.toMatch(/^--(password|token|secret|.*-token)$/);
  });

  it("of sandbox are those of npm run sandbox", () => {
    const known = [...HELP.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, flag]) => flag);
    expect(flagsOf("sandbox").filter((flag) => flag.startsWith("--"))).toEqual(known);
  });
});

describe("the words that are offered", () => {
  const shapes: Readonly<Record<string, unknown>> = { ...tokenFields.shape, ...fieldsOf("glob", 0).shape };

  it.each(Object.entries(words))("for %s are those that are taken", (name, offered = []) => {
    const field = shapes[name];
    expect(field).toBeInstanceOf(z.ZodType);
    for (const word of offered) expect((field as z.ZodType).safeParse(word)).toMatchObject({ success: true });
    // `only` has nothing to do with a plan.
    if (field instanceof z.ZodEnum) expect([...offered].sort()).toEqual(field.options.filter((word) => word !== "only").sort());
  });
});

describe("credentials", () => {
  const given = { type: "dtr", registry: "dtr.example.com" };
  const own = { DTR_URL: "https://dtr.example.com", DTR_USERNAME: "ci", DTR_PASSWORD: "own" };

  it.each<[string, Parameters<typeof connectionWith>, object]>([
    ["nothing: Docker's own are for the core to find", [given, {}, {}], given],
    ["one set of the module's variables", [given, {}, own], { ...given, username: "ci", password: "own" }],
    [
      "the address of the module's variables, too",
      [{ type: "dtr" }, {}, own],
      { type: "dtr", registry: own.DTR_URL, username: "ci", password: "own" },
    ],
    [
      "what is meant for this command before them",
      [given, {}, { ...own, REGISTRY_PASSWORD: "meant" }],
      { ...given, username: "ci", password: "meant" },
    ],
    [
      "what is piped in before all",
      [given, { token: "piped" }, { ...own, REGISTRY_PASSWORD: "meant" }],
      { ...given, username: "ci", token: "piped" },
    ],
    ["nothing of another address", [{ ...given, registry: "other.example.com" }, {}, own], { ...given, registry: "other.example.com" }],
    ["the password of the same user", [{ ...given, username: "ci" }, {}, own], { ...given, username: "ci", password: "own" }],
    ["empty variables as unset", [given, {}, { REGISTRY_USERNAME: "", REGISTRY_TOKEN: "", DTR_PASSWORD: "" }], given],
    [
      "a token of oci without a user's name of the environment",
      [{ registry: "r.example.com" }, {}, { REGISTRY_TOKEN: "t", OCI_REGISTRY_USERNAME: "u" }],
      { registry: "r.example.com", token: "t" },
    ],
    [
      "Selectel's project by the name that is given, whatever the environment's is",
      [
        { type: "selectel", "project-name": "mine" },
        {},
        { SELECTEL_ACCOUNT_ID: "1", SELECTEL_USERNAME: "u", SELECTEL_PASSWORD: "p", INFRA_PROJECT_ID: "theirs" },
      ],
      { type: "selectel", "account-id": "1", username: "u", password: "p", "project-name": "mine" },
    ],
    [
      "a service user that is given before a token of the environment",
      [
        { type: "selectel", username: "u", "account-id": "1", "project-id": "2" },
        { password: "p" },
        { SELECTEL_TOKEN: "t", OS_TOKEN: "t" },
      ],
      { type: "selectel", username: "u", "account-id": "1", "project-id": "2", password: "p" },
    ],
  ])("are %s", (_, args, expected) => {
    expect(connectionWith(...args)).toEqual(expected);
  });

  it("of another user are not taken for a user who is given", () => {
    expect(() => connectionWith({ ...given, username: "admin" }, {}, own)).toThrow(/--username admin has no password/);
  });
});
