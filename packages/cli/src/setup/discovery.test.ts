import assert from "node:assert/strict";
import { test } from "node:test";
import { outgoingServers } from "./autoconfig.ts";
import { discover as discoverUntil, type Found, type Sources, type SrvRecord } from "./discovery.ts";
import { providers } from "./providers.ts";

interface Net {
  readonly srv?: Readonly<Record<string, readonly Partial<SrvRecord>[]>>;
  readonly pages?: Readonly<Record<string, string>>;
}

/** The DNS names and pages that exist, and a record of what was asked for. */
function world({ srv = {}, pages = {} }: Net): Sources & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    srv: async (name) => {
      asked.push(name);
      const records = srv[name];
      if (records === undefined) throw Object.assign(new Error(name), { code: "ENOTFOUND" });
      return records.map((record) => ({ name: "", port: 465, priority: 0, weight: 0, ...record }));
    },
    text: async (url) => {
      asked.push(url);
      return pages[url];
    },
  };
}

const discover = (address: string, sources: Sources): Promise<Found | undefined> =>
  discoverUntil(address, sources, new AbortController().signal);

const server = (socket: string, host = "smtp.example.test", port = 587): string =>
  `<outgoingServer type="smtp"><hostname>${host}</hostname><port>${port}</port><socketType>${socket}</socketType><username>%EMAILADDRESS%</username></outgoingServer>`;
const page = (...servers: readonly string[]): string =>
  `<clientConfig version="1.1"><emailProvider>${servers.join("")}</emailProvider></clientConfig>`;

test("a provider in the table is found without a request", async () => {
  const net = world({});
  const found = await discover("alice@GMail.com", net);
  assert.equal(found?.server, "submissions://smtp.gmail.com");
  assert.match(found.note ?? "", /app password/);
  assert.deepEqual(net.asked, []);
});

test("the mailer accepts every server in the table, and each domain occurs once", async () => {
  const { createMailer } = await import("@postseal/mailer");
  for (const provider of providers) assert.ok(createMailer(provider.server));
  const domains = providers.flatMap((provider) => provider.domains);
  assert.equal(new Set(domains).size, domains.length);
});

test("SRV records for TLS from the start are asked for first, and the lowest priority value is taken", async () => {
  const net = world({
    srv: {
      "_submissions._tcp.example.test": [
        { name: "b.example.test", priority: 10 },
        { name: "a.example.test.", priority: 5, port: 4465 },
      ],
      "_submission._tcp.example.test": [{ name: "c.example.test", port: 587 }],
    },
  });
  const found = await discover("alice@example.test", net);
  assert.equal(found?.server, "submissions://a.example.test:4465");
  assert.ok(found.isOwn);
  assert.match(found.source, /_submissions\._tcp\.example\.test, which is not signed/);
  const later = world({
    srv: {
      "_submissions._tcp.example.test": [{ name: "." }],
      "_submission._tcp.example.test": [{ name: "c.example.test", port: 587 }],
    },
  });
  assert.equal((await discover("alice@example.test", later))?.server, "submission://c.example.test");
});

test("an SRV record with port 0, or with an address for a name, is no server", async () => {
  for (const record of [
    { name: "mail.example.test", port: 0 },
    { name: "192.0.2.1", port: 465 },
    { name: "192.0.2.1.", port: 465 },
    { name: "3221225985", port: 465 },
    { name: "2001:db8::1", port: 465 },
    { name: "", port: 465 },
    { name: ".", port: 465 },
  ]) {
    const net = world({ srv: { "_submissions._tcp.example.test": [record] } });
    assert.equal(await discover("alice@example.test", net), undefined, record.name);
  }
});

test("one deadline ends all of discovery: nothing further is asked", async () => {
  const { signal, abort } = abortable();
  const asked: string[] = [];
  const silent: Sources = {
    srv: (name) => {
      asked.push(name);
      return new Promise((_resolve, reject) => {
        if (signal.aborted) reject(signal.reason);
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        abort();
      });
    },
    text: async (url) => void asked.push(url),
  };
  assert.equal(await discoverUntil("alice@example.test", silent, signal), undefined);
  assert.deepEqual(asked, ["_submissions._tcp.example.test", "_submission._tcp.example.test"]);
});

function abortable(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

test("a host outside the domain is marked, since it could be anybody's", async () => {
  for (const [name, isOwn] of [
    ["mail.example.test", true],
    ["example.test", true],
    ["mail.provider.test", false],
    ["mail.badexample.test", false],
    ["example.test.evil.test", false],
  ] as const) {
    const found = await discover(
      "alice@example.test",
      world({ srv: { "_submissions._tcp.example.test": [{ name }] } }),
    );
    assert.equal(found?.isOwn, isOwn, name);
  }
});

test("autoconfig is fetched over HTTPS, without the address, and only servers with TLS are taken", async () => {
  const own = "https://autoconfig.example.test/mail/config-v1.1.xml";
  const ispdb = "https://autoconfig.thunderbird.net/v1.1/example.test";
  const net = world({
    pages: { [ispdb]: page(server("plain"), server("STARTTLS"), server("SSL", "smtps.example.test", 465)) },
  });
  const found = await discover("alice@example.test", net);
  assert.equal(found?.server, "submissions://smtps.example.test");
  assert.equal(found.username, "alice@example.test");
  assert.deepEqual(net.asked.slice(2), [own, ispdb]);
  assert.ok(net.asked.every((asked) => !asked.includes("alice")));
  assert.equal(await discover("alice@example.test", world({ pages: { [own]: page(server("plain")) } })), undefined);
});

test("an autoconfig entry that is not a mail server with TLS is ignored, however it is written", () => {
  assert.deepEqual(outgoingServers(page(server("STARTTLS"))), [
    { host: "smtp.example.test", port: 587, implicit: false, username: "%EMAILADDRESS%" },
  ]);
  for (const xml of [
    page(server("none")),
    page(server("STARTTLS", "a b")),
    page(server("STARTTLS", "x&amp;y.test")),
    page(server("STARTTLS", "x.test", 0)),
    page(server("STARTTLS", "x.test", 70_000)),
    `<!-- ${server("SSL")} -->`,
    server("SSL").replace('type="smtp"', 'type="imap"'),
    '<outgoingServer type="smtp">'.repeat(10_000),
    "",
  ]) {
    assert.deepEqual(outgoingServers(xml), [], xml.slice(0, 80));
  }
});
