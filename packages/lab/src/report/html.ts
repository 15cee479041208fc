/** A report as one self-contained page: it needs no server and no network, and does not trust the texts that it shows. */
import { createHash } from "node:crypto";
import { inertJson } from "./json.ts";
import { pageContent } from "./page/content.ts";
import { script } from "./page/script.ts";
import { style } from "./page/style.ts";
import type { Report } from "./report.ts";
import { circumstancesOf, headlineOf } from "./summary.ts";
import { visible } from "./visible-text.ts";
import { escaped } from "./entities.ts";

/** At most about 6 MB, for 25 client configurations and 263 vectors: a larger page leaves out conversations, those of good outcomes first. */
export function formatHtml(report: Report): string {
  const headline = escaped(visible(headlineOf(report)));
  // The browser accepts only this style and this script, and fetches nothing.
  const policy = [
    // defence: page-fetches-nothing
    "default-src 'none'",
    `style-src '${digest(style)}'`,
    `script-src '${digest(script)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${headline} · Postseal lab</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Ccircle cx='16' cy='16' r='14' fill='%239b1c31'/%3E%3Cpath d='M8 12h16v10H8zl8 6 8-6' fill='none' stroke='white' stroke-width='2'/%3E%3C/svg%3E">
<style>${style}</style>
</head>
<body>
<header class="masthead">
<p class="brand">Postseal lab</p>
<button type="button" id="theme">Dark</button>
<h1>${headline}</h1>
<p class="circumstances">${escaped(visible(circumstancesOf(report)))} <time>${escaped(visible(report.startedAt.replace(/^(\S{10})T(\d\d:\d\d).*Z$/, "$1 $2 UTC")))}</time></p>
</header>
<main id="main"><noscript>This page draws itself with a script of its own, which is switched off here. The JSON of the report says the same.</noscript></main>
<dialog id="conversation" aria-labelledby="conversation-title" closedby="any"></dialog>
<script type="application/json" id="report">${inertJson(pageContent(report))}</script>
<script>${script}</script>
</body>
</html>
`;
}

function digest(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
