import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { UNKNOWN } from "./engine";
import { fixtureTarball } from "./fixture/scenario";
import { makeProgram, type Program } from "./program";
import { ProviderProcess } from "./provider-process";
import { type PropertyMap, SECRET_SIGNATURE, Secret, SIGNATURE, unknown } from "./values";

jest.setTimeout(60_000);

/** The real package's text has this form; it lies in users' state for ever. */
const CONSTANT = 'exports.handler=()=>require("acme-registry/provider");';
const URN = "urn:pulumi:dev::project::pulumi-nodejs:dynamic/acme:Repository::r";

describe.each(["oldest", "newest"] as const)("the dynamic provider of the %s SDK", (sdk) => {
  const scratch = mkdtempSync(path.join(tmpdir(), "provider-"));
  let program: Program;
  let provider: ProviderProcess;
  let printed = "";

  beforeAll(async () => {
    program = makeProgram({ files: { "index.js": "" }, tarball: fixtureTarball(scratch), sdk });
    const env = { ...process.env, ACME_CLOUD: path.join(scratch, "cloud.json") };
    const onOutput = (_stream: string, text: string) => {
      printed += text;
    };
    provider = await ProviderProcess.start({ cwd: program.dir, env, project: "project", node: process.execPath, onOutput });
    expect(await provider.configure({ "acme:region": "eu", "acme:apiToken": new Secret("t0") })).toEqual({
      acceptSecrets: false,
      supportsPreview: false,
    });
  });
  afterAll(async () => {
    await provider.close();
    program.remove();
    rmSync(scratch, { recursive: true, force: true });
  });

  const inline = (methods: string) => ({ __provider: `exports.handler=()=>({${methods}})` });
  const create = (methods: string, inputs: PropertyMap = {}) => provider.create(URN, { ...inputs, ...inline(methods) });

  it("runs a constant __provider through a whole life, secrets in clear inside and marked again outside", async () => {
    const news = { name: "a", token: new Secret("hunter2"), __provider: CONSTANT };
    const { inputs, failures } = await provider.check(URN, {}, news);
    expect(failures).toEqual([]);
    expect(inputs).toEqual({ ...news, visibility: "private" });
    const created = await provider.create(URN, inputs);
    expect(created).toMatchObject({
      id: "repo/a",
      outputs: { region: "eu", token: new Secret("hunter2"), serverToken: "srv-a", __provider: CONSTANT },
    });
    const old = { inputs, outputs: created.outputs };
    expect(await provider.diff(URN, created.id, old, inputs)).toMatchObject({ changes: false, replaces: [] });
    expect(await provider.diff(URN, created.id, old, { ...inputs, name: "b" })).toMatchObject({
      changes: undefined,
      replaces: ["name"],
      deleteBeforeReplace: false,
    });
    const updated = await provider.update(URN, created.id, old, { ...inputs, visibility: "public" });
    expect(updated.outputs).toMatchObject({ visibility: "public", token: new Secret("hunter2") });
    const read = await provider.read(URN, created.id, inputs, updated.outputs);
    expect(read).toMatchObject({
      id: "repo/a",
      outputs: { token: new Secret("hunter2") },
      inputs: { visibility: "public", token: new Secret("hunter2") },
    });
    await provider.delete(URN, created.id, { inputs, outputs: updated.outputs });
    expect(await provider.read(URN, created.id, inputs, updated.outputs)).toMatchObject({ id: "" });
    expect(readFileSync(path.join(scratch, "cloud.json"), "utf8")).toBe("{}");
  });

  it("gives check the unknown as the sentinel string", async () => {
    const echo = 'async check(o,n){return {inputs:n,failures:[{property:"name",reason:typeof n.name+" "+n.name}]}},async create(){}';
    const { inputs, failures } = await provider.check(URN, {}, { name: unknown, ...inline(echo) });
    expect(failures[0]?.reason).toBe(`string ${UNKNOWN}`);
    expect(inputs.name).toBe(unknown);
  });

  it("cannot answer an import, which tells it neither inputs nor state", async () => {
    await expect(provider.read(URN, "repo/a", undefined, undefined)).rejects.toThrow(
      /code must be a string|Cannot read properties of undefined/,
    );
  });

  it("returns errors of create without a stack and prints those of delete with one", async () => {
    printed = "";
    await expect(create('async create(){throw new Error("409 Conflict")}')).rejects.toThrow(/^409 Conflict$/);
    expect(printed).toBe("");
    const outputs = inline('async delete(){throw new Error("nope")},async create(){}');
    await expect(provider.delete(URN, "1", { inputs: {}, outputs })).rejects.toThrow("nope");
    for (let tries = 0; tries < 100 && printed === ""; tries++) await delay(10);
    expect(printed).toMatch(/nope[\s\S]*\n\s+at /);
  });

  it("packs an init failure with id, reasons and exactly the properties that were thrown", async () => {
    const failing =
      'async create(i){throw Object.assign(new Error("x"),{id:"half",properties:{name:i.name,token:i.token},reasons:["slow"]})}';
    await expect(create(failing, { name: "a", token: new Secret("s") })).rejects.toMatchObject({
      message: "1 error occurred:\n\t* slow\n\n",
      init: { id: "half", reasons: ["slow"], properties: { name: "a", token: new Secret("s") } },
    });
  });

  it("does not wait for a running configure() and forgets a failed one", async () => {
    const slow =
      "n:0,async configure(){await new Promise(r=>setTimeout(r,200));this.n=1},async create(){return {id:'1',outs:{configured:this.n}}}";
    const both = await Promise.all([create(slow), create(slow)]);
    expect(both.map(({ outputs }) => outputs.configured)).toEqual([1, 0]);
    const broken = "async configure(){throw new Error('no credentials')},async create(){return {id:'2'}}";
    await expect(create(broken)).rejects.toThrow("no credentials");
    expect((await create(broken)).id).toBe("2");
  });

  it.each([
    ["undefined", "undefined", /Unexpected struct type/],
    ["a nested undefined", "{a:undefined}", /Unexpected struct type/],
    ["a BigInt", "1n", /Unexpected struct type/],
    ["a Date", "new Date(0)", {}],
    ["NaN", "NaN", Number.NaN],
    ["null", "null", null],
    ["a secret envelope", `{"${SIGNATURE}":"${SECRET_SIGNATURE}",value:"x"}`, new Secret("x")],
  ])("makes of %s in the outputs what the reference says", async (_name, expression, expected) => {
    const work = create(`async create(){return {id:"1",outs:{x:${expression}}}}`);
    if (expected instanceof RegExp) await expect(work).rejects.toThrow(expected);
    else expect((await work).outputs.x).toEqual(expected);
  });
});
