import type { CallOptions } from "../call";
import type { NewProject, RegistryUiClient } from "./client";
import { findProject } from "./find";
import type { RepositoryEntry } from "./schemas";

/**
 * Creates a project, once: if the answer is lost, a project of that path that was not there before is taken for the answer; if the list proves
 * that there is none, it is asked for again. One that was there before stays somebody else's: then `isExisting` is thrown.
 */
export async function createProject(
  client: RegistryUiClient,
  project: NewProject,
  options: Pick<CallOptions, "signal" | "timeouts"> = {},
): Promise<RepositoryEntry> {
  const before = await findProject(client, project.repository, options);
  return client.projects.create(project, { ...options, ...(!before && { find: () => findProject(client, project.repository, options) }) });
}
