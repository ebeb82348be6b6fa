import { defaultSwitches, parseSwitches } from "./switches";

describe("RegistryUI's switches", () => {
  it("are the defaults where nothing is given", () => {
    expect(parseSwitches()).toEqual(defaultSwitches);
    expect(parseSwitches({ gcPolls: 7, siblings: "kept" })).toEqual({ ...defaultSwitches, gcPolls: 7, siblings: "kept" });
  });

  it.each([
    [{ sibling: "kept" }, "no switch sibling"],
    [{ constructor: "kept" }, "no switch constructor"],
    [{ siblings: "some" }, "siblings is deleted or kept, not some"],
    [{ gcPolls: "2" }, "gcPolls is a number, not 2"],
    [{ publicApi: 1 }, "publicApi is a boolean, not 1"],
  ])("say what is wrong with %j", (given, message) => {
    expect(() => parseSwitches(given)).toThrow(message);
  });
});
