import { runningClock, standingClock } from "./clock";

describe("clocks", () => {
  it("stand still until moved", () => {
    const clock = standingClock(new Date("2026-03-01T00:00:00Z"));
    expect(clock.now()).toEqual(clock.now());
    clock.advance(1_000);
    expect(clock.now().toISOString()).toBe("2026-03-01T00:00:01.000Z");
    clock.set(new Date("2020-01-01T00:00:00Z"));
    expect(clock.now().toISOString()).toBe("2020-01-01T00:00:00.000Z");
  });

  it("or run with the machine's, shifted", () => {
    let machine = Date.parse("2026-03-01T00:00:00Z");
    const clock = runningClock(() => machine);
    clock.advance(60_000);
    machine += 1_000;
    expect(clock.now().toISOString()).toBe("2026-03-01T00:01:01.000Z");
    clock.set(new Date("2030-01-01T00:00:00Z"));
    machine += 2_000;
    expect(clock.now().toISOString()).toBe("2030-01-01T00:00:02.000Z");
  });
});
