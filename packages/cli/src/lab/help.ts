/** What `postseal lab --help` prints: within 80 columns, examples first. */

export const labHelp: string = `postseal lab: attack a mail client, and see whether it holds

  postseal lab run -- curl --ssl-reqd --max-time 5 --url smtp://{host}:{port} \\
      --user {username}:{password} --mail-from {from} --mail-rcpt {to} -T {message}
  postseal lab run --format junit --out lab.xml -- python3 send.py {host} {port}
  postseal lab matrix --client curl --client nodemailer
  postseal lab explain A1-removed-auth

Subcommands:
  run -- COMMAND    play every vector to the client that COMMAND starts
  matrix            the same for each client of the catalogue that is installed
  serve             be the impostor of one vector, for a client that you start
  proxy             stand between your own client and your own server
  list              every vector; --vector REGEX, --json
  explain ID        what a vector does, and what a correct client does

The command is started once for each vector. It has to log in, send the message
and exit with 0, or exit with another code. In its words are replaced:
  {host} {port} {username} {password} {from} {to}   what it is to be told
  {message}   a file with the message, which is on standard input too
  {body}      the text, for a client that composes its own message
  {ca}        a file with the authority to trust (on Linux the system's trust
              store has it already)
  {scheme}    smtp or smtps;  {work}  an empty folder, also its HOME
An honest server comes first: who cannot deliver there proves nothing.

Options of run and matrix:
  --vector REGEX      only vectors whose id matches
  --transport WHICH   run: starttls (default), implicit or both
  --client ID         matrix: only this one; repeat for several
  --strict            hold it to all of RFC 9325 and RFC 9525
  --post-quantum      it was told to demand a post-quantum key exchange
  --without-login     run: it does not log in
  --jobs N            so many at once (2)
  --timeout SECONDS   for each vector (10). A client that waits longer for a
                      silent server is reported as a hang
  --format FORMAT     table (default), json, junit or html
  --out FILE          there; the table still goes to standard output
  --loopback          no private network, even where it can be had

serve --vector ID [--port N]
proxy --upstream HOST:PORT --attack NAME [--listen PORT] [--ca FILE]

Exit codes:
  0    held, or delivered sealed, everywhere (over-strict is reported only)
  1    something was found
  64   a mistake on the command line
  70   a mistake in Postseal
  78   the client cannot be started, or a port cannot be had
  130  interrupted
`;
