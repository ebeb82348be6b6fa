import { all } from "../rows";
import { row, type SandboxRow } from "../sandbox-row";
import { app, people, type World } from "../sandbox-world";
import { enziUser, organization } from "./answers";

const of = { organization: "team" };
const team = { ...of, team: "developers" };
const sync = {
  enableSync: true,
  selectGroupMembers: true,
  groupDN: "cn=dev",
  groupMemberAttr: "member",
  searchBaseDN: "",
  searchScopeSubtree: false,
  searchFilter: "",
};
const noSync = { ...sync, enableSync: false, selectGroupMembers: false, groupDN: "", groupMemberAttr: "" };
const teams = ["developers", "keepers", "operators", "readers", "viewers", "writers"];

const teamAnswer = (world: World, name: string, changed: Readonly<Record<string, unknown>> = {}) => ({
  id: world.teamId(name),
  orgID: world.accountId("team"),
  name,
  description: name === "developers" ? "They push." : "",
  membersCount: 1,
  ...changed,
});

const member = (world: World, name: string, isAdmin = false) => ({ member: enziUser(world, name), isAdmin, isPublic: false });
const members = ["dev", "keeper", "member", "ops", "owner", "reader", "viewer", "writer"];
const membership = { organization: "team", user: "member" };
const teamMembership = { ...team, user: "dev" };

const enziAccountRows: readonly SandboxRow[] = [
  row("enzi.accounts.list", {
    call: ({ client }) => all(client.enzi.accounts.list({ filter: "users", order: "-name" })),
    gives: (world) =>
      ["admin", ...people]
        .toSorted()
        .toReversed()
        .map((name) => enziUser(world, name)),
  }),
  row("enzi.accounts.list of organizations", {
    call: ({ client }) => all(client.enzi.accounts.list({ filter: "orgs", contains: "tea" })),
    gives: (world) => [organization(world, { onDemand: false })],
  }),
  row("enzi.accounts.create", {
    status: 201,
    call: ({ client }) =>
      client.enzi.accounts.create({ name: "new", isOrg: false, fullName: "The new", password: "long-enough", isAdmin: true }),
    gives: (world) => enziUser(world, "new", { isAdmin: true }),
    effect: async ({ as }) =>
      expect(await as({ username: "new", password: "long-enough" }).accounts.language()).toEqual({ language: "en" }),
  }),
  row("enzi.accounts.create of an organization", {
    status: 201,
    call: ({ client }) => client.enzi.accounts.create({ name: "other", isOrg: true }),
    gives: (world) => ({
      name: "other",
      id: world.accountId("other"),
      fullName: "",
      isOrg: true,
      onDemand: false,
      membersCount: 0,
      teamsCount: 0,
    }),
  }),
  row("enzi.accounts.get", {
    call: ({ client }) => client.enzi.accounts.get({ name: "team" }),
    gives: (world) => organization(world, { onDemand: false }),
  }),
  row("enzi.accounts.get by id", {
    arrange: ({ accountId }) => accountId("dev"),
    call: ({ client }, name) => client.enzi.accounts.get({ name }),
    gives: (world) => enziUser(world, "dev"),
  }),
  row("enzi.accounts.update", {
    call: ({ client }) => client.enzi.accounts.update({ name: "dev", isActive: false, fullName: "Gone" }),
    gives: (world) => enziUser(world, "dev", { isActive: false, fullName: "Gone" }),
    effect: ({ state, accountId }) => expect(state.world.accounts.get(accountId("dev"))).toMatchObject({ isActive: false, isAdmin: false }),
  }),
  row("enzi.accounts.delete", {
    status: 204,
    call: ({ client }) => client.enzi.accounts.delete({ name: "team" }),
    effect: ({ state }) => expect([...state.world.accounts.values()].some(({ name }) => name === "team")).toBe(false),
  }),
];

const memberRows: readonly SandboxRow[] = [
  row("enzi.members.list", {
    call: ({ client }) => all(client.enzi.members.list(of)),
    gives: (world) => members.map((name) => member(world, name, name === "owner")),
  }),
  row("enzi.members.get", {
    call: ({ client }) => client.enzi.members.get({ ...of, user: "owner" }),
    gives: (world) => member(world, "owner", true),
  }),
  row("enzi.members.set", {
    call: ({ client }) => client.enzi.members.set({ ...of, user: "stranger", isAdmin: true, isPublic: true }),
    gives: (world) => ({ member: enziUser(world, "stranger"), isAdmin: true, isPublic: true }),
    effect: async ({ client }) => expect((await client.enzi.members.get({ ...of, user: "stranger" })).isAdmin).toBe(true),
  }),
  row("enzi.members.delete", {
    status: 204,
    call: ({ client }) => client.enzi.members.delete(membership),
    effect: async ({ client }) => expect((await all(client.enzi.members.list(of))).length).toBe(members.length - 1),
  }),
  row("enzi.teams.list", {
    call: ({ client }) => all(client.enzi.teams.list(of)),
    gives: (world) => teams.map((name) => teamAnswer(world, name)),
  }),
  row("enzi.teams.create", {
    status: 201,
    call: ({ client }) => client.enzi.teams.create({ ...of, name: "testers", description: "They test." }),
    gives: (world) => teamAnswer(world, "testers", { description: "They test.", membersCount: 0 }),
  }),
  row("enzi.teams.get", {
    call: ({ client }) => client.enzi.teams.get(team),
    gives: (world) => teamAnswer(world, "developers"),
  }),
  row("enzi.teams.update", {
    call: ({ client }) => client.enzi.teams.update({ ...team, name: "engineers" }),
    gives: (world) => teamAnswer(world, "engineers", { description: "They push." }),
  }),
  row("enzi.teams.delete", {
    status: 204,
    call: ({ client }) => client.enzi.teams.delete(team),
    effect: async ({ client }) => {
      expect((await all(client.enzi.teams.list(of))).map(({ name }) => name)).toEqual(teams.slice(1));
      expect(await all(client.repositories.listTeamAccess(app))).toHaveLength(2);
    },
  }),
  row("enzi.teamMembers.list", {
    call: ({ client }) => all(client.enzi.teamMembers.list(team)),
    gives: (world) => [member(world, "dev")],
  }),
  row("enzi.teamMembers.get", {
    call: ({ client }) => client.enzi.teamMembers.get(teamMembership),
    gives: (world) => member(world, "dev"),
  }),
  row("enzi.teamMembers.set", {
    call: ({ client }) => client.enzi.teamMembers.set({ ...team, user: "stranger" }),
    gives: (world) => member(world, "stranger"),
    effect: async ({ client }) => expect((await client.enzi.members.get({ ...of, user: "stranger" })).isAdmin).toBe(false),
  }),
  row("enzi.teamMembers.delete", {
    status: 204,
    call: ({ client }) => client.enzi.teamMembers.delete(teamMembership),
    effect: async ({ client }) => expect(await all(client.enzi.teamMembers.list(team))).toEqual([]),
  }),
  row("enzi.memberSync.get", { call: ({ client }) => client.enzi.memberSync.get(team), gives: () => noSync }),
  row("enzi.memberSync.set", {
    call: ({ client }) =>
      client.enzi.memberSync.set({ ...team, enableSync: true, selectGroupMembers: true, groupDN: "cn=dev", groupMemberAttr: "member" }),
    effect: async ({ client }) => expect(await client.enzi.memberSync.get(team)).toEqual(sync),
  }),
  row("enzi.groupLink.get", { call: ({ client }) => client.enzi.groupLink.get(team), gives: () => ({}) }),
  row("enzi.groupLink.set", {
    call: ({ client }) => client.enzi.groupLink.set({ ...team, config: { groupName: "dev" } }),
    effect: async ({ client }) => expect(await client.enzi.groupLink.get(team)).toEqual({ groupName: "dev" }),
  }),
];

export const enziRows: readonly SandboxRow[] = [...enziAccountRows, ...memberRows];
