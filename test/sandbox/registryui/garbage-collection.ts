import type { Collection, World } from "./world";

/** How often the sandbox's clock is looked at while a request waits for the end of a collection. */
const LOOK_EVERY = 5;

/** Takes the registry offline until the collection is over; see the switches `gcPolls` and `gcDuration`. */
export function beginCollection(world: World): Collection {
  let over = () => {};
  const finished = new Promise<void>((resolve) => {
    over = resolve;
  });
  const until = world.clock.now().getTime() + world.switches.gcDuration;
  const timer = setInterval(() => settle(world), LOOK_EVERY).unref();
  const finish = () => {
    clearInterval(timer);
    world.collection = undefined;
    world.offline = world.switches.gcResult === "stuck";
    world.collectionsDone += 1;
    // As the registry's own command without `--delete-untagged`: blobs that no manifest names.
    world.store.collectGarbage();
    over();
  };
  const collection = { polls: world.switches.gcPolls, until, finish, finished };
  world.collection = collection;
  settle(world);
  return collection;
}

/** Counts one answer that told somebody that the registry is offline; the collection may be over after it. */
export function polled(world: World): void {
  if (!world.collection) return;
  world.collection.polls -= 1;
  settle(world);
}

/** Ends the collection whose time has come. */
export function settle(world: World): void {
  const { collection } = world;
  if (collection && (collection.polls <= 0 || world.clock.now().getTime() >= collection.until)) collection.finish();
}
