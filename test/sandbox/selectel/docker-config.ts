import type { World } from "./world";

/** Every token's name at `docker login`. */
export const registryUser = "token";

/** The usual form of Docker's `config.json`; what the service itself gives for `docker-config=true` is shown nowhere. */
export function dockerConfig(world: World, secret: string) {
  const auth = Buffer.from(`${registryUser}:${secret}`).toString("base64");
  return { auths: { [world.registryHost]: { auth } } };
}
