import { defaultSwitches, parseSwitches } from "./switches";

describe("switches", () => {
  it("take their own defaults", () => {
    expect(parseSwitches({ ...defaultSwitches })).toEqual(defaultSwitches);
  });

  it.each(Object.entries(defaultSwitches))("%s (default %j) takes nothing of another kind", (name, value) => {
    expect(() => parseSwitches({ [name]: typeof value === "boolean" ? "yes" : true })).toThrow(`switch ${name} is`);
  });

  it("refuse a word that is none of theirs", () => {
    expect(() => parseSwitches({ deleteAbsent: "410" })).toThrow("DTR's switch deleteAbsent is 204 or 404, not 410.");
  });
});
