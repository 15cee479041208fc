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

export const accountHelp: string = `postseal account add: make an account, and write it when it has worked

  postseal account add
  postseal account add --address alice@example.com --name work \\
      --server submission://alice@mail.example.com \\
      --password-command '["pass", "show", "mail/work"]'

On a terminal it asks for what is not given. The server is found in a table of
providers, by SRV records (RFC 6186, RFC 8314) or by autoconfig over HTTPS, and
you confirm it. Then it logs in over verified TLS. Only if that works, the
account is added to ~/.config/postseal/config.toml, mode 600. The password is
not in it: one that is typed goes into a file of its own.

  --address ADDRESS, --name NAME, --username USER
  --server URL          submission://USER@HOST or submissions://USER@HOST
  --password-command '["…", "…"]', --password-file FILE, --password-env NAME
  --token-command '["…", "…"]', --token-file FILE, --token-env NAME
  --ca FILE, --ca-only FILE, --pin PIN, --trust-pin PIN, --min-tls 1.3,
  --minimum LEVEL       as for postseal send; they are written down too
  --timeout SECONDS, --json, --help

Exit codes: those of postseal verify. Whatever is not 0 has written nothing.
`;
