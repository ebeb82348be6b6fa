import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { loginConfig, type MintedToken } from "../../provider/tokens";

/** Writes Docker's configuration with a token into a folder, which is made; one that is there already is nobody's to overwrite. Gives the folder. */
export async function writeLogin(token: MintedToken, folder: string): Promise<string> {
  const file = path.join(path.resolve(folder), "config.json");
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  try {
    await writeFile(file, `${JSON.stringify(loginConfig(token), null, 2)}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (codeOf(error) === "EEXIST") throw new Error(`${file} exists, and may hold other logins: choose another folder for --login.`);
    // A part of it may be there.
    await rm(file, { force: true });
    throw new Error(`${file} cannot be written (${codeOf(error) ?? "unknown reason"}). Choose another folder for --login.`);
  }
  return path.dirname(file);
}

const codeOf = (error: unknown): string | undefined =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : undefined;
