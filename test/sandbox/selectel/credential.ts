import { registryByName } from "./life";
import { statusOf } from "./token-properties";
import type { Project, World } from "./world";

/** What a valid secret of either kind allows at the registry host. */
export interface Credential {
  readonly project: Project;
  readonly write: boolean;
  /** Absent for all registries of the project, also later ones. */
  readonly registryIds?: readonly string[];
  /** Notes the use, for `lastUsedAt`. */
  readonly used: () => void;
}

/** Undefined for a secret that is unknown, expired or revoked. */
export function credentialOf(world: World, secret: string): Credential | undefined {
  const simple = world.simpleTokens.get(secret);
  if (simple) return simple.expiresAt < world.clock.now() ? undefined : { project: simple.project, write: true, used: () => {} };
  const token = [...world.tokens.values()].find((candidate) => candidate.secret === secret);
  if (!token || statusOf(world, token) !== "active") return undefined;
  const { allRegistries, modeRW, registryIds } = token.scope;
  return {
    project: token.project,
    write: modeRW,
    ...(!allRegistries && { registryIds }),
    used: () => {
      token.lastUsedAt = world.clock.now();
    },
  };
}

/** Whether a credential reaches a repository, whatever its Bearer token says. A registry that does not exist is nobody's: 404 later on. */
export function mayDo(world: World, credential: Credential, repository: string, action: string): boolean {
  if (action !== "pull" && !credential.write) return false;
  const registry = registryByName(world, registryPart(repository));
  if (!registry) return credential.registryIds === undefined;
  if (registry.project !== credential.project) return false;
  return credential.registryIds === undefined || credential.registryIds.includes(registry.id);
}

/** Password of the user `token`. */
export function basicSecret(header: string): string | undefined {
  const [, encoded] = /^Basic +([\w+/=-]+)$/i.exec(header) ?? [];
  const [, secret] = /^token:(.*)$/s.exec(Buffer.from(encoded ?? "", "base64").toString("utf8")) ?? [];
  return secret;
}

/** First segment of a repository's name at the host. */
export function registryPart(repository: string): string {
  return repository.split("/", 1)[0] ?? "";
}
