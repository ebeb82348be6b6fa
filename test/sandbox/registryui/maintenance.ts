import type { Operation } from "./call";
import { beginCollection, polled } from "./garbage-collection";
import { offline, Refusal } from "./refusal";
import { isOffline } from "./world";

export const askOffline: Operation = ({ world }) => {
  const value = isOffline(world);
  polled(world);
  switch (world.switches.offlineShape) {
    case "boolean":
      return { data: value };
    case "string":
      return { data: String(value) };
    case "offline":
      return { data: { offline: value } };
    case "isOffline":
      return { data: { isOffline: value } };
  }
};

export const setOffline: Operation = ({ world }) => {
  if (world.collection || (world.offline && world.switches.offlineTwice === "OFFLINE")) {
    polled(world);
    throw offline();
  }
  world.offline = true;
  return { data: true };
};

/** Not while garbage is collected: what is pushed meanwhile could be lost. */
export const setOnline: Operation = ({ world }) => {
  if (world.collection) {
    polled(world);
    throw new Refusal("Garbage collection is in progress.", 409);
  }
  world.offline = false;
  return { data: true };
};

/** "Has completed", says the answer: the call takes the registry offline, and lasts until it is online again. */
export const collectGarbage: Operation = async ({ world }) => {
  if (world.collection || (world.offline && world.switches.gcWhileOffline === "OFFLINE")) {
    polled(world);
    throw offline();
  }
  const { gcProxy, gcResult } = world.switches;
  const { finished } = beginCollection(world);
  if (gcProxy === "504") throw new GatewayTimeout();
  await finished;
  if (gcResult === "error" || gcResult === "stuck") throw new Refusal("Garbage collection failed: the registry exited with code 1.", 500);
  return { data: gcResult === "true" };
};

/** Thrown where not the server answers, but a proxy before it. */
export class GatewayTimeout extends Error {}
