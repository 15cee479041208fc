import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CommandError } from "../command-error.ts";
import { parseWords } from "./words.ts";

const refused = (argv: readonly string[], message: RegExp): void =>
  assert.throws(
    () => parseWords(argv),
    (error) => error instanceof CommandError && error.code === "CLI_USAGE" && message.test(error.message),
    argv.join(" "),
  );

test("the command lines of real callers are understood", () => {
  const cron = parseWords(["-FCronDaemon", "-i", "-odi", "-oem", "-oi", "-t", "-f", "root"]);
  assert.partialDeepStrictEqual(cron, { name: "CronDaemon", dotEnds: false, recipientsInHeader: true, sender: "root" });
  const busybox = parseWords(["-ti", "root"].slice(0, 1));
  assert.partialDeepStrictEqual(busybox, { recipientsInHeader: true, dotEnds: false });
  const git = parseWords(["-f", "me@x.test", "-i", "a@x.test", "b@x.test"]);
  assert.partialDeepStrictEqual(git, { sender: "me@x.test", recipients: ["a@x.test", "b@x.test"] });
  const mutt = parseWords([
    "-oem",
    "-oi",
    "-f",
    "me@x.test",
    "-N",
    "failure,delay",
    "-R",
    "hdrs",
    "-B8BITMIME",
    "--",
    "a@x.test",
  ]);
  assert.partialDeepStrictEqual(mutt, {
    dsn: { notify: ["failure", "delay"], return: "headers" },
    recipients: ["a@x.test"],
  });
  const mailx = parseWords(["-i", "-m", "-v", "-r", "me@x.test", "a@x.test"]);
  assert.partialDeepStrictEqual(mailx, { verbose: true, sender: "me@x.test" });
  const php = parseWords(["-t", "-i", "-fme@x.test"]);
  assert.partialDeepStrictEqual(php, { sender: "me@x.test", recipientsInHeader: true });
  assert.equal(parseWords(["-f", "<>", "a@x.test"]).sender, "");
  assert.equal(parseWords(["-f", "", "a@x.test"]).sender, "");
});

test("of two senders the last one counts, as in Postfix", () => {
  assert.equal(parseWords(["-f", "a@x.test", "-r", "b@x.test"]).sender, "b@x.test");
  assert.equal(parseWords(["-fa@x.test", "-f", "<>"]).sender, "");
  assert.equal(parseWords(["-F", "One", "-F", "Two"]).name, "Two");
  refused(["-f", "a\nb", "-f", "a@x.test"], /holds a control character/);
});

test("settings about a queue, a log and limits have no effect", () => {
  for (const word of ["-odf", "-oB8BITMIME", "-oL9", "-oT3d", "-or1h", "-oo", "-os", "-Ac", "-Am", "-em", "-c"])
    assert.deepEqual(parseWords([word, "a@x.test"]).recipients, ["a@x.test"], word);
  for (const value of ["MaxMessageSize=1000000", "MaxHopCount=30", "Timeout.queuereturn=5d", "LogLevel=9"])
    assert.deepEqual(parseWords(["-O", value, "a@x.test"]).recipients, ["a@x.test"], value);
});

test("options of msmtp that programs were set up with are understood", () => {
  const given = ["-a", "work", "--read-envelope-from", "--read-recipients"];
  assert.partialDeepStrictEqual(parseWords(given), { account: "work", recipientsInHeader: true, sender: undefined });
  assert.partialDeepStrictEqual(parseWords(["--from=a@x.test", "--", "b@x.test"]), { sender: "a@x.test" });
  refused(["--read-recipients=yes"], /there is no such option/);
  refused(["--from"], /--from needs a value/);
});

test("every word after -- is a recipient, whatever it looks like", () => {
  assert.deepEqual(parseWords(["--", "-t", "--json"]).recipients, ["-t", "--json"]);
});

test("what this cannot do is refused, and the error says what to do instead", () => {
  refused(["-bs"], /speaks SMTP on standard input.*-t, or with the recipients/);
  refused(["-bp"], /postseal outbox list does; otherwise there is none/);
  refused(["-bi"], /\[aliases\] in the configuration/);
  refused(["-bd"], /starts a server/);
  for (const name of Object.getOwnPropertyNames(Object.prototype))
    refused([`-b${name}`], /the only -b mode here is -bm/);
  refused(["-q"], /runs a queue: .*postseal outbox work does/);
  refused(["-q30m"], /runs a queue/);
  refused(["-C", "/etc/mail/sendmail.cf"], /config\.toml/);
  refused(["-X/tmp/log"], /the login with it/);
  refused(["-oQ/tmp"], /leave it out/);
  refused(["-O", "QueueDirectory=/tmp"], /leave it out/);
  refused(["-Z"], /-Z is not an option here/);
  refused(["a@x.test", "--subject", "Hi"], /--subject is an option of postseal send\. Here recipients are words/);
  refused(["-\u001b"], /there is no such option/);
  refused(["-f"], /-f needs a value/);
  for (const letter of ["f", "F", "V", "r"]) refused([`-${letter}`, "a\nb"], /holds a control character/);
  refused(["-B", "BINARY"], /7BIT or 8BITMIME/);
  refused(["-N", "always"], /never, or one or more of/);
  refused(["-R", "all"], /full or hdrs/);
  refused(["--acount", "x"], /did you mean --account\?/);
});

test("contradicting options are refused", () => {
  refused(["-t", "a@x.test"], /Give one or the other: without -t, .*; with -t, write all of them into To, Cc or Bcc/);
  refused(["-V", "one", "-V", "two"], /is given twice, with two values/);
  refused(["-a", "one", "--account=two"], /is given twice, with two values/);
});

test("any command line gives words or a CommandError", () => {
  const word = fc.oneof(
    fc.constantFrom("-t", "-oi", "-f", "-bm", "-N", "--account"),
    fc.string().map((text) => `-${text}`),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(word), (argv) => {
      try {
        parseWords(argv);
      } catch (error) {
        assert.ok(error instanceof CommandError, String(error));
      }
    }),
  );
});
