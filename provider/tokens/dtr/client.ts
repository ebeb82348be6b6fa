import type { DtrClient, DtrConnection } from "../../registries/dtr";
import { connectOperations, type DtrOptions } from "../../registries/dtr/connect-operations";
import { apiTokens } from "../../registries/dtr/operations/api-tokens";

/** What minting needs of a client. */
export type TokensClient = Pick<DtrClient, "apiTokens"> & DtrConnection;

/** A client for tokens alone: the action is one file, and holds nothing that it does not use. */
export const connectTokens = (options: DtrOptions): TokensClient => connectOperations({ apiTokens }, options);
