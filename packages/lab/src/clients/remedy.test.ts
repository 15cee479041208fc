import assert from "node:assert/strict";
import { test } from "node:test";
import { isFailure, outcomes } from "../verdict/outcome.ts";
import { clients } from "./catalogue.ts";
import { words } from "./program.ts";
import { adviceOn } from "../verdict/remedy.ts";

test("every failure but a failed control has advice, in the order of the outcomes, once", () => {
  const advised = adviceOn([...outcomes, ...outcomes].toReversed()).map(({ outcome }) => outcome);
  assert.deepEqual(
    advised,
    outcomes.filter((outcome) => isFailure(outcome) && outcome !== "control-failed"),
  );
});

test("the client's own words come before the general duty", () => {
  const [own, general] = adviceOn(["leaked-message", "hang"], { leak: "set seal = always" });
  assert.deepEqual(own, { outcome: "leaked-message", change: "set seal = always" });
  assert.match(general?.change ?? "", /^limit the wait/);
});

test("advice is words that go on after a colon", () => {
  const texts = clients.flatMap(({ remedies = {}, configurations }) => [
    ...Object.values(remedies),
    ...configurations.flatMap((configuration) => Object.values(configuration.remedies ?? {})),
  ]);
  assert.ok(texts.length > 20);
  for (const text of texts) assert.match(text, /^\S.*[^.\s]$/);
});

test("each default configuration that documents say to leak has words for it", () => {
  const known = words(`
    nodemailer upyo aiosmtplib twisted ruby-net-smtp ruby-mail phpmailer symfony-mailer pear-mail go-net-smtp go-smtp javamail
    curl mutt neomutt mailutils sendemail postfix exim
  `);
  assert.deepEqual(
    known.filter((id) => !clients.some((client) => client.id === id)),
    [],
  );
  for (const { id, configurations } of clients.filter((client) => known.includes(client.id)))
    assert.ok(configurations.find(({ intent }) => intent === "default")?.remedies?.leak, id);
});
