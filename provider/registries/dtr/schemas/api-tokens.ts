import { z } from "zod";
import { text, time } from "./shape";
import { filled } from "./values";

/** An access token of a user: it stands for the password, has all that user's rights, and never ends by itself. */
export interface ApiToken {
  /** Names the token in the API. Not the secret. */
  readonly hashedToken: string;
  readonly tokenLabel: string;
  /** One that is not active is refused. */
  readonly isActive: boolean;
  /** RFC 3339; undefined: never. */
  readonly lastUsed?: string;
  /** RFC 3339. */
  readonly createdAt?: string;
  /** Who made it: `auto` for those of `docker login` and the website; other values are not documented. */
  readonly generatedBy?: string;
  /** User agent of whoever created it. */
  readonly creatorUa?: string;
}

/** With the secret, which no later answer shows. */
export interface NewApiToken extends ApiToken {
  readonly token: string;
}

const token = {
  hashedToken: z.string().min(1),
  tokenLabel: text,
  // Servers that leave it out know no inactive tokens.
  isActive: z
    .boolean()
    .nullish()
    .transform((value) => value ?? true),
  lastUsed: time,
  createdAt: time,
  generatedBy: filled,
  creatorUa: filled,
};

/** Without the secret, even if the server gave one: only its creation is asked for it. */
export const ApiToken: z.ZodType<ApiToken> = z.object(token);
export const NewApiToken: z.ZodType<NewApiToken> = z.object({ ...token, token: z.string().min(1) });
