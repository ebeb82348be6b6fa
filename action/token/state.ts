/** What `main` leaves for `post`. Nothing of it is secret. */
export const stateKeys = {
  /** Of the token's name; the folder of the Docker configuration is named by it, too. */
  nonce: "nonce",
  /** How far things are, as the core writes it (formatTokenState). */
  token: "token",
} as const;

export type StateKey = (typeof stateKeys)[keyof typeof stateKeys];
