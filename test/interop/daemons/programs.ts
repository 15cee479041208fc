/** What mail programs, languages and backup scripts write. */
import { header, input, type Input } from "./input.ts";

const ATTACHMENT = Array.from(
  { length: 30 },
  () => "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3",
).join("\n");
const MANY = Array.from({ length: 70 }, (_, index) => `user${index}@example.test`).join(",");
const PATCH = "---\n a | 2 +-\n\ndiff --git a/a b/a\n-old\n+.\n--\n2.39.5\n";
const PHP = "X-PHP-Originating-Script: 33:index.php";

export const programInputs: readonly Input[] = [
  input(
    "git send-email",
    "-i bob@example.test carol@example.test",
    header(
      {
        From: "Ana <alice@example.test>",
        To: "bob@example.test",
        Cc: "carol@example.test",
        Subject: "[PATCH] BOX: fix the moor",
        Date: "Tue, 24 Nov 2026 10:00:00 +0100",
        "Message-ID": "<20261124.1.BOX@example.test>",
        "X-Mailer": "git-send-email 2.39.5",
        "MIME-Version": "1.0",
        "Content-Transfer-Encoding": "8bit",
      },
      `Grüße an BOX\n\nSigned-off-by: Ana Größe <alice@example.test>\n${PATCH}`,
    ),
  ),
  input(
    "git send-email with an envelope sender",
    "-f alice@example.test -i bob@example.test",
    header(
      {
        From: "=?UTF-8?q?Ana=20Gr=C3=B6=C3=9Fe?= <alice@example.test>",
        To: "bob@example.test",
        Subject: "[PATCH v2 1/3] BOX",
        Date: "Tue, 24 Nov 2026 10:00:00 +0100",
        "Message-ID": "<20261124.2.BOX@example.test>",
        "In-Reply-To": "<1@example.test>",
        References: "<1@example.test>",
      },
      PATCH,
    ),
  ),
  input(
    "git: post-receive-email",
    "-t -f root@BOX.lan",
    header(
      {
        To: "dev@example.test",
        Subject: "[SCM] BOX branch, master, updated. v1-2-gabc",
        "X-Git-Refname": "refs/heads/master",
        "X-Git-Newrev": "0123456789",
      },
      "This is an automated email from the git hooks/post-receive script of BOX.\n- Log -----\nAuthor: Zoë <zoe@example.test>\n",
    ),
  ),
  input(
    "git-multimail: raw UTF-8 in the header",
    "-oi -t -f git@BOX.lan",
    header(
      {
        To: "dev@example.test",
        Subject: "[BOX] Größe geändert",
        From: "Zoë Müller <git@BOX.lan>",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
      },
      "BOX Größe\n",
    ),
  ),
  input(
    "Subversion's commit-email.pl",
    "-f svn@BOX.lan dev@example.test",
    header(
      { To: "dev@example.test", From: "svn@BOX.lan", Subject: "r12 - trunk/BOX", "X-SVN-Commit": "12" },
      "Author: ana\nLog:\nBOX\n",
    ),
  ),
  input(
    "PHP's mail()",
    "-t -i",
    `To: bob@example.test\r\nSubject: Order BOX\r\n${PHP}\r\nFrom: shop@example.test\r\n\r\nThanks for your order of BOX\n`,
  ),
  input(
    "PHP's mail() with LF in the header",
    "-t -i -fwww-data@BOX.lan",
    `To: bob@example.test\nSubject: Order BOX\n${PHP}\nFrom: Shop <shop@example.test>\nReply-To: help@example.test\n\nThanks BOX\r\n`,
  ),
  input(
    "PHP's mail(): a raw subject, and HTML in one line",
    "-t -i",
    `To: bob@example.test\r\nSubject: Bestellung für Grüße BOX\r\nMIME-Version: 1.0\r\nContent-type: text/html; charset=UTF-8\r\nFrom: Müller & Söhne <shop@example.test>\r\n\r\n<html>BOX ${"<p>Grüße</p>".repeat(150)}</html>\n`,
  ),
  input(
    "PHP's mail() with a Bcc",
    "-t -i",
    "To: bob@example.test\r\nSubject: BOX\r\nFrom: shop@example.test\r\nBcc: carol@example.test\r\n\r\nBOX\n",
  ),
  input(
    "PHP's mail(): -f twice",
    "-t -i -fwww-data@BOX.lan -f shop@example.test",
    "To: bob@example.test\r\nSubject: BOX\r\nFrom: shop@example.test\r\n\r\nBOX\n",
  ),
  input(
    "PHP's mail(): 70 recipients without spaces",
    "-t -i",
    `To: ${MANY}\r\nSubject: BOX\r\nFrom: shop@example.test\r\n\r\nBOX\n`,
  ),
  input(
    "PHP's mail() with CR CR LF in the header",
    "-t -i",
    "To: bob@example.test\r\r\nSubject: BOX\r\r\nFrom: shop@example.test\r\r\n\r\r\nBOX\r\r\n",
    "CR CR LF in a header: some programs see an empty line, which ends it",
  ),
  input(
    "PHPMailer",
    "-oi -t -fshop@example.test",
    header(
      {
        Date: "Tue, 24 Nov 2026 10:00:00 +0000",
        To: "Bob <bob@example.test>",
        From: "=?UTF-8?Q?M=C3=BCller?= <shop@example.test>",
        Subject: "BOX",
        "Message-ID": "<abc.BOX@example.test>",
        "X-Mailer": "PHPMailer 6.8.0",
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/alternative;\n boundary="b1_abc"',
        "Content-Transfer-Encoding": "8bit",
      },
      "This is a multi-part message in MIME format.\n--b1_abc\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\nGrüße BOX\n\n--b1_abc\nContent-Type: text/html; charset=UTF-8\n\n<b>BOX</b>\n\n--b1_abc--\n",
    ),
  ),
  input(
    "WordPress",
    "-t -i -f wordpress@BOX.lan",
    header(
      {
        To: "admin@example.test",
        From: "WordPress <wordpress@BOX.lan>",
        Subject: "[BOX] Password Reset",
        "Content-Type": "text/plain; charset=UTF-8",
      },
      `Someone has requested a password reset for BOX:\n\nhttps://example.test/wp-login.php?action=rp&key=${"x".repeat(40)}\n`,
    ),
  ),
  input(
    "Python: subprocess and EmailMessage",
    "-t -oi",
    header(
      {
        From: "backup@BOX.lan",
        To: "root@BOX.lan",
        Subject: "=?utf-8?q?Gr=C3=B6=C3=9Fe?=",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "8bit",
        "MIME-Version": "1.0",
      },
      "BOX größe\n",
    ),
  ),
  input("Python: popen and a string", "-t", "To: ops@example.test\nFrom: script@BOX.lan\nSubject: Report\n\nBOX\n"),
  input(
    "Python: email with an attachment",
    "-oi ops@example.test",
    header(
      {
        "Content-Type": 'multipart/mixed; boundary="===============1=="',
        "MIME-Version": "1.0",
        Subject: "BOX report",
        From: "report@BOX.lan",
        To: "ops@example.test",
      },
      `--===============1==\nContent-Type: text/plain; charset="us-ascii"\nMIME-Version: 1.0\nContent-Transfer-Encoding: 7bit\n\nBOX\n--===============1==\nContent-Type: application/octet-stream\nMIME-Version: 1.0\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="report.bin"\n\n${ATTACHMENT}\n--===============1==--\n`,
    ),
  ),
  input(
    "Perl: open | sendmail",
    "-oi -t -odq",
    "To: ops@example.test\nFrom: perl@BOX.lan\nSubject: BOX\n\nBOX\n.\nafter the dot\n",
  ),
  input(
    "Perl: MIME::Lite",
    "-t -oi -oem",
    header(
      {
        "Content-Disposition": "inline",
        "Content-Length": "6",
        "Content-Transfer-Encoding": "8bit",
        "Content-Type": "text/plain",
        "MIME-Version": "1.0",
        "X-Mailer": "MIME::Lite 3.033",
        From: "perl@BOX.lan",
        To: "ops@example.test",
        Subject: "BOX",
      },
      "größe BOX\n",
    ),
  ),
  input(
    "Ruby: the gem mail",
    "-i -f app@BOX.lan -- ops@example.test",
    header(
      {
        Date: "Tue, 24 Nov 2026 10:00:00 +0000",
        From: "app@BOX.lan",
        To: "ops@example.test",
        "Message-ID": "<1.BOX@example.test>",
        Subject: "BOX",
        "Mime-Version": "1.0",
        "Content-Type": "text/plain;\n charset=UTF-8",
        "Content-Transfer-Encoding": "7bit",
      },
      "BOX\n",
    ),
  ),
  input(
    "Nodemailer's transport sendmail",
    "-i -f app@example.test ops@example.test",
    "From: app@example.test\r\nTo: ops@example.test\r\nSubject: BOX\r\nMessage-ID: <n.BOX@example.test>\r\nContent-Transfer-Encoding: 7bit\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBOX\r\n",
  ),
  input("bsd-mailx", "-i root", "To: root\nSubject: BOX\nFrom: root <root@BOX.lan>\n\nBOX\n"),
  input(
    "GNU mail",
    "-oi -f root@BOX.lan -t",
    "Subject: BOX\nTo: <root@BOX.lan>\nUser-Agent: mail (GNU Mailutils 3.15)\nDate: Tue, 24 Nov 2026 10:00:00 +0100\n\nBOX\n",
  ),
  input(
    "GNU mail: a raw subject",
    "-oi -f root@BOX.lan -- ops@example.test",
    "Subject: Größe BOX\nTo: <ops@example.test>\n\nBOX\n",
  ),
  input(
    "heirloom mailx with -r",
    "-i -f ops@example.test -r ops@example.test bob@example.test",
    "Date: Tue, 24 Nov 2026 10:00:00 +0100\nFrom: ops@example.test\nTo: bob@example.test\nSubject: BOX\nUser-Agent: Heirloom mailx 12.5 7/5/10\nMIME-Version: 1.0\nContent-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 7bit\n\nBOX\n",
  ),
  input(
    "mutt with a Bcc",
    "-oem -oi -f alice@example.test -- bob@example.test carol@example.test",
    header(
      {
        Date: "Tue, 24 Nov 2026 10:00:00 +0100",
        From: "alice@example.test",
        To: "bob@example.test",
        Bcc: "carol@example.test",
        Subject: "BOX",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=us-ascii",
        "Content-Disposition": "inline",
      },
      "BOX\n",
    ),
  ),
  input(
    "mutt with PGP/MIME",
    "-oem -oi -- bob@example.test",
    header(
      {
        From: "alice@example.test",
        To: "bob@example.test",
        Subject: "BOX",
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/signed; micalg=pgp-sha256;\n\tprotocol="application/pgp-signature"; boundary="s"',
      },
      '--s\nContent-Type: text/plain; charset=us-ascii\n\nBOX\n\n--s\nContent-Type: application/pgp-signature; name="signature.asc"\n\n-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n--s--\n',
    ),
  ),
  input(
    "gpg --clearsign and a long line",
    "-t",
    header(
      { To: "bob@example.test", From: "alice@example.test", Subject: "BOX" },
      `BOX\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${"x".repeat(1200)}\n-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n`,
    ),
    "signed, with a line over 998 octets: mending would break the signature",
  ),
  input(
    "Emacs: message-send-mail-with-sendmail",
    "-oi -f alice@example.test -t -oem -odb",
    header(
      {
        From: "Alice <alice@example.test>",
        To: "bob@example.test",
        Subject: "BOX",
        Date: "Tue, 24 Nov 2026 10:00:00 +0100",
        "User-Agent": "Gnus/5.13",
      },
      "BOX\n",
    ),
  ),
  input(
    "a forwarded message with DKIM",
    "-i -f alice@example.test bob@example.test",
    header(
      {
        "DKIM-Signature": "v=1; a=rsa-sha256; d=example.test; s=x;\n\th=from:to:subject; bh=AAAA; b=AAAA",
        From: "alice@example.test",
        To: "bob@example.test",
        Subject: "BOX",
        Date: "Tue, 24 Nov 2026 10:00:00 +0100",
        "Message-ID": "<dkim.BOX@example.test>",
      },
      "BOX\n",
    ),
  ),
  input(
    "borgmatic's hook",
    "-t",
    "From: borg@BOX.lan\nTo: root@BOX.lan\nSubject: Backup of BOX failed\nX-Priority: 1\n\nborg: BOX: Größe 12 GB\n",
  ),
  input(
    "rsnapshot's report",
    "-t -oi",
    header(
      { To: "root", Subject: "rsnapshot BOX" },
      "SOURCE           TOTAL FILES   FILES TRANS\nBOX                    12,345          67\r  0%\r100%\n",
    ),
  ),
  input(
    "restic by a script",
    "-t -O MaxMessageSize=0 -oB8BITMIME -odf",
    "To: ops@example.test\nSubject: restic BOX\n\n[0:00] 0.00%\r[0:05] 100.00%\rBOX snapshot saved\n",
  ),
  input("Backup Ninja", "-t", "To: root\nSubject: backupninja: BOX success\n\nsuccess -- /etc/backup.d/10.sys BOX\n"),
  input(
    "msmtp's own options",
    "--read-envelope-from -t",
    "From: script@BOX.lan\nTo: ops@example.test\nSubject: BOX\n\nBOX\n",
  ),
  input(
    "-t with recipients as words too",
    "-t bob@example.test",
    "From: script@BOX.lan\nTo: ops@example.test\nSubject: BOX\n\nBOX\n",
    "-t with recipients: some sendmails add those, and some remove them (decision 21)",
  ),
  input(
    "a header line that is no field, and a Bcc after it",
    "-t",
    "To: ops@example.test\nthis is no field\nBcc: bob@example.test\n\nBOX\n",
    "the Bcc would become text that everybody reads",
  ),
  input("a header that ends with a dot", "-t", "To: ops@example.test\nSubject: BOX BOX\n.\n"),
  input(
    "a vacation reply with the null sender",
    "-f <> -i bob@example.test",
    header(
      {
        From: "Alice <alice@example.test>",
        To: "bob@example.test",
        Subject: "Auto: BOX",
        "Auto-Submitted": "auto-replied (vacation)",
      },
      "I am away from BOX\n",
    ),
  ),
  input(
    "a name as first-line text before the header",
    "-t",
    "From alice@example.test  Tue Nov 24 10:00:00 2026\nTo: ops@example.test\nFrom: alice@example.test\nSubject: BOX\n\nBOX\n",
  ),
];
