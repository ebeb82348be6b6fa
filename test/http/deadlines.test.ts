import { setTimeout } from "node:timers/promises";
import { clearDeadline, type Deadline, setDeadline } from "../../provider/http/deadlines";

function deadline(name: string, late: string[]): Deadline {
  return {
    due: 0,
    expire() {
      late.push(`${name} ${this.due > 0 && performance.now() >= this.due ? "in time" : "too early"}`);
    },
  };
}

describe("deadlines", () => {
  it("expire each at its time, in whatever order they are set", async () => {
    const late: string[] = [];
    setDeadline(deadline("third", late), 25);
    setDeadline(deadline("first", late), 5);
    setDeadline(deadline("second", late), 15);
    await setTimeout(60);
    expect(late).toEqual(["first in time", "second in time", "third in time"]);
  });

  it("do not expire once they are cleared, and later when they are set again", async () => {
    const late: string[] = [];
    const [cleared, moved] = [deadline("cleared", late), deadline("moved", late)];
    setDeadline(cleared, 5);
    setDeadline(moved, 5);
    clearDeadline(cleared);
    setDeadline(moved, 20);
    await setTimeout(10);
    expect(late).toEqual([]);
    await setTimeout(40);
    expect(late).toEqual(["moved in time"]);
  });

  it("expire once", async () => {
    const late: string[] = [];
    setDeadline(deadline("one", late), 1);
    setDeadline(deadline("other", late), 10);
    await setTimeout(40);
    expect(late).toEqual(["one in time", "other in time"]);
  });

  it("may set others when they expire", async () => {
    const late: string[] = [];
    const next = deadline("next", late);
    setDeadline({ due: 0, expire: () => setDeadline(next, 2) }, 2);
    await setTimeout(30);
    expect(late).toEqual(["next in time"]);
  });
});
