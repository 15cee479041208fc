/** Writes docs/reference/vectors.md from the vectors themselves. A test holds the page to them. */
import { writeFileSync } from "node:fs";
import { formatVectorsPage } from "@postseal/lab";

writeFileSync(new URL("../docs/reference/vectors.md", import.meta.url), formatVectorsPage());
