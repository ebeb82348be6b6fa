import { defaultSwitches, parseSwitches } from "./switches";

describe("Selectel's switches", () => {
  it("are the defaults where nothing is given", () => {
    expect(parseSwitches()).toEqual(defaultSwitches);
    expect(parseSwitches({ gcPolls: 7, offset: "pages" })).toEqual({ ...defaultSwitches, gcPolls: 7, offset: "pages" });
  });

  it.each([
    [{ ofset: "pages" }, "no switch ofset"],
    [{ constructor: "pages" }, "no switch constructor"],
    [{ offset: "bytes" }, "offset is items or pages, not bytes"],
    [{ gcPolls: "2" }, "gcPolls is a number, not 2"],
    [{ deleteStartsGc: 1 }, "deleteStartsGc is a boolean, not 1"],
    ["pages", "an object of names and values"],
    [null, "an object of names and values"],
  ])("say what is wrong with %j", (given, message) => {
    expect(() => parseSwitches(given)).toThrow(message);
  });
});
