import { z } from "zod";
import type { PollMirroringPolicy } from "../../registries/dtr";
import type { Failure } from "../declaration";

/** How the server reaches another registry: what mirroring policies and one-time mirroring have in common. */
export interface RemoteLogin {
  remoteHost: string;
  remoteRepository: string;
  remoteCa?: string;
  skipTlsVerification?: boolean;
  username?: string;
  password?: string;
  authToken?: string;
}

export const remoteLogin = {
  // Credentials in it are `loginProblems`' business.
  remoteHost: z.string().refine((text) => text.includes("@") || isAddress(text), "must be an address such as https://registry.example.com"),
  remoteRepository: z.string().min(1, "must not be empty"),
  remoteCa: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  authToken: z.string().optional(),
};

/** An address of a registry or a cache: with or without a scheme. */
export function isAddress(text: string): boolean {
  const url = text.includes("://") ? text : `https://${text}`;
  return !/\s/.test(text) && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** What is wrong with a login, beyond the form of each input. */
export function loginProblems({ remoteHost, password, authToken }: RemoteLogin): Failure[] {
  const problems: Failure[] = [];
  // Without the property's name: Pulumi would print its value, and with it the password.
  if (remoteHost.includes("@"))
    problems.push({
      property: "",
      reason: "remoteHost must be an address without a user name and a password: give them as username and password",
    });
  if (password && authToken)
    problems.push({ property: "authToken", reason: "stands in place of username and password: leave it or password out" });
  return problems;
}

/** Names at the wire; what is undefined is left out. */
export const wireLogin = ({
  remoteHost,
  remoteRepository,
  remoteCa,
  skipTlsVerification,
  username,
  password,
  authToken,
}: Partial<RemoteLogin>) => ({
  ...(remoteHost !== undefined && { remoteHost }),
  ...(remoteRepository !== undefined && { remoteRepository }),
  ...(remoteCa !== undefined && { remoteCA: remoteCa }),
  ...(skipTlsVerification !== undefined && { skipTLSVerification: skipTlsVerification }),
  ...(username !== undefined && { username }),
  ...(password !== undefined && { password }),
  ...(authToken !== undefined && { authToken }),
});

/** The other way round: what a server shows of a login, which is all but the credentials. */
export const shownLogin = ({
  remoteHost,
  remoteRepository,
  remoteCA,
  skipTLSVerification,
  username,
}: Pick<PollMirroringPolicy, "remoteHost" | "remoteRepository" | "remoteCA" | "skipTLSVerification" | "username">) => ({
  remoteHost,
  remoteRepository,
  remoteCa: remoteCA,
  skipTlsVerification: skipTLSVerification,
  username,
});

/** A host without a scheme means https, and a slash at the end nothing. */
const origin = (host: string | undefined) => host?.replace(/^https:\/\//, "").replace(/\/+$/, "");

/** A server may write these in its own way; that is no drift. */
export const sameLogin = {
  remoteHost: (old: string, now: string) => origin(old) === origin(now),
  remoteCa: (old: string | undefined, now: string | undefined) => old?.trim() === now?.trim(),
};
