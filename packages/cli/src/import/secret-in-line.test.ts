import assert from "node:assert/strict";
import { test } from "node:test";
import { mayHoldSecret } from "./secret-in-line.ts";

test("a line that prints its own words, or gives them to a program, may hold a secret", () => {
  for (const line of [
    "echo hunter2",
    "/bin/echo hunter2",
    "/usr/bin/env echo hunter2",
    "busybox echo hunter2",
    "ECHO hunter2",
    "e'ch'o hunter2",
    String.raw`\echo hunter2`,
    "sh -c 'echo hunter2'",
    'sh -c "printf %s hunter2"',
    "true;echo hunter2",
    "$(echo hunter2)",
    "`printf hunter2`",
    "cat <<< hunter2",
    "cat<<<hunter2",
    "base64 -d <<<'aHVudGVyMg=='",
    "X=hunter2; cat $X",
    "X='hunter2' printenv X",
    "env X=hunter2 printenv X",
    "(X=hunter2; printenv X)",
    "yes hunter2 | head -1",
    "python3 -c 'print(\"hunter2\")'",
    "perl -e 'print \"hunter2\"'",
    "awk 'BEGIN{print \"hunter2\"}'",
    "ruby -e 'puts :hunter2'",
    "gpg --batch --passphrase hunter2 -d ~/.mail.gpg",
    "openssl enc -d -pass pass:hunter2 -in x",
    "curl https://alice:hunter2@vault.example/secret",
  ]) {
    assert.equal(mayHoldSecret(line), true, line);
  }
});

test("a line that fetches a secret from elsewhere is copied", () => {
  for (const line of [
    "pass show mail",
    "gpg --quiet --decrypt /home/alice/.mail.gpg",
    "gpg -q -d ~/.netrc.gpg | awk '/smtp.example.com/ {print $6}'",
    "gpg --passphrase-file ~/.p -d x",
    "secret-tool lookup service smtp user alice",
    "security find-generic-password -s mail -w",
    "lpass show --password work/mail",
    "sed -n 's/^password=//p' ~/.secrets",
    "grep ^password= ~/.secrets | cut -d= -f2",
    "cat ~/.echo-password",
    "keyring get smtp alice",
    "oauth2ms",
  ]) {
    assert.equal(mayHoldSecret(line), false, line);
  }
});
