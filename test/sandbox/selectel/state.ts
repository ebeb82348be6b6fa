import { openSession } from "./sessions";
import type { SelectelSwitches } from "./switches";
import type { Cluster, Project, World } from "./world";

/** What a test may look at and turn from the outside. */
export interface SelectelState {
  /** May be changed at any time. */
  readonly switches: SelectelSwitches;
  /** Ends every session, the ready-made one included: whoever has a password logs in again. */
  expireSessions(): void;
  /** Clusters of Managed Kubernetes can be joined to a registry only in the panel: here by this. Throws when there is no such registry. */
  setClusters(registryId: string, clusters: readonly Cluster[]): void;
  /** A second project of the account, with a token for it. */
  addProject(name: string): { readonly project: Project; readonly token: string };
}

export function createState(world: World): SelectelState {
  return {
    switches: world.switches,
    expireSessions: () => world.sessions.clear(),
    setClusters: (registryId, clusters) => {
      const registry = world.registries.get(registryId);
      if (!registry) throw new Error(`The sandbox has no registry ${registryId}.`);
      registry.clusters = clusters;
    },
    addProject: (name) => {
      const project = { id: world.randomUuid().replaceAll("-", ""), name };
      world.projects.push(project);
      return { project, token: openSession(world, project, true).token };
    },
  };
}
