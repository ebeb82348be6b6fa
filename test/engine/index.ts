export * from "./engine";
export { packOnce } from "./pack";
export { install, makeProgram, type Program, type ProgramOptions } from "./program";
