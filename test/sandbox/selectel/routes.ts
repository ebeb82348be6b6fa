import type { Operation } from "./call";
import { cleanUp, deleteManifest } from "./cleanup";
import { garbageCollectionSize, startGarbageCollection } from "./garbage-collection";
import { listImages, listImagesV2, listLayers, listTags } from "./images";
import { createRegistry, deleteRegistry, getRegistry, listClusters, listRegistries, listRegistriesV2 } from "./registries";
import { deleteRepository, getRepository, listRepositories, listRepositoriesV2 } from "./repositories";
import { createSimpleToken, getSimpleToken, refreshSimpleToken, revokeSimpleToken } from "./simple-tokens";
import { createToken, deleteToken, getToken, listTokens, refreshToken, regenerateToken, revokeToken, updateToken } from "./tokens";

/** The 30 operations: method, path below `/api`, what they do. Of two that match, the first counts. */
export const routes: readonly (readonly [method: string, path: string, operation: Operation])[] = [
  ["GET", "v1/registries", listRegistries],
  ["POST", "v1/registries", createRegistry],
  ["GET", "v1/registries/{id}", getRegistry],
  ["DELETE", "v1/registries/{id}", deleteRegistry],
  ["GET", "v1/registries/{id}/clusters", listClusters],
  ["POST", "v1/registries/{id}/garbage-collection", startGarbageCollection],
  ["GET", "v1/registries/{id}/garbage-collection/size", garbageCollectionSize],
  ["GET", "v1/registries/{id}/repositories", listRepositories],
  ["GET", "v1/registries/{id}/repositories/{name}", getRepository],
  ["DELETE", "v1/registries/{id}/repositories/{name}", deleteRepository],
  ["POST", "v1/registries/{id}/repositories/{name}/cleanup", cleanUp],
  ["GET", "v1/registries/{id}/repositories/{name}/images", listImages],
  ["GET", "v1/registries/{id}/repositories/{name}/tags", listTags],
  ["GET", "v1/registries/{id}/repositories/{name}/{ref}", listLayers],
  ["DELETE", "v1/registries/{id}/repositories/{name}/{ref}", deleteManifest],
  ["POST", "v1/token", createSimpleToken],
  ["GET", "v1/token/{token}", getSimpleToken],
  ["DELETE", "v1/token/{token}", revokeSimpleToken],
  ["POST", "v1/token/{token}/refresh", refreshSimpleToken],
  ["GET", "v2/registries", listRegistriesV2],
  ["GET", "v2/registries/{id}/repositories", listRepositoriesV2],
  ["GET", "v2/registries/{id}/repositories/{name}/images", listImagesV2],
  ["GET", "v2/tokens", listTokens],
  ["POST", "v2/tokens", createToken],
  ["GET", "v2/tokens/{id}", getToken],
  ["PATCH", "v2/tokens/{id}", updateToken],
  ["POST", "v2/tokens/{id}/refresh", refreshToken],
  ["POST", "v2/tokens/{id}/regenerate", regenerateToken],
  ["POST", "v2/tokens/{id}/revoke", revokeToken],
  ["DELETE", "v2/tokens/{id}", deleteToken],
];
