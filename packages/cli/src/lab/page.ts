/** The page of `postseal lab`, which covers all of its subcommands. */
import { attacks } from "@postseal/lab";
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
      "postseal lab serve --vector A1-removed-auth",
      "postseal lab proxy --upstream mail.example.com:587 --attack strip",
    ],
    sections: [
      {
        heading: "Subcommands",
        rows: members.map(({ word, what, operand }) => [
          operand === undefined ? word : `${word} ${operand.label}`,
          what,
        ]),
      },
      {
        of: "run",
        paragraphs: [
          "The command is started once for each vector. It must log in, send the message and exit with 0; if it refuses to, it must exit with another code. The lab fills in the placeholders in braces:",
        ],
        rows: [
          ["{host} {port} {username} {password} {from} {to}", "the server, the login and the addresses to use"],
          ["{message}", "a file with the message; standard input has it too"],
          ["{body}", "the text, for a client that composes its own message"],
          ["{ca}", "a file with the authority to trust (on Linux, the system's trust store already has it)"],
          ["{scheme}", "smtp or smtps"],
          ["{work}", "an empty folder, which is also the client's HOME"],
        ],
      },
      {
        of: "run",
        paragraphs: [
          "An honest server comes first: a client that cannot deliver to it proves nothing by refusing the others.",
        ],
      },
      { heading: "Options of run and matrix", options: trialOptions },
      { heading: "Options of run", options: runOnlyOptions },
      { heading: "Options of matrix", options: matrixOnlyOptions },
      { heading: "Options of serve", options: labOptions.serve },
      { heading: "Options of proxy", options: labOptions.proxy },
      { of: "proxy", heading: "What --attack takes", rows: attacks.map(({ id, title }) => [id, title]) },
      { heading: "Options of list", options: labOptions.list },
      { heading: "Options of explain", options: labOptions.explain },
      exitSection(
        ["done", "found", "hung", "usage", "software", "notWritten", "configuration", "interrupted", "terminated"],
        {
          done: "every trial held, or delivered sealed (over-strict is reported, but is no failure)",
          configuration: "the client cannot be started, or a port is not available",
          notWritten: "the report cannot be written to --out; the table is still printed",
          interrupted: "interrupted",
          terminated: "ended by SIGTERM or SIGHUP",
        },
      ),
    ],
  };
}
