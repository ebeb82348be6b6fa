import type { Found } from "../../provider/import/found";
import { Survey } from "../../provider/import/survey";

const tag = (id: string): Found => ({ kind: "Tag", id, label: id, section: { rank: 0, title: "team/" } });

describe("a survey", () => {
  it("takes hundreds of thousands of objects, each once", () => {
    const survey = new Survey({}, new Set(["Tag"]));
    for (let at = 0; at < 300_000; at++) survey.add(tag(`team/app:${at}`));
    survey.add(tag("team/app:7"));
    survey.unique();
    expect(survey.found).toHaveLength(300_000);
  });

  it.each<readonly [include: readonly string[], names: readonly string[], unmatched: readonly string[]]>([
    [["team/app", "tema/*", "!old/*"], ["team/app", "team/web"], ["tema/*"]],
    [["team/*"], ["team/app"], []],
    [["!team/*"], ["web"], []],
    [["team/app"], [], ["team/app"]],
    [["CI?token", "jane?example.com"], ["CI token", "jane@example.com"], []],
    [[], [], []],
  ])("of %j that meets %j knows that nothing matches %j", (include, names, unmatched) => {
    const survey = new Survey({ include }, new Set(["Tag"]));
    for (const name of names) survey.add(tag(name));
    expect(survey.unmatched()).toEqual(unmatched);
  });
});
