import type { Section } from "../found";

export const contentCaches: Section = { rank: 0, title: "Content caches" };
export const users: Section = {
  rank: 1,
  title: "Users",
  remark:
    "Nobody can read a password, so these keep the ones that they have: a user without `password` here is managed in everything else.",
};
export const namespace = (name: string): Section => ({ rank: 2, title: `Namespace ${name}` });
/** After all namespaces, because it leads from one to another. */
export const promotion: Section = { rank: 3, title: "Promotion between repositories" };
export const allEvents: Section = { rank: 4, title: "Webhooks for everything" };
export const tokens: Section = {
  rank: 5,
  title: "Access tokens",
  remark: [
    "The server tells a token's secret only when it makes it: `token` and `dockerConfigJson` of these are empty.",
    "If you log in with one of them, take it out before the import, here and in the import file: its end would be that of your login.",
  ].join("\n"),
};
export const background: Section = {
  rank: 6,
  title: "Schedules and background work",
  remark:
    "The end of a Cron or an ActionConfig deletes it on the server, also one that the server came with: what must stay needs `retainOnDelete`.",
};
export const overrides: Section = { rank: 7, title: "Vulnerabilities that do not count" };
export const settings: Section = { rank: 8, title: "Settings of the registry" };
