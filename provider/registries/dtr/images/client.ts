import type { DtrClient, DtrConnection } from "../client";
import { connectOperations, type DtrOptions } from "../connect-operations";
import { jobs } from "../operations/jobs";
import { meta } from "../operations/meta";
import { pruningPolicies } from "../operations/pruning-policies";
import { repositories } from "../operations/repositories";
import { tags } from "../operations/tags";

const operations = { repositories, tags, pruningPolicies, jobs, meta };

/** What cleanup needs of a client: any DtrClient has it. */
export type ImagesClient = Pick<DtrClient, keyof typeof operations> & DtrConnection;

/** A client for cleanup alone: the action is one file, and holds nothing that it does not use. */
export const connectImages = (options: DtrOptions): ImagesClient => connectOperations(operations, options);
