import type { Organization, User } from "./accounts-model";
import type { Repository } from "./repositories-model";
import { addOrganization, addRepository, addUser, type OrganizationSeed, type RepositorySeed, type UserSeed } from "./seed";
import { createServiceState, type ServiceState } from "./service-state";
import type { DtrSwitches } from "./switches";
import type { World } from "./world";

/** What a test may look at and turn from the outside, beside the API. */
export interface DtrState extends ServiceState {
  /** All that the simulator knows. */
  readonly world: World;
  /** May be changed at any time, `prefix` excepted. */
  readonly switches: DtrSwitches;
  addUser(name: string, seed: UserSeed): User;
  addOrganization(name: string, seed?: OrganizationSeed): Organization;
  addRepository(path: string, seed?: RepositorySeed): Repository;
  /** The repository of `namespace/name`; throws when there is none. */
  repository(path: string): Repository;
  /** Gives a tag trust data in Notary, as `docker trust sign` does: it can neither be deleted nor its repository. */
  sign(path: string, tag: string): void;
  /** Takes the trust data away again. */
  unsign(path: string, tag: string): void;
  /** Resolves when everything that goes on after its answer (webhooks, mirroring) is over. */
  settled(): Promise<void>;
}

export function createState(world: World): DtrState {
  const repository = (path: string): Repository => {
    const found = world.repositories.get(path);
    if (!found) throw new Error(`There is no repository ${path} in the sandbox's DTR.`);
    return found;
  };
  return {
    ...createServiceState(world),
    world,
    switches: world.switches,
    addUser: (name, seed) => addUser(world, name, seed),
    addOrganization: (name, seed) => addOrganization(world, name, seed),
    addRepository: (path, seed) => addRepository(world, path, seed),
    repository,
    sign: (path, tag) => {
      if (!world.store.repository(path)?.tags.has(tag)) throw new Error(`There is no tag ${tag} in ${path}.`);
      repository(path).signed.add(tag);
    },
    unsign: (path, tag) => void repository(path).signed.delete(tag),
    settled: () => world.hooks.settled(),
  };
}
