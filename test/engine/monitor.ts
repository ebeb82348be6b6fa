/** The two services that a program talks to while it runs: ResourceMonitor and Engine, on one loopback port. */
import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import { Bail, EngineError, type Operation } from "./operation";
import { ProviderError } from "./provider-error";
import { read } from "./read";
import { register } from "./register";
import { emptyProto, engineGrpc, engineProto, grpc, MAX_MESSAGE, resourceGrpc, resourceProto } from "./sdk";
import { STACK_TYPE, type State } from "./state";
import { fromStruct, toStruct } from "./values";

/** What the SDK may use; it works without the rest (aliases by name, transforms, hooks, invokes of others). */
const FEATURES: ReadonlySet<string> = new Set(["secrets", "resourceReferences", "aliasSpecs", "deletedWith"]);
const SEVERITIES = ["debug", "info", "warning", "error"] as const;

/** Serves until `body` has ended and every registration that it began has too. `body` is given the address. */
export async function serveMonitor(operation: Operation, body: (address: string) => Promise<void>): Promise<void> {
  const running = new Set<Promise<unknown>>();
  const server = new grpc.Server({ "grpc.max_receive_message_length": MAX_MESSAGE, "grpc.max_send_message_length": MAX_MESSAGE });

  const unary =
    <Request, Response>(answer: (request: Request) => Response | Promise<Response>) =>
    (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
      const work = Promise.resolve()
        .then(() => answer(call.request))
        .then(
          (response) => callback(null, response),
          (error: unknown) => callback({ code: grpc.status.UNAVAILABLE, details: error instanceof Error ? error.message : String(error) }),
        );
      running.add(work);
      void work.finally(() => running.delete(work));
    };

  /** A failed registration ends the program, as the real engine cancels it. */
  const orEnd = async (urn: string, work: Promise<State>): Promise<State> => {
    try {
      return await work;
    } catch (error) {
      operation.failed = true;
      operation.program?.kill("SIGKILL");
      operation.report(error instanceof ProviderError || error instanceof Bail ? error : new EngineError(messageOf(error)), urn);
      throw new Bail("resource monitor is terminating");
    }
  };

  server.addService(resourceGrpc.ResourceMonitorService, {
    supportsFeature: unary((request: InstanceType<typeof resourceProto.SupportsFeatureRequest>) => {
      const response = new resourceProto.SupportsFeatureResponse();
      response.setHassupport(FEATURES.has(request.getId()));
      return response;
    }),
    registerResource: unary(async (request: InstanceType<typeof resourceProto.RegisterResourceRequest>) => {
      const state = await orEnd(urnFor(operation, request), register(operation, request));
      const response = new resourceProto.RegisterResourceResponse();
      response.setUrn(state.urn);
      if (state.id !== undefined) response.setId(state.id);
      response.setObject(toStruct(state.outputs));
      return response;
    }),
    readResource: unary(async (request: InstanceType<typeof resourceProto.ReadResourceRequest>) => {
      const state = await orEnd(urnFor(operation, request), read(operation, request));
      const response = new resourceProto.ReadResourceResponse();
      response.setUrn(state.urn);
      response.setProperties(toStruct(state.outputs));
      return response;
    }),
    registerResourceOutputs: unary((request: InstanceType<typeof resourceProto.RegisterResourceOutputsRequest>) => {
      const state = operation.seen.get(request.getUrn());
      if (state !== undefined) {
        state.outputs = fromStruct(request.getOutputs()) ?? {};
        if (state.type === STACK_TYPE) operation.outputs = state.outputs;
      }
      return new emptyProto.Empty();
    }),
    signalAndWaitForShutdown: unary(() => new emptyProto.Empty()),
  });

  let root = "";
  server.addService(engineGrpc.EngineService, {
    log: unary((request: InstanceType<typeof engineProto.LogRequest>) => {
      const severity = SEVERITIES[request.getSeverity()] ?? "info";
      if (severity !== "debug") operation.say(severity, request.getMessage(), request.getUrn() || undefined);
      return new emptyProto.Empty();
    }),
    setRootResource: unary((request: InstanceType<typeof engineProto.SetRootResourceRequest>) => {
      root = request.getUrn();
      return new engineProto.SetRootResourceResponse();
    }),
    getRootResource: unary(() => {
      const response = new engineProto.GetRootResourceResponse();
      response.setUrn(root);
      return response;
    }),
  });

  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  try {
    await body(`127.0.0.1:${port}`);
    await Promise.all(running);
  } finally {
    server.forceShutdown();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** For diagnostics only, so a parent's type is left out. */
function urnFor({ setting }: Operation, request: { getType(): string; getName(): string }): string {
  return `urn:pulumi:${setting.stack}::${setting.project}::${request.getType()}::${request.getName()}`;
}
