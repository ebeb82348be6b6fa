export { createOciApi } from "./api";
export { failure } from "./errors";
export type { OciSwitches } from "./switches";
