import { testCuts } from "./whole-cut.ts";

testCuts("implicit");
