/** A page of the manual: what --help prints and what the manual page says, from one description. */
import type { OptionTable } from "../option.ts";

export interface Page {
  /** `postseal send`, or `postseal config check [FILE]`: how it is called. */
  readonly call: string;
  readonly what: string;
  /** As they are typed; within 78 columns. */
  readonly examples: readonly string[];
  readonly sections: readonly Section[];
}

/** A page without what the register says of its subcommand already. */
export interface PageText {
  /** Instead of what the register says it is for. */
  readonly what?: string;
  readonly examples: readonly string[];
  readonly sections: readonly Section[];
}

/** Its parts are shown in this order. */
export interface Section {
  readonly heading?: string;
  readonly paragraphs?: readonly string[];
  /** Shown as it stands: a file, a layout. */
  readonly sample?: readonly string[];
  readonly options?: OptionTable;
  readonly rows?: readonly Row[];
}

/** A term, and what it means. */
export type Row = readonly [term: string, what: string];

export const exitCodes: Section = {
  heading: "Exit codes (sysexits.h)",
  rows: [
    ["0", "accepted for every recipient"],
    ["1", "accepted for some recipients, and not for others"],
    ["64", "a mistake on the command line"],
    ["65", "a bad address, header, attachment or message"],
    ["69", "refused for good, or more than the server can carry"],
    ["70", "a mistake in Postseal"],
    ["74", "nobody here knows whether it was taken: look before sending it again"],
    ["75", "not taken for now, or no connection: try again later"],
    ["76", "tampered with, or TLS and identity did not meet the policy"],
    ["77", "login refused"],
    ["78", "configuration: the URL, an authority, a password file, this Node"],
    ["130", "interrupted, not sent"],
  ],
};
