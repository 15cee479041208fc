/** Chains whose names, or whose constraints on names, are unusual: the other half of `chain-cases.ts`. */
import type { Name } from "@postseal/lab";
import { dns, ip, section } from "./section.ts";
import type { Case, Sheet } from "./sheet.ts";

const SMTP = "smtp.example.test";
const names = section(
  "RFC 9525 section 6: the server's name is in a subjectAltName of the right kind, and a wildcard is the whole of the first label",
  [
    ["name/exact", "accepted", {}],
    ["name/in-capitals", "accepted", { leaf: { names: dns("SMTP.Example.TEST") } }],
    ["name/dialled-in-capitals", "accepted", {}, "SMTP.Example.TEST"],
    ["name/dialled-with-a-trailing-dot", "accepted", {}, "smtp.example.test."],
    ["name/with-a-trailing-dot", "refused", { leaf: { names: dns("smtp.example.test.") } }],
    ["name/with-a-leading-dot", "refused", { leaf: { names: dns(".example.test") } }],
    ["name/another", "refused", { leaf: { names: dns("imap.example.test") } }],
    ["name/last-of-many", "accepted", { leaf: { names: dns("a.example.test", "b.example.test", SMTP) } }],
    ["name/parent", "refused", { leaf: { names: dns("example.test") } }],
    ["name/child", "refused", { leaf: { names: dns("a.smtp.example.test") } }],
    ["name/a-letter-more", "refused", { leaf: { names: dns("xsmtp.example.test") } }],
    ["name/with-a-NUL-behind-it", "refused", { leaf: { names: dns("smtp.example.test\0.attacker.example") } }],
    ["name/with-a-space-behind-it", "refused", { leaf: { names: dns("smtp.example.test ") } }],
    ["name/empty", "refused", { leaf: { names: dns("") } }],
    ["name/none-and-the-common-name-fits", "refused", { leaf: { names: [], subject: SMTP } }],
    ["name/another-and-the-common-name-fits", "refused", { leaf: { names: dns("imap.example.test"), subject: SMTP } }],
    [
      "name/only-email-and-the-common-name-fits",
      "refused",
      { leaf: { names: [["email", "a@example.test"]], subject: SMTP } },
    ],
    ["name/only-an-address-and-the-common-name-fits", "refused", { leaf: { names: ip("192.0.2.1"), subject: SMTP } }],
    ["name/as-an-email", "refused", { leaf: { names: [["email", SMTP]] } }],
    ["name/as-a-URI", "refused", { leaf: { names: [["uri", `smtp://${SMTP}`]] } }],
    ["name/as-an-otherName", "refused", { leaf: { names: [["other", SMTP]] } }],
    ["name/as-a-directory-name", "refused", { leaf: { names: [["directory", SMTP]] } }],
    [
      "name/beside-an-otherName",
      "accepted",
      {
        leaf: {
          names: [
            ["other", "x"],
            ["dns", SMTP],
          ],
        },
      },
    ],
    ["name/critical-with-a-subject", "accepted", { leaf: { namesAreCritical: true } }],
    ["name/critical-without-a-subject", "accepted", { leaf: { subject: "", namesAreCritical: true } }],
    ["name/not-critical-without-a-subject", "refused", { leaf: { subject: "" } }],
    ["name/with-an-underscore", "accepted", { leaf: { names: dns("foo_bar.example.test") } }, "foo_bar.example.test"],
    ["name/A-labels", "accepted", { leaf: { names: dns("xn--4cab6c.example.test") } }, "xn--4cab6c.example.test"],
    [
      "name/A-labels-dialled-as-U-labels",
      "accepted",
      { leaf: { names: dns("xn--4cab6c.example.test") } },
      "åäö.example.test",
    ],
    [
      "name/U-labels-in-UTF-8",
      "refused",
      { leaf: { names: [["hex", `8213${Buffer.from("åäö.example.test").toString("hex")}`]] } },
      "åäö.example.test",
    ],
    ["wildcard/first-label", "accepted", { leaf: { names: dns("*.example.test") } }],
    ["wildcard/for-no-label", "refused", { leaf: { names: dns("*.smtp.example.test") } }],
    ["wildcard/for-two-labels", "refused", { leaf: { names: dns("*.example.test") } }, "a.b.example.test"],
    ["wildcard/for-the-parent", "refused", { leaf: { names: dns("*.example.test") } }, "example.test"],
    ["wildcard/in-the-second-label", "refused", { leaf: { names: dns("smtp.*.test") } }],
    ["wildcard/at-the-start-of-a-label", "refused", { leaf: { names: dns("*tp.example.test") } }],
    ["wildcard/at-the-end-of-a-label", "refused", { leaf: { names: dns("sm*.example.test") } }],
    ["wildcard/inside-a-label", "refused", { leaf: { names: dns("s*p.example.test") } }],
    ["wildcard/twice", "refused", { leaf: { names: dns("*.*.test") } }],
    ["wildcard/alone", "refused", { leaf: { names: dns("*") } }],
    ["wildcard/alone-for-one-label", "refused", { leaf: { names: dns("*") } }, "smtp"],
    ["wildcard/for-a-top-level-domain", "refused", { leaf: { names: dns("*.test") } }, "example.test"],
    ["wildcard/for-a-public-suffix", "refused", { leaf: { names: dns("*.co.uk") } }, "example.co.uk"],
    [
      "wildcard/inside-an-A-label",
      "refused",
      { leaf: { names: dns("xn--*.example.test") } },
      "xn--4cab6c.example.test",
    ],
    ["wildcard/for-an-A-label", "accepted", { leaf: { names: dns("*.example.test") } }, "xn--4cab6c.example.test"],
    ["wildcard/in-the-common-name-alone", "refused", { leaf: { names: [], subject: "*.example.test" } }],
    ["address/IPv4", "accepted", { leaf: { names: ip("192.0.2.1") } }, "192.0.2.1"],
    ["address/IPv4-another", "refused", { leaf: { names: ip("192.0.2.2") } }, "192.0.2.1"],
    ["address/IPv4-as-a-DNS-name", "refused", { leaf: { names: dns("192.0.2.1") } }, "192.0.2.1"],
    ["address/IPv4-in-the-common-name-alone", "refused", { leaf: { names: [], subject: "192.0.2.1" } }, "192.0.2.1"],
    ["address/IPv4-as-an-IPv6-one", "refused", { leaf: { names: ip("0:0:0:0:0:ffff:c000:0201") } }, "192.0.2.1"],
    ["address/IPv4-and-a-wildcard", "refused", { leaf: { names: dns("*.0.2.1") } }, "192.0.2.1"],
    ["address/IPv6", "accepted", { leaf: { names: ip("2001:db8:0:0:0:0:0:1") } }, "[2001:db8::1]"],
    [
      "address/IPv6-written-long",
      "accepted",
      { leaf: { names: ip("2001:db8:0:0:0:0:0:1") } },
      "[2001:0DB8:0:0:0:0:0:1]",
    ],
    ["address/IPv6-another", "refused", { leaf: { names: ip("2001:db8:0:0:0:0:0:2") } }, "[2001:db8::1]"],
    ["address/of-five-octets", "refused", { leaf: { names: [["hex", "8705c000020100"]] } }, "192.0.2.1"],
    ["address/in-an-email", "refused", { leaf: { names: [["email", "192.0.2.1"]] } }, "192.0.2.1"],
  ],
);

const within = (permit: readonly Name[], exclude: readonly Name[] = []): Sheet => ({ permit, exclude });
const leafOf = (...list: readonly Name[]): Sheet => ({ names: list });
const smtp: Name = ["dns", SMTP];
const scopes = section("RFC 5280 section 4.2.1.10: every name below an authority is inside what it may vouch for", [
  ["scope/permitted-dns", "accepted", { authorities: [within(dns("example.test"))] }],
  ["scope/permitted-dns-itself", "accepted", { authorities: [within(dns(SMTP))] }],
  ["scope/permitted-dns-elsewhere", "refused", { authorities: [within(dns("example.com"))] }],
  ["scope/permitted-dns-is-a-suffix-but-no-parent", "refused", { authorities: [within(dns("ple.test"))] }],
  ["scope/permitted-dns-with-a-leading-dot", "refused", { authorities: [within(dns(".example.test"))] }],
  ["scope/permitted-dns-with-a-wildcard", "refused", { authorities: [within(dns("*.example.test"))] }],
  ["scope/permitted-dns-in-capitals", "accepted", { authorities: [within(dns("EXAMPLE.TEST"))] }],
  ["scope/permitted-dns-empty-is-everything", "accepted", { authorities: [within(dns(""))] }],
  [
    "scope/permitted-dns-and-one-name-outside",
    "refused",
    { authorities: [within(dns("example.test"))], leaf: leafOf(smtp, ["dns", "a.example.com"]) },
  ],
  [
    "scope/permitted-dns-and-a-wildcard-inside",
    "accepted",
    { authorities: [within(dns("example.test"))], leaf: leafOf(["dns", "*.example.test"]) },
  ],
  [
    "scope/permitted-dns-and-a-wildcard-that-reaches-out",
    "refused",
    { authorities: [within(dns(SMTP))], leaf: leafOf(["dns", "*.example.test"]) },
  ],
  ["scope/excluded-dns", "refused", { authorities: [within([], dns("example.test"))] }],
  ["scope/excluded-dns-elsewhere", "accepted", { authorities: [within([], dns("example.com"))] }],
  [
    "scope/excluded-dns-of-a-second-name",
    "refused",
    { authorities: [within([], dns("imap.example.test"))], leaf: leafOf(smtp, ["dns", "imap.example.test"]) },
  ],
  [
    "scope/excluded-dns-that-a-wildcard-covers",
    "refused",
    { authorities: [within(dns("example.test"), dns("bar.example.test"))], leaf: leafOf(["dns", "*.example.test"]) },
    "bar.example.test",
  ],
  ["scope/excluded-dns-empty-is-everything", "refused", { authorities: [within([], dns(""))] }],
  ["scope/permitted-and-excluded", "refused", { authorities: [within(dns("example.test"), dns("example.test"))] }],
  [
    "scope/not-critical",
    "refused",
    { authorities: [{ ...within(dns("example.com")), constraintsAreCritical: false }] },
  ],
  [
    "scope/narrower-below",
    "refused",
    { authorities: [within(dns(SMTP, "imap.example.test")), within(dns("imap.example.test"))] },
  ],
  [
    "scope/does-not-widen-below",
    "refused",
    { authorities: [within(dns("imap.example.test")), within(dns("example.test"))] },
  ],
  ["scope/of-a-leaf", "accepted", { leaf: within(dns("example.com")) }],
  ["scope/of-another-kind", "accepted", { authorities: [within(ip("192.0.2.0/255.255.255.0"))] }],
  [
    "scope/permitted-address",
    "accepted",
    { authorities: [within(ip("192.0.2.0/255.255.255.0"))], leaf: leafOf(["ip", "192.0.2.1"]) },
    "192.0.2.1",
  ],
  [
    "scope/permitted-address-elsewhere",
    "refused",
    { authorities: [within(ip("192.0.3.0/255.255.255.0"))], leaf: leafOf(["ip", "192.0.2.1"]) },
    "192.0.2.1",
  ],
  [
    "scope/excluded-address",
    "refused",
    { authorities: [within([], ip("192.0.2.0/255.255.255.0"))], leaf: leafOf(["ip", "192.0.2.1"]) },
    "192.0.2.1",
  ],
  [
    "scope/excluded-address-of-a-second-name",
    "refused",
    { authorities: [within([], ip("192.0.2.0/255.255.255.0"))], leaf: leafOf(smtp, ["ip", "192.0.2.1"]) },
  ],
  [
    "scope/permitted-IPv6",
    "accepted",
    {
      authorities: [within(ip("2001:db8:0:0:0:0:0:0/ffff:ffff:0:0:0:0:0:0"))],
      leaf: leafOf(["ip", "2001:db8:0:0:0:0:0:1"]),
    },
    "[2001:db8::1]",
  ],
  [
    "scope/excluded-IPv6",
    "refused",
    {
      authorities: [within([], ip("2001:db8:0:0:0:0:0:0/ffff:ffff:0:0:0:0:0:0"))],
      leaf: leafOf(["ip", "2001:db8:0:0:0:0:0:1"]),
    },
    "[2001:db8::1]",
  ],
  [
    "scope/address-with-a-broken-mask",
    "refused",
    { authorities: [within(ip("192.0.2.0/255.0.255.0"))], leaf: leafOf(["ip", "192.0.2.1"]) },
    "192.0.2.1",
  ],
  [
    "scope/address-without-a-mask",
    "refused",
    { authorities: [within(ip("192.0.2.1"))], leaf: leafOf(["ip", "192.0.2.1"]) },
    "192.0.2.1",
  ],
  ["scope/permitted-directory-name", "accepted", { authorities: [{ permit: [["directory", "Material leaf"]] }] }],
  [
    "scope/permitted-directory-name-elsewhere",
    "refused",
    { authorities: [{ permit: [["directory", "Somebody else"]] }] },
  ],
  ["scope/excluded-directory-name", "refused", { authorities: [{ exclude: [["directory", "Material leaf"]] }] }],
  ["scope/permitted-email-and-no-email", "accepted", { authorities: [{ permit: [["email", "example.com"]] }] }],
  [
    "scope/permitted-email-and-one-outside",
    "refused",
    { authorities: [{ permit: [["email", "example.com"]] }], leaf: leafOf(smtp, ["email", "a@example.test"]) },
  ],
  [
    "scope/permitted-email-with-a-quoted-at",
    "refused",
    {
      authorities: [{ permit: [["email", "example.com"]] }],
      leaf: leafOf(smtp, ["email", '"a@example.com"@example.test']),
    },
  ],
  [
    "scope/permitted-URI-and-one-outside",
    "refused",
    { authorities: [{ permit: [["uri", "example.com"]] }], leaf: leafOf(smtp, ["uri", "https://example.test/"]) },
  ],
  ["scope/of-an-unknown-kind-and-no-such-name", "accepted", { authorities: [{ permit: [["other", "x"]] }] }],
  [
    "scope/of-an-unknown-kind-and-such-a-name",
    "refused",
    { authorities: [{ permit: [["other", "x"]] }], leaf: leafOf(smtp, ["other", "y"]) },
  ],
  [
    "scope/permitted-dns-and-an-authority-with-a-name-outside",
    "refused",
    { authorities: [within(dns("example.test")), { names: dns("a.example.com") }] },
  ],
  [
    "scope/permitted-dns-and-a-self-issued-authority-with-a-name-outside",
    "accepted",
    {
      authorities: [
        { ...within(dns("example.test")), subject: "Same" },
        { subject: "Same", names: dns("a.example.com") },
      ],
    },
  ],
  [
    "scope/permitted-dns-and-the-common-name-outside",
    "accepted",
    { authorities: [within(dns("example.test"))], leaf: { subject: "a.example.com" } },
  ],
  [
    "scope/permitted-dns-and-only-the-common-name-outside",
    "refused",
    { authorities: [within(dns("example.test"))], leaf: { subject: "a.example.com", names: ip("192.0.2.1") } },
  ],
  [
    "scope/permitted-dns-and-an-address-dialled-with-the-common-name-outside",
    "accepted",
    { authorities: [within(dns("example.test"))], leaf: { subject: "a.example.com", names: ip("192.0.2.1") } },
    "192.0.2.1",
  ],
  [
    "scope/of-a-thousand-names",
    "accepted",
    {
      authorities: [
        within(
          [],
          Array.from({ length: 500 }, (_, index) => ["dns", `x${index}.example`]),
        ),
      ],
      leaf: leafOf(smtp, ...Array.from({ length: 500 }, (_, index): Name => ["dns", `t${index}.example.test`])),
    },
  ],
]);

export const nameCases: readonly Case[] = [...names, ...scopes];
