/** Real registry servers for tests. */
export { describeServers } from "./describe";
export { findServers, type ServerBinary, type ServerKind, serverKinds } from "./find";
export { type RunningServer, type ServerOptions, startServer } from "./start";
export { startTokenServer, type TokenRequest, type TokenServer, type TokenServerOptions } from "./token-server";
