/** What a provider's gRPC error says: a plain failure, or an object that exists but is not in order (initialization failed). */
import type { ServiceError } from "@grpc/grpc-js";
import { providerProto, statusProto } from "./sdk";
import { fromStruct, type PropertyMap } from "./values";

export interface InitFailure {
  readonly id: string;
  readonly properties: PropertyMap;
  readonly reasons: readonly string[];
}

export class ProviderError extends Error {
  override readonly name = "ProviderError";
  constructor(
    message: string,
    readonly code: number,
    /** Present when the object exists all the same. */
    readonly init?: InitFailure,
  ) {
    super(message);
  }
}

/** Unpacks pulumirpc.ErrorResourceInitFailed from `grpc-status-details-bin` (provider_plugin.go parseError). */
export function toProviderError(error: ServiceError): ProviderError {
  const details = error.metadata?.get("grpc-status-details-bin")[0];
  if (details !== undefined && typeof details !== "string") {
    for (const any of statusProto.Status.deserializeBinary(new Uint8Array(details)).getDetailsList()) {
      if (any.getTypeName() !== "pulumirpc.ErrorResourceInitFailed") continue;
      const failure = providerProto.ErrorResourceInitFailed.deserializeBinary(any.getValue_asU8());
      const init = { id: failure.getId(), properties: fromStruct(failure.getProperties()) ?? {}, reasons: failure.getReasonsList() };
      return new ProviderError(multiError(init.reasons), error.code, init);
    }
  }
  return new ProviderError(error.details || error.message, error.code);
}

/** As hashicorp/go-multierror prints a list, which is what the engine shows. */
function multiError(reasons: readonly string[]): string {
  const head = reasons.length === 1 ? "1 error occurred:" : `${reasons.length} errors occurred:`;
  return `${head}\n${reasons.map((reason) => `\t* ${reason}\n`).join("")}\n`;
}
