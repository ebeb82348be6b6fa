import { levelIn, reaches, repositoryOf } from "./access";
import { argument, type Call, flag } from "./call";
import { momentOf } from "./dates";
import { refusal } from "./errors";
import type { DtrEvent } from "./events-model";
import { page } from "./paging";
import { dateText, listed, type Route } from "./route";
import { pathOf } from "./world";

export const eventRoutes: readonly Route[] = [
  { method: "GET", path: "/api/v0/events", who: "admin", list: true, run: (call) => list(call, call.world.events) },
  {
    method: "GET",
    path: "/api/v0/repositories/{namespace}/{repository}/events",
    who: { repository: "read-only" },
    list: true,
    run: ofRepository,
  },
];

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Who pulls is the business of the repository's administrators alone. */
function ofRepository(call: Call) {
  const { world, principal } = call;
  const repository = repositoryOf(call, "read-only");
  const isAdmin = reaches(levelIn(world, principal, repository), "admin");
  const withPulls = isAdmin && !flag(call, "excludePull", false);
  const path = pathOf(repository);
  return list(
    call,
    world.events.filter((event) => event.repository === path && (withPulls || event.type !== "GET")),
  );
}

/** The newest first. */
function list(call: Call, events: readonly DtrEvent[]) {
  const { world } = call;
  const before = momentOf(call, "publishedBefore");
  const after = momentOf(call, "publishedAfter");
  const actor = argument(call, "actorId");
  if (actor !== undefined && !UUID.test(actor)) throw refusal("INVALID_PARAMETERS", `actorId is a UUID, not '${actor}'.`);
  const type = argument(call, "eventType");
  const objectType = world.switches.version === "2.6" ? undefined : argument(call, "objectType");
  const wanted = events
    .filter(({ publishedAt }) => (!before || publishedAt < before) && (!after || publishedAt > after))
    .filter((event) => (actor === undefined || event.actor === actor) && (type === undefined || event.type === type))
    .filter(({ object }) => objectType === undefined || object.type === objectType);
  const { items, headers } = page(call, wanted.toReversed(), ({ id }) => id, "given");
  const views = items.map((event) => ({ ...event, publishedAt: dateText(world, event.publishedAt) }));
  return { status: 200, headers, json: { events: listed(world, views) } };
}
