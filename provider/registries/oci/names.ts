/** Names are parsed once, at the edge, into values; inside they are never handled as mere text again. */
export * from "./digest";
export * from "./invalid-name";
export * from "./path-names";
export * from "./reference";
