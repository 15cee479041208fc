import assert from "node:assert/strict";
import { test } from "node:test";
import wellKnown from "nodemailer/lib/well-known";
import { providerNamed, providerOf, providers } from "./providers.ts";

test("every row has the host, the transport and the domains of Nodemailer's list", () => {
  assert.ok(providers.length >= 10);
  for (const { name, domains, server } of providers) {
    const listed = wellKnown(name);
    assert.ok(listed !== false, `${name} is not in the list`);
    const { secure, host, port } = listed;
    assert.equal(server, `${secure === true ? "submissions" : "submission"}://${host}`, name);
    assert.equal(port, secure === true ? 465 : 587, name);
    for (const domain of domains) assert.deepEqual(wellKnown(domain), listed, domain);
  }
});

test("a provider is found by the domain of an address, and by Nodemailer's name for it", () => {
  assert.equal(providerOf("GoogleMail.com")?.name, "Gmail");
  assert.equal(providerOf("example.com"), undefined);
  assert.equal(providerNamed("outlook 365")?.server, "submission://smtp.office365.com");
});
