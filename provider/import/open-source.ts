import { ConnectionError } from "../cleanup/connection";
import type * as Dtr from "./dtr/source";
import type * as Oci from "./oci";
import type * as RegistryUi from "./registryui";
import type * as Selectel from "./selectel";
import type { Source } from "./source";
import type { ImportOptions } from "./types";

/** Opens a registry, and loads the declarations of its resources. Nothing is sent yet. Throws ConnectionError. */
export async function openSource({ type, connection, open = {}, include = [] }: ImportOptions): Promise<Source> {
  if (type !== connection.type)
    throw new ConnectionError(`the type is ${type}, but the connection is of type ${connection.type}: give the same one.`);
  // Each is loaded where it is used: all four take a second to load.
  switch (connection.type) {
    case "dtr": {
      require("../resources/dtr");
      const { dtrSource } = require("./dtr/source") as typeof Dtr;
      return dtrSource(connection, open);
    }
    case "oci": {
      require("../resources/oci");
      const { ociSource } = require("./oci") as typeof Oci;
      return ociSource(connection, open, include);
    }
    case "registryui": {
      require("../resources/registryui");
      const { registryUiSource } = require("./registryui") as typeof RegistryUi;
      return registryUiSource(connection, open);
    }
    case "selectel": {
      require("../resources/selectel");
      const { selectelSource } = require("./selectel") as typeof Selectel;
      return selectelSource(connection, open);
    }
    default:
      throw new ConnectionError("type is not known: it must be dtr, oci, registryui or selectel.");
  }
}
