import { testCuts } from "./whole-cut.ts";

testCuts("starttls");
