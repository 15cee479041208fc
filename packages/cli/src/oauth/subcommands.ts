/** `postseal account sign-in` and `postseal account sign-out`: options, page, and what they do. */
import { exitCodes, exitSection } from "../manual/page.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";
import { signInOptions, signOutOptions } from "./options.ts";

/** May be left out if only one account signs in. */
const operand = { label: "[NAME]", takes: "word" } as const;

export const signIn: Subcommand = subcommand({
  options: signInOptions,
  operand,
  page: {
    examples: ["postseal account sign-in work", "postseal account sign-in work --device"],
    sections: [
      {
        paragraphs: [
          "Opens the issuer's page in your browser, and waits until you have agreed. If the browser is on another machine, paste the address at which it ended. Then it logs in over verified TLS. The tokens are kept in ~/.local/state/postseal/tokens/NAME.json (or below $XDG_STATE_HOME), mode 600. If the server refuses the login, the last sign-in stays as it was. NAME may be left out if only one account signs in.",
        ],
      },
      { heading: "Options", options: signInOptions },
      exitCodes,
    ],
  },
  run: async (given) => (await import("./sign-in.ts")).signIn(given),
});

export const signOut: Subcommand = subcommand({
  options: signOutOptions,
  operand,
  page: {
    examples: ["postseal account sign-out work"],
    sections: [
      {
        paragraphs: [
          "Asks the issuer to withdraw the sign-in, and removes the tokens. If the issuer cannot be asked, they stay. Google withdraws all sign-ins of the same application and person at once; Microsoft cannot be asked, and the page of your account there lists the applications that have access. The account stays in the configuration.",
        ],
      },
      { heading: "Options", options: signOutOptions },
      exitSection(["done", "usage", "later", "notLoggedIn", "configuration"], {
        done: "nobody is signed in any more",
        later: "the issuer could not be asked: try again later",
        notLoggedIn: "the issuer refused the request",
      }),
    ],
  },
  run: async (given) => (await import("./sign-out.ts")).signOut(given),
});
