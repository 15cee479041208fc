/**
 * What the command needs of `node:util`. An import would load every lazy part of it, which takes a tenth of the command's
 * whole time.
 */
import type * as Util from "node:util";

const util: typeof Util = process.getBuiltinModule("node:util");

export const debuglog: typeof Util.debuglog = util.debuglog;
export const parseArgs: typeof Util.parseArgs = util.parseArgs;
export const styleText: typeof Util.styleText = util.styleText;
