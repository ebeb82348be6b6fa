import { oneAtATime } from "../../provider/resources/selectel/one-at-a-time";

const deferred = () => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { gate, open };
};
const never = new AbortController().signal;

describe("work in one registry", () => {
  it("is done one after the other, in the order in which it came, failures included", async () => {
    const order: string[] = [];
    const first = deferred();
    const runs = [
      oneAtATime("r", never, async () => {
        await first.gate;
        order.push("first");
        throw new Error("failed");
      }).catch(() => order.push("caught")),
      oneAtATime("r", never, async () => order.push("second")),
      oneAtATime("other", never, async () => order.push("elsewhere")),
    ];
    await new Promise(setImmediate);
    expect(order).toEqual(["elsewhere"]);
    first.open();
    await Promise.all(runs);
    expect(order).toEqual(["elsewhere", "first", "caught", "second"]);
  });

  it("is given up when its time is over, and that lets nobody pass by the one that still runs", async () => {
    const order: string[] = [];
    const first = deferred();
    const controller = new AbortController();
    const running = oneAtATime("r", never, () => first.gate.then(() => order.push("first")));
    const impatient = oneAtATime("r", controller.signal, async () => order.push("impatient")).catch((reason: unknown) => String(reason));
    const third = oneAtATime("r", never, async () => order.push("third"));
    controller.abort("late");
    expect(await impatient).toBe("late");
    await new Promise(setImmediate);
    expect(order).toEqual([]);
    first.open();
    await Promise.all([running, third]);
    expect(order).toEqual(["first", "third"]);
  });
});
