/** The page about `postseal lab`, for all of its subcommands. */
import { exitSection, type PageText } from "../manual/page.ts";
import type { Member } from "../subcommand.ts";
import { labOptions, matrixOnlyOptions, runOnlyOptions, trialOptions } from "./options.ts";

export function labPage(members: readonly Member[]): PageText {
  return {
    examples: [
      "postseal lab run -- curl --ssl-reqd --max-time 5 --url smtp://{host}:{port} \\",
      "    --user {username}:{password} --mail-from {from} --mail-rcpt {to} \\",
      "    -T {message}",
      "postseal lab run --format junit --out lab.xml -- python3 send.py {host} {port}",
      "postseal lab matrix --client curl --client nodemailer",
      "postseal lab explain A1-removed-auth",
    ],
    sections: [
      {
        heading: "Subcommands",
        rows: members.map(({ word, what, operand, detail }) => [
          operand === undefined ? word : `${word} ${operand.label}`,
          detail ?? what,
        ]),
      },
      {
        paragraphs: [
          "The command is started once for each vector. It has to log in, send the message and exit with 0, or exit with another code. In its words are replaced:",
        ],
        rows: [
          ["{host} {port} {username} {password} {from} {to}", "what it is to be told"],
          ["{message}", "a file with the message, which is on standard input too"],
          ["{body}", "the text, for a client that composes its own message"],
          ["{ca}", "a file with the authority to trust (on Linux the system's trust store has it already)"],
          ["{scheme}", "smtp or smtps"],
          ["{work}", "an empty folder, also its HOME"],
        ],
      },
      { paragraphs: ["An honest server comes first: who cannot deliver there proves nothing."] },
      { heading: "Options of run and matrix", options: trialOptions },
      { heading: "Options of run", options: runOnlyOptions },
      { heading: "Options of matrix", options: matrixOnlyOptions },
      { heading: "Options of serve", options: labOptions.serve },
      { heading: "Options of proxy", options: labOptions.proxy },
      { heading: "Options of list", options: labOptions.list },
      { heading: "Options of explain", options: labOptions.explain },
      exitSection(["done", "found", "usage", "software", "configuration", "interrupted"], {
        done: "held, or delivered sealed, everywhere (over-strict is reported only)",
        configuration: "the client cannot be started, or a port cannot be had",
        interrupted: "interrupted",
      }),
    ],
  };
}
