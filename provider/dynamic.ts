/**
 * The one entry that Pulumi state refers to, for ever: each resource in users' state holds the text
 * `exports.handler=()=>require("registry-as-code/dynamic").provider("module:Type");`. The name of this subpath, of its export, and the type names
 * never change their meaning.
 */
import type * as pulumi from "@pulumi/pulumi";
import "./index";
import { managedType, managedTypes } from "./resources/resource";

/** The lifecycle of a resource type. Throws for a type that this version does not know. */
export function provider(type: string): pulumi.dynamic.ResourceProvider {
  const found = managedType(type);
  if (!found) {
    throw new Error(
      `registry-as-code has no resource ${type}: the state was written by a newer version, upgrade the package. This version has ${managedTypes().join(", ")}`,
    );
  }
  return found.provider();
}
