/** The options of the lab's subcommands. */
import { attacks } from "@postseal/lab";
import { flag, list, value } from "../option.ts";

export const formats = ["table", "json", "junit", "html", "markdown", "badge"] as const;

/** The options of both `run` and `matrix`. */
export const trialOptions = {
  vector: value("REGEX", "only vectors whose id matches", { completes: "vector" }),
  strict: flag("hold the client to all of RFC 9325 and RFC 9525"),
  "post-quantum": flag("expect the client to demand a post-quantum key exchange"),
  jobs: value("N", "how many trials to run at once (default 2)"),
  timeout: value(
    "SECONDS",
    "the limit for each vector (default 10). A client that waits longer for a silent server is reported as a hang",
  ),
  format: value(
    "FORMAT",
    "table (default), json, junit, html, markdown (a summary) or badge (an SVG for a repository's page)",
    {
      completes: formats,
    },
  ),
  json: flag("the same as --format json"),
  out: value("FILE", "write the report to FILE; the table still goes to standard output", { completes: "file" }),
  loopback: flag("use no private network, even if one is possible"),
};

export const runOnlyOptions = {
  name: value("NAME", "what the report calls the client (default: its program)"),
  transport: value("WHICH", "starttls (default), implicit or both", { completes: ["starttls", "implicit", "both"] }),
  "without-login": flag("the client does not log in"),
};

export const matrixOnlyOptions = {
  client: list("ID", "only this client of the catalogue; repeat it for several"),
};

const ca = value("FILE", "trust this authority (PEM) for the real server", { completes: "file" });

export const labOptions = {
  run: { ...runOnlyOptions, ...trialOptions },
  matrix: { ...matrixOnlyOptions, ...trialOptions },
  serve: {
    vector: value("ID", "the vector to play; postseal lab list shows them all", { completes: "vector" }),
    port: value("N", "the port to listen on (default: a free one)"),
  },
  proxy: {
    upstream: value("HOST:PORT", "the real server"),
    attack: value("NAME", "what to do to the conversation, such as strip", { completes: attacks.map(({ id }) => id) }),
    listen: value("PORT", "the port to listen on (default: a free one)"),
    ca,
  },
  list: { vector: value("REGEX", "only vectors whose id matches", { completes: "vector" }), json: flag("print JSON") },
  explain: { json: flag("print JSON") },
};

export type TrialOption = keyof typeof trialOptions;
export type RunOption = keyof typeof labOptions.run;
export type MatrixOption = keyof typeof labOptions.matrix;
export type ServeOption = keyof typeof labOptions.serve;
export type ProxyOption = keyof typeof labOptions.proxy;
export type ListOption = keyof typeof labOptions.list;
export type ExplainOption = keyof typeof labOptions.explain;
