import * as fc from "fast-check";
import { CutArray, outputLimit } from "../../action/cleanup/cut";
import { outputNames } from "../../action/cleanup/declaration";
import { Results } from "../../action/cleanup/results";

describe("a JSON array of an output", () => {
  it("is a beginning of what there is, in at most so many bytes, and counts the rest", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), fc.integer({ min: 60, max: 300 }), (elements, limit) => {
        const array = new CutArray(limit);
        for (const element of elements) array.add({ element });
        const text = `${array}`;
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
        const found = JSON.parse(text);
        const last = found.at(-1);
        const shown = last?.truncated === undefined ? found : found.slice(0, -1);
        expect(shown).toEqual(elements.slice(0, shown.length).map((element) => ({ element })));
        expect(shown.length + (last?.truncated ?? 0)).toBe(elements.length);
      }),
    );
  });

  it("is cut at 256 KiB", () => {
    const array = new CutArray();
    for (let count = 0; count < 10_000; count++) array.add({ digest: "x".repeat(71) });
    const text = `${array}`;
    expect(text.length).toBeLessThanOrEqual(outputLimit);
    expect(text.length).toBeGreaterThan(outputLimit - 300);
    expect(JSON.parse(text).at(-1).truncated).toBeGreaterThan(0);
  });
});

describe("outputs", () => {
  it("are all there before anything is known, and no other", () => {
    const outputs = new Results((text) => text).outputs();
    expect(Object.keys(outputs)).toEqual(outputNames);
    expect(outputs).toEqual({
      "deleted-count": "0",
      "untagged-count": "0",
      "failed-count": "0",
      "kept-count": "0",
      "would-delete-count": "0",
      "bytes-freed": "0",
      changed: "false",
      deleted: "[]",
      failed: "[]",
      "plan-path": "",
      "report-path": "",
    });
  });
});
