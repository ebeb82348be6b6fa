/**
 * Encryption of secrets in state and configuration, in the format of Pulumi's passphrase provider
 * (pulumi/pulumi pkg/secrets/passphrase and sdk/go/common/resource/config/crypt.go): both engines' files are read and written by it.
 */
import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from "node:crypto";

const ITERATIONS = 1_000_000;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface Crypter {
  /** What lies in the configuration file as `encryptionsalt` and in the state as the secrets provider's salt. */
  readonly salt: string;
  encrypt(plaintext: string): string;
  decrypt(ciphertext: string): string;
}

/** Of stacks that live in scratch folders only. */
export const SCRATCH_PASSPHRASE = "test";
let scratch: Crypter | undefined;

/** One for all stacks of this process, for the sake of the third of a second that a key takes. */
export function scratchCrypter(): Crypter {
  scratch ??= passphraseCrypter(SCRATCH_PASSPHRASE);
  return scratch;
}

/** Deriving a key takes a third of a second by design; one passphrase and salt need it once in a process. */
const keys = new Map<string, Buffer>();

/** `salt`: the value of an existing `encryptionsalt`; a new one is made without it. */
export function passphraseCrypter(passphrase: string, salt?: string): Crypter {
  const bytes = salt === undefined ? randomBytes(8) : Buffer.from(salt.split(":")[1] ?? "", "base64");
  const id = `${passphrase}\0${bytes.toString("base64")}`;
  const key = keys.get(id) ?? pbkdf2Sync(passphrase, bytes, ITERATIONS, KEY_BYTES, "sha256");
  keys.set(id, key);
  // One plaintext keeps its ciphertext, so that a state does not change where nothing has changed.
  const known = new Map<string, string>();
  const encrypt = (plaintext: string): string => {
    const before = known.get(plaintext);
    if (before !== undefined) return before;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const sealed = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
    const ciphertext = `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
    known.set(plaintext, ciphertext);
    return ciphertext;
  };
  const decrypt = (ciphertext: string): string => {
    const [version, nonce, sealed] = ciphertext.split(":");
    if (version !== "v1" || nonce === undefined || sealed === undefined) throw new Error("not a ciphertext of the passphrase provider");
    const data = Buffer.from(sealed, "base64");
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
    decipher.setAuthTag(data.subarray(data.length - TAG_BYTES));
    return Buffer.concat([decipher.update(data.subarray(0, data.length - TAG_BYTES)), decipher.final()]).toString("utf8");
  };
  return { salt: salt ?? `v1:${bytes.toString("base64")}:${encrypt("pulumi")}`, encrypt, decrypt };
}
