/** What cron and the scripts that it runs write. */
import { header, input, type Input, octets } from "./input.ts";

const DEBIAN = "-FCronDaemon -i -B8BITMIME -oem root";
const HEADER =
  "From: root (Cron Daemon)\nTo: root\nSubject: Cron <root@BOX> /usr/local/bin/backup\nMIME-Version: 1.0\n" +
  "Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\nX-Cron-Env: <SHELL=/bin/sh>\n" +
  "X-Cron-Env: <HOME=/root>\nX-Cron-Env: <PATH=/usr/bin:/bin>\nX-Cron-Env: <LOGNAME=root>\n\n";
const cron = (what: string, body: string, why?: string): Input =>
  input(`cron of Debian: ${what}`, DEBIAN, `${HEADER}BOX\n${body}`, why);
const PROGRESS = Array.from({ length: 60 }, (_, index) => `${index}%\r`).join("");
const LONG = "0123456789".repeat(150);

export const cronInputs: readonly Input[] = [
  cron("a line of text", "tar: Removing leading `/' from member names\n"),
  cron("text that is not ASCII", "rsync: Übertragung abgeschlossen: 12 Dateien, 3 Größen\n"),
  cron("a progress bar", `${PROGRESS}\ndone\n`),
  cron("CRLF from a Windows program", "The command completed successfully.\r\nC:\\> done\r\n"),
  cron("CR CR LF", "one\r\r\ntwo\r\r\n"),
  cron("a line of 1,500 octets", `${LONG}\n`),
  cron("a progress bar in a line of 3,000 octets", `${PROGRESS.repeat(20)}\n`),
  cron("a lone dot", "before\n.\nafter\n"),
  cron("lines with dots at the beginning", ".\n..\n...x\n"),
  cron("a NUL", "name\0value\0\n"),
  cron("escapes for a terminal", "\u001b[32mOK\u001b[0m all tests passed\u0007\n"),
  octets("cron of Debian: Latin-1 in a UTF-8 locale", DEBIAN, `${HEADER}BOX\nGr\u00f6\u00dfe\n`),
  cron("a From line as in a mailbox file", "From the moor\n>From here\n"),
  cron("a text that looks like a header", "Bcc: nobody@example.org\nSubject: x\n"),
  cron("a line end is missing at the end", "no line end"),
  input(
    "cron of RHEL",
    "-FCronDaemon -odi -oem -oi -t -f root",
    `From: "(Cron Daemon)" <root>\nTo: root\nSubject: Cron <root@BOX> run-parts /etc/cron.hourly\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\nAuto-Submitted: auto-generated\nPrecedence: bulk\nX-Cron-Env: <XDG_SESSION_ID=1>\n\n/etc/cron.hourly/0anacron: BOX\n`,
  ),
  input(
    "cron of FreeBSD",
    "-FCronDaemon -odi -oem -oi -t",
    header(
      {
        From: "Cron Daemon <root@BOX.lan>",
        To: "root",
        Subject: "Cron <root@BOX> periodic daily",
        "X-Cron-Env": "<SHELL=/bin/sh>",
      },
      "BOX\nRemoving stale files\n",
    ),
  ),
  input("cron of BusyBox", "-ti", header({ To: "root", Subject: "cron: /bin/backup BOX" }, "backup of BOX\n")),
  input(
    "cronie with MAILFROM",
    "-FCronDaemon -i -odi -oem -oi -t -f cron@BOX.lan",
    header({ From: '"(Cron Daemon)" <cron@BOX.lan>', To: "ops@example.test", Subject: "Cron <ops@BOX> x" }, "BOX\n"),
  ),
  input(
    "cron: MAILTO with two addresses in one word",
    "-FCronDaemon -i -B8BITMIME -oem ops@example.test_dev@example.test",
    header(
      { From: "root (Cron Daemon)", To: "ops@example.test dev@example.test", Subject: "Cron <root@BOX> x" },
      "BOX\n",
    ),
  ),
  input(
    "fcron",
    "-Fcron -odi -oem -oi -t -f root",
    header({ From: "root (fcron)", To: "root", Subject: "Output of fcron job: 'BOX'" }, "BOX\n"),
  ),
  input(
    "anacron",
    "-FAnacron -odi root",
    "From: Anacron <root>\nTo: root\nContent-Type: text/plain; charset=\"UTF-8\"\nSubject: Anacron job 'cron.daily' on BOX\n\n/etc/cron.daily/logrotate: BOX\n",
  ),
  input("at", "-i root", "Subject: Output from your job       12\nTo: root\n\nBOX\n"),
  input(
    "systemd-cron's failure mail",
    "-i -B8BITMIME root",
    header(
      {
        Date: "Tue, 24 Nov 2026 10:00:00 +0100",
        From: "root (systemd-cron)",
        To: "root",
        Subject: "[BOX] job cron-backup failed",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
      },
      "× cron-backup.service - BOX\n     Active: failed\n",
    ),
  ),
  input(
    "a unit with OnFailure=",
    "-t",
    header(
      {
        To: "root",
        From: "systemd <root@BOX>",
        Subject: "unit backup.service failed",
        "Content-Transfer-Encoding": "8bit",
        "Content-Type": "text/plain; charset=UTF-8",
      },
      "● backup.service BOX\n   Loaded: loaded\n",
    ),
  ),
  input("echo to sendmail, without a header", "root", "The disk of BOX is full\n"),
  input("echo of a field alone", "root", "Subject: BOX is up, BOX is well\n"),
  input("a here-document with an empty first line", "root", "\nBOX is up\n"),
  input("printf with CRLF throughout", "-t", "To: root\r\nSubject: backup\r\n\r\nBOX done\r\n"),
  input("a here-document with a raw subject", "-t", "To: root\nSubject: Größe der Sicherung auf BOX\n\nBOX: 12 GB\n"),
  octets(
    "a here-document with a subject in Latin-1",
    "-t",
    "To: root\nSubject: Gr\u00f6\u00dfe\n\nBOX: 12 GB\n",
    "nobody knows which letters the octets of the header are",
  ),
  input("a script that puts all into one line", "root", `BOX ${"word ".repeat(500)}\n`),
  input(
    "a script whose subject is a whole log",
    "-t",
    `To: root\nSubject: BOX ${"failed to read /srv/file, ".repeat(60)}\n\nBOX\n`,
  ),
  input(
    "a script whose subject has a CR",
    "-t",
    "To: root\nSubject: BOX 10%\r20%\n\nBOX\n",
    "a CR in a header: some programs take it for the end of the field",
  ),
  input(
    "dump with a NUL in a header",
    "-t",
    "To: root\nSubject: BOX a\0b\n\nBOX\n",
    "a NUL in a header: some programs end the message there",
  ),
];
