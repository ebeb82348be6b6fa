/** Container registries as code: one namespace an API, each with its explicit `Provider`, its resources and its read functions. */
export * as dtr from "./resources/dtr";
export * as oci from "./resources/oci";
export * as registryui from "./resources/registryui";
export * as selectel from "./resources/selectel";
