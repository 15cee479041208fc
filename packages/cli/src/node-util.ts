/**
 * What the command needs of `node:util`. An import of it would load everything that it can do, also what nobody asked for: a
 * tenth of the time from start to end.
 */
import type * as Util from "node:util";

const util: typeof Util = process.getBuiltinModule("node:util");

export const debuglog: typeof Util.debuglog = util.debuglog;
export const parseArgs: typeof Util.parseArgs = util.parseArgs;
export const styleText: typeof Util.styleText = util.styleText;
