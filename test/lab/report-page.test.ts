/** A report's page in a browser, also for a reader without a mouse. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, suite, test } from "node:test";
import { pathToFileURL } from "node:url";
import {
  canaries,
  type ClientReport,
  type EntryRecord,
  formatHtml,
  type Outcome,
  outcomes,
  type Report,
  makePrivateFolder,
} from "@postseal/lab";
import { type Browser, type Page, chromium } from "playwright-core";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((file) =>
  existsSync(file),
);
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

const HOSTILE =
  "\u001b[2J</script><script>document.title = 'taken'</script><img src=x onerror=\"document.title='taken'\">";
const LOGIN = `AUTH PLAIN ${Buffer.from(`\0${canaries.username}\0${canaries.password}`).toString("base64")}\r\n`;
/** The part of it that is the password, which begins at the sixth octet and so at the eighth character. */
const ENCODED = LOGIN.slice("AUTH PLAIN ".length + 8).replace(/=*\r\n$/, "");

function entry(by: EntryRecord["by"], channel: EntryRecord["channel"], text: string, leaked = ""): EntryRecord {
  const from = text.indexOf(leaked);
  return { by, channel, text, leaks: leaked === "" ? [] : [{ from, to: from + leaked.length, what: "password" }] };
}

/** Each vector has another outcome; all have the same conversation. */
function client(configuration: string): ClientReport {
  return {
    id: "skua",
    title: "skua 0.9",
    configuration,
    command: ["skua", "{host}"],
    runs: outcomes.map((outcome) => ({
      vector: idOf(outcome),
      outcome,
      findings:
        outcome === "leaked-credentials" ? [{ verdict: outcome, evidence: `password in the clear ${HOSTILE}` }] : [],
      canaries,
      client: { exitCode: 1, signal: null, timedOut: false, output: `${HOSTILE}\n` },
      durationMs: 10,
      connections: [
        {
          handshake: "completed",
          tls: { protocol: "TLSv1.3", cipherSuite: "TLS_AES_256_GCM_SHA384" },
          entries: [
            entry("server", "clear", `220 ${Buffer.from(HOSTILE).toString("latin1")}\r\n`),
            entry("client", "clear", LOGIN, ENCODED),
            entry("client", "tls", "QUIT\r\n"),
          ],
          omitted: 0,
        },
      ],
    })),
  };
}

function idOf(outcome: Outcome): string {
  return `A${outcomes.indexOf(outcome) + 1}-${outcome}`;
}

function reportOf(...configurations: readonly string[]): Report {
  return {
    format: "postseal-lab-report",
    version: 1,
    startedAt: "2026-11-07T09:30:00.000Z",
    durationMs: 1000,
    isolation: "loopback",
    isolationNote: `No namespaces ${HOSTILE}`,
    vectors: outcomes.map((outcome) => ({
      id: idOf(outcome),
      title: `a title ${HOSTILE}`,
      attack: "Remove STARTTLS.",
      duty: "Fail.",
      sources: ["RFC 3207 section 6", HOSTILE],
      severity: "critical",
      transport: "starttls",
      expected: "held",
    })),
    clients: configurations.map(client),
    absent: [{ id: "x", name: HOSTILE }],
  };
}

const reports = { one: reportOf("--tls"), few: reportOf("--a", "--b"), many: reportOf("1", "2", "3", "4", "5") };

/** The contrast of colour and background (WCAG 2.2, 1.4.3) of each element with text of its own. */
const CONTRASTS = `(() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const octetsOf = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (octets) => {
    const [red, green, blue] = octets.slice(0, 3).map((octet) => octet / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const backgroundOf = (element) => {
    const octets = octetsOf(getComputedStyle(element).backgroundColor);
    return octets[3] === 255 || element.parentElement === null ? octets : backgroundOf(element.parentElement);
  };
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
  return [...document.querySelectorAll("body *:not(script):not(noscript)")]
    .filter((element) => hasText(element) && element.checkVisibility())
    .map((element) => {
      const lights = [octetsOf(getComputedStyle(element).color), backgroundOf(element)].map(luminance).sort((one, other) => other - one);
      return { ratio: (lights[0] + 0.05) / (lights[1] + 0.05), what: element.className + " " + element.textContent.slice(0, 40) };
    });
})()`;

suite("the page of a report", { skip: executablePath === undefined ? "there is no Chromium" : false }, () => {
  let browser: Browser;
  let folder: string;

  before(async () => {
    folder = makePrivateFolder("page");
    for (const [name, report] of Object.entries(reports))
      await writeFile(path.join(folder, `${name}.html`), formatHtml(report));
    browser = await chromium.launch({ executablePath: executablePath ?? "", args: ARGUMENTS });
  });

  after(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  interface Visit {
    readonly page: Page;
    readonly address: string;
    /** Messages of the console, and uncaught errors. */
    readonly complaints: readonly string[];
    readonly requests: readonly string[];
    [Symbol.asyncDispose](): Promise<void>;
  }

  async function visit(name: keyof typeof reports, scheme: "light" | "dark" = "light", width = 1300): Promise<Visit> {
    const page = await browser.newPage({ colorScheme: scheme, viewport: { width, height: 900 } });
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => requests.push(request.url()));
    const address = pathToFileURL(path.join(folder, `${name}.html`)).href;
    await page.goto(address);
    return { page, address, complaints, requests, [Symbol.asyncDispose]: () => page.close() };
  }

  /** What has the focus: the label of a cell, or the id of another element. */
  function focus(page: Page): Promise<string> {
    return page.evaluate<string>(
      `document.activeElement.getAttribute("aria-label") ?? (document.activeElement.id || document.activeElement.localName)`,
    );
  }

  async function tabToGrid(page: Page): Promise<void> {
    for (let presses = 0; presses < 4; presses += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate<boolean>(`document.activeElement.localName === "td"`)) return;
    }
    assert.fail(`the focus is on ${await focus(page)}, not in the grid`);
  }

  for (const name of ["one", "few", "many"] as const) {
    test(`the page fetches nothing and logs no error: ${name}`, async () => {
      await using visited = await visit(name);
      await visited.page.locator("td.cell").first().click();
      await visited.page.keyboard.press("Escape");
      assert.deepEqual(visited.complaints, []);
      // Pictures in the style are data URLs, part of the page itself.
      assert.deepEqual(
        visited.requests.filter((request) => !request.startsWith("data:")),
        [visited.address],
      );
    });

    for (const scheme of ["light", "dark"] as const) {
      for (const width of [1300, 390]) {
        test(`every text has enough contrast, and nothing is wider than the screen: ${name}, ${scheme}, ${width} wide`, async () => {
          await using visited = await visit(name, scheme, width);
          const { page } = visited;
          const closed = await contrasts(page);
          assert.equal(await overhang(page, "html"), 0);
          await page.locator("td.cell").first().click();
          assert.equal(await overhang(page, "dialog"), 0);
          const measured = [...closed, ...(await contrasts(page))];
          assert.ok(measured.length > 60);
          assert.deepEqual(
            measured.filter(({ ratio }) => ratio < 4.5),
            [],
          );
        });
      }
    }
  }

  function overhang(page: Page, selector: string): Promise<number> {
    return page.evaluate<number>(
      `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector("${selector}"))`,
    );
  }

  function contrasts(page: Page): Promise<readonly { readonly ratio: number; readonly what: string }[]> {
    return page.evaluate<readonly { readonly ratio: number; readonly what: string }[]>(CONTRASTS);
  }

  test("even code in the page cannot fetch", async () => {
    await using visited = await visit("one");
    const refused = await visited.page.evaluate(`new Promise((resolve) => {
      addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
      // Without a policy the fetch fails, since nobody listens there, and no violation is reported.
      fetch("http://127.0.0.1:9/").catch(() => setTimeout(resolve, 1000, "no policy"));
    })`);
    assert.equal(refused, "connect-src");
  });

  test("the grid is one stop of the Tab key, and arrows move inside it", async () => {
    await using visited = await visit("few");
    const { page } = visited;
    await tabToGrid(page);
    assert.match(await focus(page), /^skua 0\.9 --a, A1-leaked-credentials .*: leaked-credentials$/);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    assert.match(await focus(page), /^skua 0\.9 --b, A2-leaked-message /);
    await page.keyboard.press("ArrowRight");
    assert.match(await focus(page), /^skua 0\.9 --b, A2-/);
    await page.keyboard.press("Control+End");
    assert.match(await focus(page), /^skua 0\.9 --b, A12-held /);
    await page.keyboard.press("Home");
    assert.match(await focus(page), /^skua 0\.9 --a, A12-/);
    await page.keyboard.press("PageUp");
    assert.match(await focus(page), /^skua 0\.9 --a, A2-/);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(`document.activeElement.closest("table")`), null);
    await page.keyboard.press("Shift+Tab");
    assert.match(await focus(page), /^skua 0\.9 --a, A2-/);
  });

  for (const key of ["Enter", "Space"]) {
    test(`${key} opens the conversation, Escape closes it, and the focus is where it was`, async () => {
      await using visited = await visit("few");
      const { page } = visited;
      await tabToGrid(page);
      await page.keyboard.press("ArrowDown");
      const opener = await focus(page);
      await page.keyboard.press(key);
      const dialog = page.getByRole("dialog", { name: "A2-leaked-message" });
      assert.ok(await dialog.isVisible());
      assert.equal(await focus(page), "conversation-title");
      await page.keyboard.press("Escape");
      assert.ok(!(await dialog.isVisible()));
      assert.equal(await focus(page), opener);
    });
  }

  test("the button closes the conversation too", async () => {
    await using visited = await visit("many", "light", 390);
    const { page } = visited;
    await page.locator("td.cell").first().click();
    await page.getByRole("button", { name: "Close" }).click();
    assert.ok(!(await page.getByRole("dialog").isVisible()));
    assert.match(await focus(page), /^skua 0\.9 1, A1-/);
  });

  test("on a narrow screen the evidence is in the grid, in full, and first in the conversation", async () => {
    await using visited = await visit("one", "light", 390);
    const { page } = visited;
    const evidence = page.locator("td.cell .seen").first();
    assert.match(await evidence.innerText(), /^password in the clear \\x1b/);
    const [size = 0, hidden = 0] = await page.evaluate<readonly number[]>(
      `((seen) => [Number.parseFloat(getComputedStyle(seen).fontSize), seen.scrollWidth - seen.clientWidth])(document.querySelector("td.cell .seen"))`,
    );
    assert.ok(size >= 13);
    assert.equal(hidden, 0);
    await evidence.click();
    const first = page.locator("dialog .findings, dialog .turn").first();
    assert.match(await first.innerText(), /password in the clear/);
  });

  test("each part of a row with one client opens the conversation, since all of it looks as if", async () => {
    await using visited = await visit("one");
    const { page } = visited;
    for (const part of ["th", "td.cell", "td.evidence"]) {
      await page.locator(`tr[data-vector] > ${part}`).nth(1).click();
      assert.ok(await page.getByRole("dialog", { name: "A2-leaked-message" }).isVisible(), part);
      await page.keyboard.press("Escape");
    }
  });

  test("what leaked is marked, named and decoded", async () => {
    await using visited = await visit("one");
    const { page } = visited;
    await page.locator("td.cell").first().click();
    const mark = page.locator("mark");
    assert.equal(await mark.count(), 1);
    assert.equal(await mark.textContent(), ENCODED);
    assert.equal(await mark.getAttribute("title"), "password");
    assert.deepEqual(await page.locator(".leaked").allTextContents(), ["leaked: password"]);
    assert.deepEqual(await page.locator(".decoded code").allTextContents(), [
      `\\0${canaries.username}\\0${canaries.password}`,
    ]);
  });

  test("words distinguish clear text from ciphertext, and control characters are spelled out", async () => {
    await using visited = await visit("one");
    const { page } = visited;
    await page.locator("td.cell").first().click();
    assert.deepEqual(await page.locator(".channel").allTextContents(), [
      "in the clear: anybody on the path can read it",
      "inside TLS: on the path it is ciphertext",
    ]);
    assert.equal(await page.locator(".sealed pre").textContent(), "QUIT\\r\\n\n");
    assert.match((await page.locator(".clear .server pre").textContent()) ?? "", /^220 \\x1b\[2J<\/script>/);
    assert.match((await page.locator(".output").textContent()) ?? "", /^\\x1b\[2J<\/script>/);
  });

  test("each cell says its outcome in words", async () => {
    await using visited = await visit("many");
    const labels = await visited.page.locator("tbody tr td.cell:nth-child(2)").allTextContents();
    assert.equal(new Set(labels).size, outcomes.length);
    assert.ok(labels.every((label) => label.trim() !== ""));
  });

  test("hostile text stays text", async () => {
    await using visited = await visit("few");
    const { page } = visited;
    await page.locator("td.cell").first().click();
    assert.doesNotMatch(await page.title(), /^taken$/);
    assert.equal(await page.locator("img, main script, dialog script").count(), 0);
    assert.equal(await page.locator("script").count(), 2);
    assert.ok(await page.getByText("document.title = 'taken'").first().isVisible());
    const links = await page.locator("a").evaluateAll((found) => found.map(String));
    assert.deepEqual(links, ["https://www.rfc-editor.org/rfc/rfc3207#section-6"]);
  });

  test("the switch shows only the vectors that a client failed, and the keys skip the others", async () => {
    await using visited = await visit("few");
    const { page } = visited;
    await page.getByRole("checkbox").check();
    assert.equal(await page.locator("tr[data-vector]:visible").count(), 8);
    await tabToGrid(page);
    await page.keyboard.press("Control+End");
    assert.match(await focus(page), /A8-crash/);
  });

  test("the button switches between light and dark", async () => {
    await using visited = await visit("one", "light");
    const { page } = visited;
    const paper = (): Promise<string> =>
      page.evaluate<string>("getComputedStyle(document.documentElement).backgroundColor");
    const light = await paper();
    await page.getByRole("button", { name: "Switch to dark colours" }).click();
    const dark = await paper();
    assert.notEqual(dark, light);
    await page.getByRole("button", { name: "Switch to light colours" }).click();
    assert.equal(await paper(), light);
  });
});
