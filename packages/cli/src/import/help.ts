/** What `postseal import --help` prints: within 80 columns, examples first. */

export const importHelp: string = `postseal import FILE: accounts from other programs' settings, made safe

  postseal import ~/.msmtprc
  postseal import mail.json --name shop --write
  postseal import .env

FILE is an msmtprc, JSON with Nodemailer's options, or has a URL for Nodemailer
in it (smtp://…?…). The accounts go to standard output as TOML. Standard error
says line by line what was unsafe, what has no place here, and what is there now
instead. No program is run, and nothing is connected to.

  --write        add them to ~/.config/postseal/config.toml. A password that
                 stood in FILE goes into a file of its own, mode 600
  --name NAME    what to call the account of JSON or a URL (imported)
  --json         one JSON object on standard output
  --help

Exit codes:
  0    imported, whatever was unsafe before
  64   a mistake on the command line
  65   the file cannot be read, or has no account in it
  78   config.toml is not right, or has an account of that name
`;
