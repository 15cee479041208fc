/** The style of the page, as one text: the colours, then the frame, the grid and the conversation. */
import { dialogStyle } from "./style-dialog.ts";
import { matrixStyle } from "./style-matrix.ts";

/** Each colour for light and for dark mode. Bad outcomes have a strong colour with white text; good ones are inconspicuous. */
const colours = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#faf8f3, #15171b);
  --card: light-dark(#ffffff, #1d2026);
  --ink: light-dark(#1f1d1a, #e8e4db);
  --quiet: light-dark(#5f5a50, #a8a398);
  --line: light-dark(#e0dacd, #343943);
  --seal: light-dark(#9b1c31, #ef8a9a);
  --focus: light-dark(#1d4ed8, #8ab4ff);
  --sealed: light-dark(#e2f0ea, #15302a);
  --sealed-stripe: light-dark(#d5e8df, #1a3932);
  --sealed-ink: light-dark(#175a45, #8fd3b9);
  --read: light-dark(#fbe9e5, #32191e);
  --read-stripe: light-dark(#f6ddd7, #3b1e24);
  --clear-ink: light-dark(#8a4b08, #f0b263);
  --leak: light-dark(#ffd8d2, #6b1f2a);
  --leak-line: light-dark(#b3122b, #ff9aa6);
}
:root[data-theme="light"] { color-scheme: light; }
:root[data-theme="dark"] { color-scheme: dark; }
.chip { background: var(--chip); color: var(--chip-ink, #ffffff); }
.leaked-credentials { --chip: #b3122b; }
.leaked-message { --chip: #b93a0b; }
.leaked-envelope { --chip: #955806; }
.weak-tls { --chip: #7a2bb8; }
.false-success { --chip: #a81478; }
.injected { --chip: #4338ca; }
.hang { --chip: #475569; }
.crash { --chip: light-dark(#303845, #939dac); --chip-ink: light-dark(#ffffff, #14171c); }
.control-failed { --chip: light-dark(#e4e0d6, #383c45); --chip-ink: var(--ink); }
.over-strict { --chip: light-dark(#fbe7a8, #54430f); --chip-ink: light-dark(#5b4300, #f6dc8a); }
.delivered-sealed { --chip: light-dark(#d3ebe0, #163a30); --chip-ink: light-dark(#14523f, #95d8be); }
.held { --chip: light-dark(#edf3ea, #1f2a22); --chip-ink: light-dark(#41603f, #9cbb98); }
`;

const frame = `
*, ::before, ::after { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; -webkit-text-size-adjust: 100%; }
body { margin: 0; padding: clamp(1rem, 3vw, 2.5rem); }
h1, h2, h3, p, ul, ol, dl, dd, pre { margin: 0; }
pre, code, .id, .command { font-family: ui-monospace, "Cascadia Code", "Source Code Pro", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
a { color: inherit; text-underline-offset: .15em; }
button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .25rem .8rem; cursor: pointer; }
button:hover { border-color: var(--quiet); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 1px; }
h2:focus-visible { outline: none; }
.quiet { color: var(--quiet); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.masthead { display: grid; grid-template-columns: 1fr auto; gap: .25rem 1rem; align-items: center; max-width: 88rem; }
.brand { color: var(--seal); font-weight: 650; letter-spacing: .04em; }
.brand::before { content: ""; display: inline-block; width: .8em; height: .8em; margin-right: .5em; border-radius: 50%; background: var(--seal); vertical-align: -.05em; }
h1 { grid-column: 1 / -1; font-size: clamp(1.6rem, 4.2vw, 2.6rem); line-height: 1.15; letter-spacing: -.02em; text-wrap: balance; overflow-wrap: anywhere; }
.circumstances { grid-column: 1 / -1; color: var(--quiet); max-width: 72rem; }
.chip { display: inline-block; border-radius: .3rem; padding: .1rem .5rem; font-size: .8125rem; font-weight: 600; line-height: 1.5; white-space: nowrap; }
.legend { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); gap: .35rem 2rem; margin: 1.5rem 0; max-width: 88rem; font-size: .875rem; }
.legend div { display: grid; grid-template-columns: var(--chips, 4.5rem) 1fr; gap: .75rem; align-items: baseline; }
.legend dt { text-align: right; }
.legend:has(~ .one, ~ .few) { --chips: 10rem; }
.filter { display: inline-block; margin-bottom: .75rem; font-size: .875rem; cursor: pointer; }
.filter input { accent-color: var(--seal); vertical-align: -.1em; }
time { white-space: nowrap; }
[hidden] { display: none !important; }
@media (max-width: 40rem) {
  .legend, .legend div { display: flex; flex-wrap: wrap; gap: .4rem; margin: 0; }
  .legend { gap: .5rem 1rem; margin: 1rem 0; }
  .legend .meaning { display: none; }
}
.absent { margin: 1rem 0 0; color: var(--quiet); max-width: 72rem; }
`;

/** On paper the grid has no scroll bars, and an open conversation is printed without the rest. */
const print = `
@page wide { size: landscape; }
@media print {
  :root, :root[data-theme] { color-scheme: light; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { padding: 0; }
  button, .filter { display: none; }
  body { overflow: visible !important; }
  .matrix, .matrix.many { max-height: none; overflow: visible; border: 0; }
  .matrix.many { page: wide; zoom: .6; }
  .matrix th { position: static; }
  tr, .turn, .fact { break-inside: avoid; }
  body:has(dialog[open]) > :not(dialog) { display: none; }
  dialog[open] { position: static; max-height: none; max-width: none; width: auto; box-shadow: none; border: 0; overflow: visible; }
  dialog[open] pre { max-height: none; }
}
`;

export const style: string = colours + frame + matrixStyle + dialogStyle + print;
