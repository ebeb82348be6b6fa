/** What each rule says of which program: data for the tests of functions and of the SDK's runner. */

import { access } from "./access";
import type { Case } from "./case";
import { garbage } from "./garbage";
import { names } from "./names";
import { repositories } from "./repositories";
import { tags } from "./tags";
import { tokens } from "./tokens";
import { transport } from "./transport";

export { type Case, NOW, type One, type Props, UNKNOWN_TEXT } from "./case";

export const cases: readonly Case[] = [...tokens, ...access, ...repositories, ...transport, ...names, ...tags, ...garbage];
