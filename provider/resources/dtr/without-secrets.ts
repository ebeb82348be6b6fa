import { redactor, revised } from "../../http";
import { RegistryError } from "../../registries/dtr";

/** Runs a call whose body holds secrets. A server may repeat them in its error; then they are masked in it. */
export async function withoutSecrets<T>(secrets: readonly string[], run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const redact = redactor(secrets);
    if (secrets.length === 0 || !(error instanceof Error) || redact(error.message) === error.message) throw error;
    if (!(error instanceof RegistryError)) throw new Error(redact(error.message));
    throw revised(error, {
      ...(error.serverMessage !== undefined && { serverMessage: redact(error.serverMessage) }),
      ...(error.problem !== undefined && { problem: redact(error.problem) }),
      ...(error.hint !== undefined && { hint: redact(error.hint) }),
      serverErrors: error.serverErrors.map(({ code, message }) => ({
        ...(code !== undefined && { code: redact(code) }),
        ...(message !== undefined && { message: redact(message) }),
      })),
      cause: undefined,
    });
  }
}
