import * as fc from "fast-check";
import { changedPaths, ignoring } from "./diff";
import { type PropertyMap, Secret } from "./values";

describe("changedPaths", () => {
  it.each<[PropertyMap, PropertyMap, string[]]>([
    [{ a: 1 }, { a: 1 }, []],
    [{ a: 1 }, { a: 2, b: 1 }, ["a", "b"]],
    [{ a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 3 }, 4] } }, ["a.b[1].c", "a.b[2]"]],
    [{ a: new Secret({ b: 1 }) }, { a: new Secret({ b: 2 }) }, ["a.b"]],
    [{ a: new Secret(1) }, { a: 1 }, ["a"]],
    [{ a: [1] }, { a: { b: 1 } }, ["a"]],
  ])("%j -> %j", (before, after, paths) => {
    expect(changedPaths(before, after)).toEqual(paths);
  });
});

describe("ignoring", () => {
  it.each<[PropertyMap, PropertyMap, string[], PropertyMap]>([
    [{ a: 1, b: 1 }, { a: 2, b: 2 }, ["a"], { a: 1, b: 2 }],
    [{ b: 1 }, { a: 2, b: 1 }, ["a"], { b: 1 }],
    [{ a: 1 }, {}, ["a"], { a: 1 }],
    [{ a: { x: 1, y: 1 } }, { a: { x: 2, y: 2 } }, ["a.x"], { a: { x: 1, y: 2 } }],
    [{ a: 1 }, { a: { x: 2 } }, ["a.x"], { a: { x: 2 } }],
  ])("%j, %j without %j", (olds, news, paths, expected) => {
    expect(ignoring(olds, news, paths)).toEqual(expected);
  });

  it("all names ignored means nothing changes", () => {
    const map = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.integer(), { noNullPrototype: true });
    fc.assert(
      fc.property(map, map, (olds, news) => expect(ignoring(olds, news, [...Object.keys(olds), ...Object.keys(news)])).toEqual(olds)),
    );
  });
});
