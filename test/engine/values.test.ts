import * as fc from "fast-check";
import { passphraseCrypter } from "./passphrase";
import { fromDeployment, newState, toDeployment } from "./state";
import {
  annotateSecrets,
  changedKeys,
  containsSecrets,
  decode,
  encode,
  fromStruct,
  type PropertyMap,
  reveal,
  Secret,
  same,
  toStruct,
  unknown,
  type Value,
} from "./values";

const key = fc.stringMatching(/^[a-z]{1,5}$/);
const { tree } = fc.letrec<{ tree: Value; map: PropertyMap }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.string(),
    fc.constant(unknown),
    fc.array(tie("tree"), { maxLength: 3 }),
    tie("map"),
    tie("tree").map((value) => new Secret(value)),
  ),
  map: fc.dictionary(key, tie("tree"), { maxKeys: 4, noNullPrototype: true }),
}));
const map = fc.dictionary(key, tree, { maxKeys: 5, noNullPrototype: true });

describe("values", () => {
  it("come back from the wire as they were sent", () => {
    fc.assert(fc.property(tree, (value) => expect(decode(encode(value))).toEqual(value)));
    fc.assert(fc.property(map, (value) => expect(fromStruct(toStruct(value))).toEqual(value)));
  });

  it("lose every secret mark, and nothing else, on their way to a provider", () => {
    fc.assert(
      fc.property(map, (value) => {
        const received = fromStruct(toStruct(value, { secrets: false })) ?? {};
        expect(containsSecrets(received)).toBe(false);
        expect(encode(received, reveal)).toEqual(encode(value, reveal));
      }),
    );
  });

  it("come back from the state file as they were, and no secret text is in the file", () => {
    const crypter = passphraseCrypter("correct horse");
    fc.assert(
      fc.property(map, fc.uuid(), (inputs, text) => {
        const state = newState({ urn: "u", type: "t", inputs, outputs: { nested: [{ token: new Secret(text) }] } });
        const file = JSON.stringify(toDeployment(state, crypter));
        expect(file).not.toContain(text);
        expect(fromDeployment(JSON.parse(file), crypter)).toEqual(state);
      }),
    );
  });

  it("are the same only with the same secretness, and null is as good as absence", () => {
    expect(same(new Secret("x"), "x")).toBe(false);
    expect(same({ a: null }, {})).toBe(true);
    expect(changedKeys({ a: 1, b: { c: [1] }, d: null }, { a: 1, b: { c: [2] }, e: 1 })).toEqual(["b", "e"]);
  });

  it("are marked secret where the same name went in as a secret, deep in maps, whole in lists", () => {
    const outputs: PropertyMap = { token: "x", list: ["y"], deep: { key: "z", open: 1 }, other: "x" };
    annotateSecrets(outputs, { token: new Secret("x"), list: [new Secret("y")], deep: { key: new Secret("z") } });
    expect(outputs).toEqual({ token: new Secret("x"), list: new Secret(["y"]), deep: { key: new Secret("z"), open: 1 }, other: "x" });
  });
});

describe("the passphrase crypter", () => {
  it("opens what it closed, with the salt alone, and nothing else", () => {
    const crypter = passphraseCrypter("a");
    const sealed = crypter.encrypt("text");
    expect(crypter.encrypt("text")).toBe(sealed);
    expect(passphraseCrypter("a", crypter.salt).decrypt(sealed)).toBe("text");
    expect(() => passphraseCrypter("b", crypter.salt).decrypt(sealed)).toThrow();
    expect(() => crypter.decrypt("text")).toThrow("not a ciphertext");
  });

  it("reads what Pulumi 3.259 wrote", () => {
    const crypter = passphraseCrypter("p", "v1:lnk71DR8QXk=:v1:71jzLs35r61U9yPr:/HDRHr37dr1gg/HwPi8SeizjMF4CWQ==");
    expect(crypter.decrypt("v1:P4EcLuCex9UIRPt9:R8sHI0KLs8ZpPxeZEp2teXiBdaMtU22bqQ==")).toBe('"hunter2"');
    expect(crypter.decrypt("v1:VwwII3UWHdwfHPf6:Q0naYAs4EArjQjFwM0K8PXg=")).toBe("x");
  });
});
