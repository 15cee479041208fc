/** Writes packages/cli/postseal.1 from the command's pages. A test beside them compares the file with them. */
import { writeFileSync } from "node:fs";
import { cli, pagesOfCommand, writer } from "./load-manual.ts";

const formatMan = await writer("man.ts", "formatMan");
writeFileSync(new URL("postseal.1", cli), String(formatMan(await pagesOfCommand())));
