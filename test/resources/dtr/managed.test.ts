import * as fc from "fast-check";
import { fromWire, type LdapSync, sameSync, toWire } from "../../../provider/resources/dtr/team-sync";
import { declare, refreshed } from "./lifecycle-of";
import { startWorld } from "./world";

const settings = fc.record(
  {
    shortDescription: fc.constantFrom("", "one", "two"),
    longDescription: fc.constantFrom("", "# one", "# two"),
    visibility: fc.constantFrom("public", "private"),
    scanOnPush: fc.boolean(),
    immutableTags: fc.boolean(),
    tagLimit: fc.constantFrom(0, 1, 5),
  },
  { requiredKeys: [] },
);
/** The server knows no tag limit of immutable repositories. */
const possible = ({ immutableTags, tagLimit }: { immutableTags?: boolean; tagLimit?: number }) => !immutableTags || !tagLimit;

describe("whatever a program declares of a repository, and whatever is changed by hand", () => {
  it("refresh and `up` bring back what is declared, leave alone what is not, and end in a state that needs nothing", async () => {
    const world = await startWorld({ organizations: { team: {} } });
    let count = 0;
    try {
      await fc.assert(
        fc.asyncProperty(settings.filter(possible), settings, settings.filter(possible), async (first, byHand, then) => {
          count += 1;
          const place = { namespace: "team", name: `app${count}` };
          const path = `team/${place.name}`;
          const resource = world.one("dtr:Repository", path);
          const state = await declare(resource, { ...place, ...first });
          const { immutableTags } = world.dtr.state.repository(path);
          const changed = { immutableTags, ...byHand };
          await world.api("PATCH", `/api/v0/repositories/${path}`, changed);
          const found = { ...world.dtr.state.repository(path) };
          const now = await declare(resource, { ...place, ...then }, await refreshed(resource, state));
          const { visibility = "private", ...declared } = then;
          expect(world.dtr.state.repository(path)).toEqual({ ...found, visibility, ...declared });
          world.forget();
          expect((await resource.up({ ...place, ...then }, await refreshed(resource, now))).step).toBe("same");
          expect(world.writes()).toEqual([]);
        }),
        { numRuns: 60 },
      );
    } finally {
      await world.close();
    }
  });
});

describe("the LDAP configuration of a team", () => {
  const sync: fc.Arbitrary<LdapSync> = fc.record(
    {
      enabled: fc.boolean(),
      selectGroupMembers: fc.boolean(),
      groupDn: fc.constantFrom("", "cn=a"),
      groupMemberAttribute: fc.constantFrom("", "member"),
      searchBaseDn: fc.constantFrom("", "dc=a"),
      searchScopeSubtree: fc.boolean(),
      searchFilter: fc.constantFrom("", "(a=b)"),
    },
    { requiredKeys: ["enabled"] },
  );

  it("means the same after the server kept it", () => {
    fc.assert(fc.property(sync, (declared) => expect(sameSync(fromWire(toWire(declared)), declared)).toBe(true)));
  });

  it("is the same as another one exactly if what has an effect is the same", () => {
    const effect = (one: LdapSync) => {
      const { enabled, selectGroupMembers = false, groupDn = "", groupMemberAttribute = "", ...search } = one;
      const { searchBaseDn = "", searchScopeSubtree = false, searchFilter = "" } = search;
      if (!enabled) return ["off"];
      return selectGroupMembers ? ["group", groupDn, groupMemberAttribute] : ["search", searchBaseDn, searchScopeSubtree, searchFilter];
    };
    fc.assert(fc.property(sync, sync, (a, b) => expect(sameSync(a, b)).toBe(JSON.stringify(effect(a)) === JSON.stringify(effect(b)))));
  });
});
