/** The options of the lab's subcommands. */
import { attacks } from "@postseal/lab";
import { flag, list, value } from "../option.ts";

export const formats = ["table", "json", "junit", "html"] as const;

/** `run` and `matrix` have them. */
export const trialOptions = {
  vector: value("REGEX", "only vectors whose id matches", { completes: "vector" }),
  strict: flag("hold it to all of RFC 9325 and RFC 9525"),
  "post-quantum": flag("it was told to demand a post-quantum key exchange"),
  jobs: value("N", "so many at once (2)"),
  timeout: value(
    "SECONDS",
    "for each vector (10). A client that waits longer for a silent server is reported as a hang",
  ),
  format: value("FORMAT", "table (default), json, junit or html", { completes: formats }),
  json: flag("the same as --format json"),
  out: value("FILE", "the report goes there; the table still goes to standard output", { completes: "file" }),
  loopback: flag("no private network, even if one can be had"),
};

export const runOnlyOptions = {
  transport: value("WHICH", "starttls (default), implicit or both", { completes: ["starttls", "implicit", "both"] }),
  "without-login": flag("it does not log in"),
};

export const matrixOnlyOptions = {
  client: list("ID", "only this client of the catalogue; repeat it for several"),
};

const ca = value("FILE", "trust this authority (PEM) for the true server", { completes: "file" });

export const labOptions = {
  run: { ...runOnlyOptions, ...trialOptions },
  matrix: { ...matrixOnlyOptions, ...trialOptions },
  serve: {
    vector: value("ID", "the vector to play", { completes: "vector" }),
    port: value("N", "the port to listen on"),
  },
  proxy: {
    upstream: value("HOST:PORT", "the true server"),
    attack: value("NAME", "what to do to the conversation", { completes: attacks.map(({ id }) => id) }),
    listen: value("PORT", "the port to listen on"),
    ca,
  },
  list: { vector: value("REGEX", "only vectors whose id matches", { completes: "vector" }), json: flag("as JSON") },
  explain: { json: flag("as JSON") },
};

export type TrialOption = keyof typeof trialOptions;
export type RunOption = keyof typeof labOptions.run;
export type MatrixOption = keyof typeof labOptions.matrix;
export type ServeOption = keyof typeof labOptions.serve;
export type ProxyOption = keyof typeof labOptions.proxy;
export type ListOption = keyof typeof labOptions.list;
export type ExplainOption = keyof typeof labOptions.explain;
