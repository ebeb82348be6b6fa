/** Real registry servers for tests. */
export { describeServers } from "./describe";
export { type FilledImage, type FillRepository, fill } from "./fill";
export { findServers, type ServerBinary, type ServerKind, serverKinds } from "./find";
export { roomyFolder } from "./memory";
export { type RunningServer, type ServerOptions, startServer } from "./start";
export { startTokenServer, type TokenRequest, type TokenServer, type TokenServerOptions } from "./token-server";
