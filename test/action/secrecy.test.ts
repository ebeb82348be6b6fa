import { readFileSync } from "node:fs";
import { maskedForms } from "../../action/secrets";
import type { Sandbox } from "../sandbox";
import { push } from "../sandbox/images";
import { type FakeGitHub, startFakeGitHub } from "./fake-github";
import { type Done, Runner } from "./process";
import { access, app, password, startRegistry, username } from "./registry";

let sandbox: Sandbox;
let github: FakeGitHub;
let runner: Runner;

const token = "ghs_Sup3rSecret";
const event = { pull_request: { number: 7 } };
const rules = {
  repositories: "team/*",
  "delete-tags": "*",
  "min-keep": "0",
  "max-deletions-percent": "100",
  comment: "true",
  "github-token": token,
};

beforeEach(async () => {
  sandbox = await startRegistry();
  github = await startFakeGitHub({ token });
  runner = new Runner();
});
afterEach(async () => {
  runner.remove();
  await github.close();
  await sandbox.close();
});

const run = (inputs: Readonly<Record<string, string>>) =>
  runner.run({ inputs: { ...access(sandbox), ...rules, ...inputs }, event, env: { GITHUB_API_URL: github.url } });

/** Everything that a run leaves: what the runner hides from the log is not in it. */
function everything({ stdout, stderr, outputs, summary }: Done): string {
  const log = stdout.replace(/^::add-mask::.*$/gm, "");
  const files = [outputs["plan-path"], outputs["report-path"]].filter((file) => file).map((file) => readFileSync(file ?? "", "utf8"));
  return [log, stderr, JSON.stringify(outputs), summary, ...files, ...github.comments.map(({ body }) => body)].join("\n");
}

describe("secrets", () => {
  const forms = [...maskedForms({ username, password }), ...maskedForms({ token })];

  it("are in nothing that a run leaves, be it good or bad", async () => {
    const good = await run({ "dry-run": "false" });
    expect(good.outputs.changed).toBe("true");
    sandbox.control.inject({
      api: "oci",
      path: "_catalog",
      times: 9,
      fault: { kind: "status", status: 403, body: `you are ${username}:${password}, ${token}` },
    });
    const bad = await run({ "dry-run": "false" });
    const wrong = await run({ username: "", token: password, "dry-run": password });
    for (const done of [good, bad, wrong]) for (const form of forms) expect(everything(done)).not.toContain(form);
    expect([good.code, bad.code, wrong.code]).toEqual([0, 1, 1]);
  });

  it("are masked before anything else is written", async () => {
    const { stdout } = await run({});
    const lines = stdout.split("\n");
    const masks = lines.filter((line) => line.startsWith("::add-mask::"));
    expect(lines.slice(0, masks.length)).toEqual(masks);
    const unescaped = masks.map((line) =>
      line.slice("::add-mask::".length).replaceAll("%0A", "\n").replaceAll("%0D", "\r").replaceAll("%25", "%"),
    );
    expect(unescaped.sort()).toEqual([...new Set(forms)].sort());
  });
});

describe("names that a hostile registry gives", () => {
  const odd = [
    "::error::pwned",
    "x\n::set-output name=deleted-count::9",
    "a##[error]pwned",
    "b\r\n::add-mask::e",
    "<img src=x>",
    "p|q",
    "\u001b[2Jc",
    "@octocat",
    "```d",
  ];
  const commands = new Set(["add-mask", "group", "endgroup", "warning", "error"]);

  it.each([
    ["tags", (name: string) => ({ repository: "team/app", tag: name })],
    ["repositories", (name: string) => ({ repository: `team/${name}`, tag: "v1" })],
  ])("are no workflow commands, no Markdown and no HTML: %s", async (_, place) => {
    for (const [at, name] of odd.entries()) {
      const { repository, tag } = place(name);
      push(sandbox.store, repository, tag, app(1 + at, `odd ${at}`));
    }
    for (const dryRun of ["true", "false"]) {
      const done = await run({ "dry-run": dryRun });
      for (const line of done.stdout.split("\n")) {
        const [, command] = /^\s*::([a-z-]+)/.exec(line) ?? [];
        if (command !== undefined) expect(commands).toContain(command);
        expect(line).not.toMatch(/##\[|[\p{Cc}]/u);
        expect(line).not.toMatch(/^\s*::(?:error|warning|add-mask)::(?:pwned|e$)/);
      }
      const shown = done.summary + github.comments.map(({ body }) => body).join("\n");
      expect(shown).not.toMatch(/<(?!\/?(?:code|details|summary)>|!-- registry-as-code)/);
      expect(shown).not.toMatch(/^```(?!mermaid$|$)/m);
      expect(shown).not.toContain("@octocat");
      expect(done.outputs["deleted-count"]).toMatch(/^\d+$/);
      expect(Object.keys(done.outputs)).toHaveLength(11);
    }
  });
});
