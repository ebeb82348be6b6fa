import { join } from "node:path";
import type { MintedToken } from "./minted-token";

/** The part of `node:fs/promises` that this needs. */
export interface LoginFiles {
  mkdir(path: string, options: { readonly mode: number }): Promise<unknown>;
  chmod(path: string, mode: number): Promise<void>;
  writeFile(path: string, content: string, options: { readonly mode: number; readonly flag: string }): Promise<void>;
  rm(path: string, options: { readonly recursive: true; readonly force: true; readonly maxRetries: number }): Promise<void>;
}

export interface LoginPlace {
  /** A folder of this job alone: `RUNNER_TEMP`. */
  readonly parent: string;
  readonly nonce: string;
  readonly files: LoginFiles;
}

/**
 * Writes a Docker configuration of its own for a token, which no other step shares, and gives its folder, for `DOCKER_CONFIG`.
 * The folder must not be there before: somebody else's is never taken. What was begun is removed if it fails.
 */
export async function writeDockerLogin(token: MintedToken, place: LoginPlace): Promise<string> {
  const { files } = place;
  const folder = loginFolder(place);
  await files.mkdir(folder, { mode: 0o700 });
  try {
    // A umask can only take rights away, but the owner's must be there.
    await files.chmod(folder, 0o700);
    const file = join(folder, "config.json");
    await files.writeFile(file, `${JSON.stringify(loginConfig(token), null, 2)}\n`, { mode: 0o600, flag: "wx" });
    await files.chmod(file, 0o600);
  } catch (error) {
    await removeDockerLogin(place);
    throw error;
  }
  return folder;
}

/** Removes the folder with all that Docker has put there since. Done if there is none. */
export async function removeDockerLogin(place: LoginPlace): Promise<void> {
  await place.files.rm(loginFolder(place), { recursive: true, force: true, maxRetries: 3 });
}

/** Docker's `config.json`: user and password, or a token that goes to the registry as it is. */
export function loginConfig({ receipt, username, secret }: MintedToken): object {
  // The key under which `docker login` keeps Docker Hub.
  const server = receipt.registry === "docker.io" ? "https://index.docker.io/v1/" : receipt.registry;
  const entry = username === "" ? { registrytoken: secret } : { auth: Buffer.from(`${username}:${secret}`, "utf8").toString("base64") };
  return { auths: { [server]: entry } };
}

function loginFolder({ parent, nonce }: LoginPlace): string {
  if (!/^[0-9a-f]{16,64}$/.test(nonce)) throw new Error("The nonce of a Docker login is no hexadecimal number.");
  return join(parent, `registry-token-${nonce}`);
}
