/**
 * Postseal in two scenes, for a person who has just cloned the repository: the same message is sent while somebody listens,
 * and while somebody attacks. Every line with a mark was observed in this run; exit code 1 if one was not.
 */
import { connect } from "node:net";
import { createAuthority } from "@postseal/lab";
import { createMailer, type ComposedMessage, type MailerOptions, type Seal, TlsError } from "@postseal/mailer";
import { eavesdrop, type Octets } from "./eavesdropper.ts";
import { Story } from "./story.ts";
import { startSubmissionServer } from "./submission-server.ts";

const account = { username: "alice", password: "correct horse battery staple" };
const report = "station,herons\neast,12\nwest,7\n";
const message: ComposedMessage = {
  from: "Alice <alice@example.test>",
  to: "Bob <bob@example.test>",
  subject: "The heron count",
  text: "Dear Bob,\n\nnineteen herons at dusk; the numbers are attached.\n",
  attachments: [{ filename: "herons.csv", content: report }],
};
/** What must not be readable on the path, in every form that mail may give it. */
const secrets: readonly string[] = [
  ...[account.password, "bob@example.test", "heron", report].flatMap((text) => [text, base64(text)]),
  base64(`\0${account.username}\0${account.password}`),
];

const story = new Story();
/** This authority exists only during the demo, and only the demo trusts it. */
const authority = await createAuthority({ name: "A throw-away authority" });
await using server = await startSubmissionServer(await authority.issue(), account);

story.say(
  "A mail server runs on this machine with a certificate made a moment ago. Alice sends Bob a message through it. " +
    "Between her and the server sits somebody who sees every octet.",
);
await listening();
await stripping();
story.title(story.isTrue ? "All of this was observed, just now." : "Something above was NOT observed.");
if (story.isTrue) story.say("Postseal sends mail sealed, or not at all. Next: npx postseal send --help");
process.exitCode = story.isTrue ? 0 : 1;

async function listening(): Promise<void> {
  story.title("1. Somebody listens");
  await using path = await eavesdrop(server.port, "listen");
  await using mailer = createMailer("submission://smtp.example.test", options(path.port));
  const receipt = await mailer.send(message);
  await mailer.close();

  story.say("Alice's receipt, with the seal of the connection that carried it:\n");
  for (const { address, outcome, reply } of receipt.recipients)
    story.show(`${address}: ${outcome} (${reply?.code} ${reply?.text})`);
  for (const line of receipt.seal === undefined ? [] : sealLines(receipt.seal)) story.show(line);
  story.say("\nAll that the listener could read, C for Alice's side and S for the server:\n");
  const { clear, sealed } = divide(path.seen);
  for (const { by, octets } of clear)
    for (const line of linesOf(octets)) story.show(`${by === "client" ? "C" : "S"}: ${line}`);
  story.say("\nand from there on only this:\n");
  for (const { by, octets } of sealed.slice(0, 4)) story.show(hexOf(by, octets));
  story.show(
    `… ${sizeOf(sealed, "client")} octets from Alice and ${sizeOf(sealed, "server")} from the server in all\n`,
  );

  const [delivered] = server.delivered;
  // The control: what is looked for on the path is in the message, so that not finding it there means something.
  const took = delivered?.recipients.join() === "bob@example.test" && isReadable(delivered.message);
  story.claim("The server has the message, with its attachment.", took && delivered.message.includes(base64(report)));
  story.claim("The listener saw STARTTLS begin, and TLS records after it.", clear.length > 0 && isTls(sealed));
  story.claim("No password, recipient, text or attachment is in what passed.", !isReadable(textOf(path.seen)));
}

async function stripping(): Promise<void> {
  story.title("2. Somebody attacks");
  story.say(
    "The same message again. Now the one in between removes STARTTLS from the server's reply, so that Alice's program " +
      "believes that there is no TLS (STRIPTLS). Many mail clients then go on without, password and all.\n",
  );
  const before = server.delivered.length;
  await using path = await eavesdrop(server.port, "strip");
  await using mailer = createMailer("submission://smtp.example.test", options(path.port));
  const error: unknown = await mailer.send(message).catch((refusal: unknown) => refusal);

  story.say("The error that Alice gets:\n");
  story.quote(error instanceof Error ? error.message : "the message was sent");
  story.say("\nAll that the attacker got:\n");
  for (const { by, octets } of path.seen)
    for (const line of linesOf(octets)) story.show(`${by === "client" ? "C" : "S"}: ${line}`);
  story.show("(Alice's side hangs up)\n");

  const said = textOf(path.seen.filter(({ by }) => by === "client"));
  story.claim(
    "Postseal refused: MAIL_TLS_NOT_OFFERED.",
    error instanceof TlsError && error.code === "MAIL_TLS_NOT_OFFERED",
  );
  story.claim("It said EHLO and nothing else: no AUTH, no MAIL, no RCPT.", said === "EHLO [127.0.0.1]\r\n");
  story.claim(
    "No password, recipient, text or attachment is in what passed.",
    said !== "" && !isReadable(textOf(path.seen)),
  );
  story.claim("The server was given no second message.", server.delivered.length === before && before === 1);
}

/** The name in the certificate is checked. Only the octets take another way, through the eavesdropper at the port. */
function options(port: number): MailerOptions {
  return {
    credentials: account,
    tls: { ca: { only: authority.certificate } },
    connect: async () => connect({ port, host: "127.0.0.1", noDelay: true }),
  };
}

function sealLines({
  protocol,
  cipherSuite,
  keyExchange,
  postQuantum,
  serverName,
  certificate,
}: Seal): readonly string[] {
  return [
    `sealed with   ${protocol}, ${cipherSuite}`,
    `key exchange  ${keyExchange}${postQuantum ? " (post-quantum)" : ""}`,
    `verified      ${serverName}, by ${certificate.issuer}`,
    `its key's pin ${certificate.spki}`,
  ];
}

/** Divides at the first TLS record from the client, which begins with the type of a handshake, 0x16. */
function divide(seen: readonly Octets[]): { readonly clear: readonly Octets[]; readonly sealed: readonly Octets[] } {
  const first = seen.findIndex(({ by, octets }) => by === "client" && octets[0] === 0x16);
  return first < 0 ? { clear: seen, sealed: [] } : { clear: seen.slice(0, first), sealed: seen.slice(first) };
}

/** A TLS record begins with its type (20 to 23) and the version 3.x. */
function isTls(sealed: readonly Octets[]): boolean {
  const [first] = sealed;
  return first !== undefined && first.octets[0] === 0x16 && first.octets[1] === 0x03;
}

function isReadable(text: string): boolean {
  return secrets.some((secret) => text.includes(secret));
}

function textOf(seen: readonly Octets[]): string {
  return Buffer.concat(seen.map(({ octets }) => octets)).toString("latin1");
}

function linesOf(octets: Buffer): readonly string[] {
  return octets.toString("latin1").trimEnd().split("\r\n");
}

function hexOf(by: Octets["by"], octets: Buffer): string {
  const start = octets
    .subarray(0, 14)
    .toString("hex")
    .replaceAll(/(..)(?!$)/g, "$1 ");
  return `${by === "client" ? "C" : "S"}: ${start} … ${octets.length} octets`;
}

function sizeOf(seen: readonly Octets[], who: Octets["by"]): number {
  return seen.filter(({ by }) => by === who).reduce((sum, { octets }) => sum + octets.length, 0);
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
