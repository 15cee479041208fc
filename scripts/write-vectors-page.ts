/** Writes docs/reference/vectors.md from the vectors. A test compares the page with them. */
import { writeFileSync } from "node:fs";
import { formatVectorsPage } from "@postseal/lab";

writeFileSync(new URL("../docs/reference/vectors.md", import.meta.url), formatVectorsPage());
