/** What --help prints: within 80 columns, examples first where there are any. */

const exitCodes = `Exit codes (sysexits.h):
  0    accepted for every recipient
  1    accepted for some recipients, and not for others
  64   a mistake on the command line
  65   a bad address, header, attachment or message
  69   refused for good, or more than the server can carry
  70   a mistake in Postseal
  74   nobody here knows whether it was taken: look before sending it again
  75   not taken for now, or no connection: try again later
  76   tampered with, or TLS and identity did not meet the policy
  77   login refused
  78   configuration: the URL, an authority, a password file, this Node
  130  interrupted, not sent
`;

const serverOptions = `Server and login:
  --server URL          submission://USER@HOST (STARTTLS, port 587) or
                        submissions://USER@HOST (TLS from the start, port 465).
                        Left out: POSTSEAL_URL, which may hold the password too
  --account NAME        an account of ~/.config/postseal/config.toml instead;
                        without all three, the sender's address chooses one
  --password-file FILE  its first line; --password-env NAME: a variable
  --token-file FILE     an OAuth 2.0 access token; or --token-env NAME
  --mechanism NAME      this SASL mechanism and no other (EXTERNAL: the
                        client certificate)
  --minimum LEVEL       scram: a login that does not show the password;
                        scram-plus: one that is bound to this TLS session

TLS is always on and always verified. These say by what, and how much more:
  --ca FILE             trust this authority (PEM) too; --ca-only FILE: no other
  --pin PIN             the server's key must be this one (or one of several)
  --trust-pin PIN       for a server without an authority: its key, instead of
                        chain and name. postseal verify prints a server's pin
  --min-tls 1.3         no TLS 1.2
  --require-pq          post-quantum key exchange, or nothing
  --client-cert FILE    and --client-key FILE: a certificate of your own (PEM)

  --timeout SECONDS     give up after so long, whatever is under way
  --json                one JSON object on standard output, for errors too
  --help
`;

export const programHelp: string = `postseal: mail that is sealed, or not sent

  postseal send      send one message over verified TLS
  postseal verify    connect, seal and log in; send nothing
  postseal sendmail  take mail from cron, git, PHP, mutt: a drop-in sendmail
  postseal account   make an account: postseal account add
  postseal config    check the accounts: postseal config check
  postseal import    accounts from msmtprc or Nodemailer's settings, made safe
  postseal lab       attack a mail client, and see whether it holds
  postseal --version

  postseal verify --server submission://alice@mail.example.com \\
      --password-file ~/.config/postseal/password
  postseal send --from alice@example.com --to bob@example.org \\
      --subject Hello --text 'Hi Bob'          (server from POSTSEAL_URL)

postseal SUBCOMMAND --help lists the options.

${exitCodes}`;

export const sendHelp: string = `postseal send: send one message over verified TLS

  postseal send --server submission://alice@mail.example.com \\
      --password-file ~/.config/postseal/password \\
      --from 'Alice <alice@example.com>' --to bob@example.org \\
      --subject 'The report' --text 'Here it is.' --attach report.pdf
  df -h | postseal send --from cron@example.com --to root@example.com \\
      --subject 'Disks' --text -               (server from POSTSEAL_URL)
  postseal send --message signed.eml --from a@example.com --to b@example.org

Message:
  --from ADDRESS        a@example.com or 'Alice <a@example.com>'
  --to ADDRESS          repeat for each recipient; also --cc and --bcc
  --subject TEXT
  --text TEXT           the text; - reads standard input
  --html HTML           likewise; with --text, both are sent as alternatives
  --attach FILE         repeat for each file
  --header 'Name: v'    a further header field; repeat for each
  --message FILE        a ready-made message (RFC 5322) instead, sent as it is; -
                        reads standard input. --from and --to are its envelope

${serverOptions}
${exitCodes}`;

export const verifyHelp: string = `postseal verify: connect, seal and log in; send nothing

  postseal verify --server submission://alice@mail.example.com \\
      --password-file ~/.config/postseal/password
  postseal verify --server submissions://mail.example.com --require-pq --json

Prints what TLS proved, the pin of the server's key, the login that worked and
what the server offers. Without a user in the URL there is no login.

${serverOptions}
${exitCodes}`;
