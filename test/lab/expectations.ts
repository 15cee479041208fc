/**
 * What the lab has to find in the clients of its catalogue, and what it must not find: only what their makers document or
 * an advisory says. Read the source before you change a line. Postseal is not listed: it holds against every vector.
 */
import type { Expectation } from "./expectation.ts";
import { libraryExpectations } from "./library-expectations.ts";
import { programExpectations } from "./program-expectations.ts";

export const expectations: readonly Expectation[] = [...libraryExpectations, ...programExpectations];
