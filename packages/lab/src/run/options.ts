/** What the lab is to try, and how. */
import type { Remedies } from "../verdict/remedy.ts";
import type { Run } from "../report/report.ts";
import type { Transport, Vector } from "../vectors/vector.ts";

/** A client to attack, in one configuration. */
export interface Subject {
  readonly id: string;
  readonly title: string;
  readonly configuration: string;
  /** Program and arguments, with placeholders such as `{host}` and `{port}`: see `placeholders`. */
  readonly command: readonly string[];
  readonly transports: readonly Transport[];
  /** False for a client that sends without logging in: then an honest delivery needs no login. Default true. */
  readonly login?: boolean;
  /** What the lab knows of the client's own options. Default: nothing, so that the report gives the general duty. */
  readonly remedies?: Remedies;
}

export interface LabOptions {
  readonly subjects: readonly Subject[];
  readonly vectors: readonly Vector[];
  /** How many clients run at the same time, not counting those that only wait. Default 2. */
  readonly jobs?: number;
  /** Milliseconds that a client has for one vector. Default 10,000. */
  readonly timeoutMs?: number;
  /** The clients' environment. The lab sets `HOME`, `TMPDIR`, `SSL_CERT_FILE` and `NODE_EXTRA_CA_CERTS`, and removes proxies. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** `loopback`: no namespaces, even if this machine allows them. */
  readonly isolation?: "auto" | "loopback";
  readonly signal?: AbortSignal;
  /** Called after each run. `done` of `all` trials are finished, this one included. */
  readonly onRun?: (subject: Subject, run: Run, done: number, all: number) => void;
}
