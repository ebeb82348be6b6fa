/**
 * The SDK's wire modules in one place. gRPC and protobuf must be the SDK's own copies: npm's google-protobuf 4 beside
 * it fails with "c.g is not a function", and a message class of another copy is not recognised.
 */
import { createRequire } from "node:module";

const own = createRequire(__filename);
const sdk = createRequire(own.resolve("@pulumi/pulumi/package.json"));

// `require` gives `any`; each cast names the declaration file of exactly the module that is loaded.
export const grpc = sdk("@grpc/grpc-js") as typeof import("@grpc/grpc-js");
export const structProto = sdk("google-protobuf/google/protobuf/struct_pb") as typeof import("google-protobuf/google/protobuf/struct_pb");
export const emptyProto = sdk("google-protobuf/google/protobuf/empty_pb") as typeof import("google-protobuf/google/protobuf/empty_pb");
export const resourceProto = own("@pulumi/pulumi/proto/resource_pb") as typeof import("@pulumi/pulumi/proto/resource_pb");
export const resourceGrpc = own("@pulumi/pulumi/proto/resource_grpc_pb") as typeof import("@pulumi/pulumi/proto/resource_grpc_pb");
export const engineProto = own("@pulumi/pulumi/proto/engine_pb") as typeof import("@pulumi/pulumi/proto/engine_pb");
export const engineGrpc = own("@pulumi/pulumi/proto/engine_grpc_pb") as typeof import("@pulumi/pulumi/proto/engine_grpc_pb");
export const providerProto = own("@pulumi/pulumi/proto/provider_pb") as typeof import("@pulumi/pulumi/proto/provider_pb");
export const providerGrpc = own("@pulumi/pulumi/proto/provider_grpc_pb") as typeof import("@pulumi/pulumi/proto/provider_grpc_pb");
export const statusProto = own("@pulumi/pulumi/proto/status_pb") as typeof import("@pulumi/pulumi/proto/status_pb");

/** Messages of 1,000 resources' worth of properties fit; the engine allows 400 MB too. */
export const MAX_MESSAGE = 400 << 20;
