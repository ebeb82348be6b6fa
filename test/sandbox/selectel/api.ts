import type { Handler, SandboxRequest, SandboxResponse } from "../contract";
import { errorResponse, Refusal } from "./refusal";
import { routes } from "./routes";
import { sessionOf } from "./sessions";
import type { Project, World } from "./world";

/** The management API below `/api/v1` and `/api/v2`. */
export function createManagementApi(world: World): Handler {
  return (request) => {
    try {
      return answer(world, request);
    } catch (error) {
      if (error instanceof Refusal) return errorResponse(world, error.status, error.message);
      throw error;
    }
  };
}

function answer(world: World, request: SandboxRequest): SandboxResponse {
  const session = sessionOf(world, request);
  if (!session) throw new Refusal(401, "Unauthorized.");
  // There is no project in any path: the project is that of the token.
  if (!session.project) throw new Refusal(403, "A token of a project is required.");
  return run(world, request, session.project);
}

function run(world: World, request: SandboxRequest, project: Project): SandboxResponse {
  // Split before decoding: a repository's name is one segment, whatever slashes it holds.
  const segments = request.rawPath.split("/").slice(2);
  const matches = routes.flatMap(([method, path, operation]) => {
    const parameters = match(path, segments);
    return parameters ? [{ method, operation, parameters }] : [];
  });
  const found = matches.find(({ method }) => method === request.method);
  if (found) return found.operation({ world, project, request, path: found.parameters });
  if (matches.length > 0) throw new Refusal(405, "Method not allowed.");
  return unencoded(world, request, segments) ?? notFound();
}

/** Decoded parameters of a path that fits the template. */
function match(template: string, segments: readonly string[]): ReadonlyMap<string, string> | undefined {
  const parts = template.split("/");
  if (parts.length !== segments.length) return undefined;
  const parameters = new Map<string, string>();
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? "";
    if (part.startsWith("{") && segment !== "") parameters.set(part.slice(1, -1), decoded(segment));
    else if (part !== segment) return undefined;
  }
  return parameters;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Refusal(400, "Path is invalid.");
  }
}

/** What the service says when the slash of a repository's name came as it is: nothing is there, or an error that blames the storage. */
function unencoded(world: World, request: SandboxRequest, segments: readonly string[]): SandboxResponse | undefined {
  const [version, registries, , repositories] = segments;
  const list = segments.at(-1);
  if (request.method !== "GET" || registries !== "registries" || repositories !== "repositories" || segments.length < 7) return undefined;
  if (list !== "images" && list !== "tags") return undefined;
  if (world.switches.unencodedSlash === "error") throw new Refusal(500, "failed to list manifests");
  return { status: 200, json: version === "v2" ? { filteredCount: 0, images: [], totalCount: 0 } : [] };
}

function notFound(): never {
  throw new Refusal(404, "Not found.");
}
