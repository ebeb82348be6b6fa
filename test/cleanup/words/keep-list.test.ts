import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { keepListLimit, readKeepList } from "../../../provider/cleanup/policy/keep-list";
import { PolicyError } from "../../../provider/cleanup/policy/policy-error";

const registry = "registry.example.com:5000";
const a = `sha256:${"a".repeat(64)}`;
const b = `sha256:${"b".repeat(64)}`;

const inFiles = (files: Readonly<Record<string, string | Uint8Array>>, name = registry) =>
  readKeepList({
    keepList: Object.keys(files),
    registry: name,
    workspace: "/work",
    readFile: async (file) => {
      const content = files[path.relative("/work", file)];
      if (content === undefined) throw new Error(`no ${file}`);
      return typeof content === "string" ? Buffer.from(content) : content;
    },
  });
const inFile = async (file: string, content: string | Uint8Array, name = registry) => (await inFiles({ [file]: content }, name)).keep;
const digests = (keepDigests: string | readonly string[]) => readKeepList({ keepDigests, registry, workspace: "/work" });

const nothing = { digests: [], references: [] };

describe("keep-digests", () => {
  it("takes digests for every repository and references of this registry", async () => {
    const { keep, warnings } = await digests(`${a}, ${registry}/team/app:1.0\n${registry}/app@${b}\n# note\nteam/other:2`);
    expect(keep).toEqual({
      digests: [a],
      references: [
        { repository: "app", digest: b },
        { repository: "team/app", tag: "1.0" },
        { repository: "team/other", tag: "2" },
      ],
    });
    expect(warnings).toEqual([]);
  });

  it("warns of references of other registries", async () => {
    const { keep, warnings } = await digests(["ghcr.io/team/app:1.0"]);
    expect(keep).toEqual(nothing);
    expect(warnings).toEqual([`keepDigests: ghcr.io/team/app:1.0 is of another registry than ${registry} and keeps nothing.`]);
  });

  it.each(["latest", "team/app", "sha256:abc", "Team/App:1", "a b"])("refuses %j", async (text) => {
    await expect(digests([text])).rejects.toThrow(PolicyError);
    await expect(digests([text])).rejects.toThrow("neither a digest");
  });
});

describe("every image reference in a file counts", () => {
  it.each<[string, string]>([
    ["stack.json", JSON.stringify({ outputs: { images: [{ x: `${registry}/team/app:1.0` }], digest: a }, [`${registry}/app@${b}`]: 1 })],
    ["escaped.json", `{"image":"${registry}\\/team\\/app:1.0","d":["${a}","\\u0072egistry.example.com:5000/app@${b}"]}`],
    ["lines.json", `{"i":"${registry}/team/app:1.0"}\n{"i":"${a}"}\n"${registry}/app@${b}"\n`],
    ["pods", JSON.stringify({ items: [{ image: `${registry}/team/app:1.0`, imageID: `docker-pullable://${registry}/app@${b}` }, a] })],
    [
      "manifests.yaml",
      `image: ${registry}/team/app:1.0\n---\nspec:\n  containers:\n    - { image: "${registry}/app@${b}" }\n---\nannotations:\n  last: |\n    {"x":"${a}"}\n`,
    ],
    ["nested.json", JSON.stringify({ text: JSON.stringify({ image: `${registry}/team/app:1.0`, other: [`${registry}/app@${b}`, a] }) })],
    ["list.txt", `${registry}/team/app:1.0 # production\n"${registry}/app@${b}",\n(${a})\n`],
    ["args.yml", `args: ["--image=${registry}/team/app:1.0", "oci://${registry}/app@${b}"]\nd: ${a}`],
    ["urns.txt", `urn:pulumi:dev::p::docker:Image::${registry}/team/app:1.0\nhttps://${registry}/app@${b}\n${a}.`],
  ])("%s", async (file, text) => {
    expect(await inFile(file, text)).toEqual({
      digests: [a],
      references: [
        { repository: "app", digest: b },
        { repository: "team/app", tag: "1.0" },
      ],
    });
  });

  it("keeps tag and digest where both are named", async () => {
    expect((await inFile("x", `${registry}/app:1@${a}`)).references).toEqual([{ repository: "app", tag: "1", digest: a }]);
  });

  it("takes a reference of this registry without tag for latest, as Docker does", async () => {
    expect((await inFile("x", `image: ${registry}/team/app`)).references).toEqual([{ repository: "team/app", tag: "latest" }]);
  });

  it("takes references without a host for this registry's, in JSON and YAML only those with a path or digest", async () => {
    expect((await inFile("x.txt", "app:1.0 team/app:2.0 word team/app")).references).toEqual([
      { repository: "app", tag: "1.0" },
      { repository: "team/app", tag: "2.0" },
    ]);
    expect((await inFile("x.yml", `at: "12:30"\nimage: team/app:2.0\nother: app@${a}`)).references).toEqual([
      { repository: "app", digest: a },
      { repository: "team/app", tag: "2.0" },
    ]);
  });

  it("reads what PowerShell writes", async () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`${registry}/app:1`, "utf16le")]);
    expect((await inFile("x.txt", bytes)).references).toEqual([{ repository: "app", tag: "1" }]);
  });

  it.each([
    [
      "docker.io",
      "nginx:1.25 docker.io/library/nginx:1.26 index.docker.io/team/app:1",
      ["library/nginx:1.25", "library/nginx:1.26", "team/app:1"],
    ],
    ["registry.example.com", "registry.example.com:443/app:1 REGISTRY.example.com/app:2", ["app:1", "app:2"]],
    ["localhost:5000", "127.0.0.1:5000/app:1 localhost:5000/app:2 [::1]:5000/app:3 localhost:5001/app:4", ["app:1", "app:2", "app:3"]],
    ["example.com/registry", "example.com/registry/team/app:1", ["registry/team/app:1", "team/app:1"]],
    ["cr.selcloud.ru", "cr.selcloud.ru/my-registry/team/app:1", ["my-registry/team/app:1"]],
  ])("knows %s by its other names", async (name, text, found) => {
    expect((await inFile("x.txt", text, name)).references.map(({ repository, tag }) => `${repository}:${tag}`)).toEqual(found);
  });
});

describe("what is said of files", () => {
  it("one that names nothing is warned of, others are noted, other registries' images are counted", async () => {
    const { warnings, notes } = await inFiles({
      "empty.txt": "",
      "other.json": JSON.stringify(["ghcr.io/a/b:1", "quay.io/c@sha256:".concat("c".repeat(64))]),
      "good.txt": `${registry}/app:1 ${a} ghcr.io/a/b:1`,
    });
    expect(warnings).toEqual([
      `keepList: empty.txt names no image of ${registry} and no digest.`,
      `keepList: other.json names no image of ${registry} and no digest; 2 of other registries do not count.`,
    ]);
    expect(notes).toEqual(["keepList: good.txt names 1 images and 1 digests; 1 of other registries do not count."]);
  });

  it.each([
    ["cut.json", `{"image":"${registry}/app:1`, "is broken JSON"],
    ["cut", `{"image":"${registry}/app:1`, "is broken JSON"],
    ["empty.json", "", "is broken JSON"],
    ["template.yaml", "image: {{ .Values.image }}\n  x: [", "is broken YAML"],
    [
      "bomb.yaml",
      `${"a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e]\n"}`,
      "is broken YAML",
    ],
  ])("%s is an error, since half a list keeps half", async (file, text, message) => {
    await expect(inFile(file, text)).rejects.toThrow(PolicyError);
    await expect(inFile(file, text)).rejects.toThrow(message);
    await expect(inFile(file, text)).rejects.toThrow("nothing goes");
  });

  it("one that is too large is an error", async () => {
    await expect(inFile("x", new Uint8Array(keepListLimit + 1))).rejects.toThrow("at most");
  });

  it("one that cannot be read is an error that names it; relative paths start at the workspace", async () => {
    const workspace = await mkdtemp(path.join(tmpdir(), "keep-list-"));
    try {
      await writeFile(path.join(workspace, "images.txt"), `${registry}/app:1`);
      const read = (keepList: string) =>
        readKeepList({ keepList, registry, workspace, name: (key) => (key === "keepList" ? "keep-list" : key) });
      expect((await read("images.txt")).keep.references).toEqual([{ repository: "app", tag: "1" }]);
      expect((await read(path.join(workspace, "images.txt"))).keep.references).toHaveLength(1);
      await expect(read("images.txt, missing.txt")).rejects.toThrow(/^keep-list: the file missing\.txt cannot be read/);
      await expect(read(".")).rejects.toThrow("cannot be read");
    } finally {
      await rm(workspace, { recursive: true });
    }
  });
});
