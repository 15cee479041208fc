/** What `postseal config --help` and `postseal account --help` print: within 80 columns, examples first. */

export const configHelp: string = `postseal config check [FILE]: say what is wrong with the accounts

  postseal config check
  postseal config check /etc/postseal/config.toml --json

Without FILE it reads ~/.config/postseal/config.toml ($XDG_CONFIG_HOME counts)
and /etc/postseal/config.toml. Every problem is printed, with file, line and
remedy. No secret is fetched, and nothing is connected to.

  --json    one JSON object on standard output
  --help

An account, in TOML:

  default-account = "work"

  [accounts.work]
  server = "submission://alice@mail.example.com"
  from = ["alice@example.com"]
  password-command = ["pass", "show", "mail/work"]

Server:   server; or host, port, transport ("starttls", "implicit"), username
Senders:  from: addresses, or whole domains as "@example.com"
Secret:   password-command, password-file, password-env, password-secret-tool;
          token-command, token-file, token-env for OAuth 2.0
More:     ca, ca-only, pins, trust-pins, min-tls, require-post-quantum, minimum,
          mechanism, client-certificate, client-key
Above:    default-account; domain; [aliases], for names such as root

Exit codes:
  0    nothing is wrong
  64   a mistake on the command line
  78   something is wrong, or there is no file
`;
