/** Part of the style of the page: a conversation. Ciphertext has a striped background with a lock, clear text a plain one. */

export const dialogStyle = `
dialog { width: min(78rem, 100vw - 2rem); max-width: none; max-height: calc(100dvh - 2rem); overflow: auto; overscroll-behavior: contain; padding: clamp(1rem, 2.5vw, 2rem); border: 1px solid var(--line); border-radius: 1rem; background: var(--card); color: var(--ink); box-shadow: 0 1.5rem 5rem #0008; }
dialog::backdrop { background: #0b0c0f99; }
body:has(dialog[open]) { overflow: hidden; }
dialog header { display: grid; grid-template-columns: 1fr auto; gap: .2rem 1rem; align-items: center; padding-bottom: 1.25rem; }
dialog header .client { color: var(--quiet); }
dialog h2 { grid-column: 1 / -1; font-size: 1.375rem; line-height: 1.25; letter-spacing: -.01em; text-wrap: balance; overflow-wrap: anywhere; }
dialog h2 .id { color: var(--seal); font-size: 1.125rem; margin-right: .25rem; }
.outcome { grid-column: 1 / -1; }
.outcome .chip { margin-right: .35rem; }
.findings { grid-column: 1 / -1; padding-left: 1.1rem; font-size: .9375rem; overflow-wrap: anywhere; }
.close { line-height: 1; padding: .45rem .6rem; }
.columns { display: grid; grid-template-columns: minmax(16rem, 1fr) minmax(0, 2fr); gap: 2rem; align-items: start; }
.facts { display: grid; gap: 1.1rem; font-size: .9375rem; min-width: 0; }
h3 { font-size: .8125rem; letter-spacing: .03em; color: var(--quiet); font-weight: 650; margin-bottom: .2rem; }
.facts ul { padding-left: 1.1rem; }
.output { margin: .4rem 0; padding: .6rem .75rem; max-height: 14rem; overflow: auto; border: 1px solid var(--line); border-radius: .5rem; background: var(--paper); font-size: .75rem; line-height: 1.5; white-space: pre-wrap; overflow-wrap: anywhere; }
.command { font-size: .75rem; overflow-wrap: anywhere; }
.connection + .connection { margin-top: 2rem; }
.lanes { display: flex; justify-content: space-between; gap: 1rem; padding: 0 1rem .35rem; font-size: .8125rem; font-weight: 650; }
.lanes span:last-child { text-align: right; }
.band { position: relative; padding: .5rem 1rem .9rem; }
.band::before { content: ""; position: absolute; inset: 0 1rem; border: solid var(--line); border-width: 0 2px; pointer-events: none; }
.band.sealed { background: repeating-linear-gradient(-45deg, var(--sealed) 0 .5rem, var(--sealed-stripe) .5rem 1rem); }
.band.sealed::before { border-color: color-mix(in srgb, var(--sealed-ink) 45%, transparent); }
.band.sealed.read { background: repeating-linear-gradient(-45deg, var(--read) 0 .5rem, var(--read-stripe) .5rem 1rem); }
.band.sealed.read::before { border-color: color-mix(in srgb, var(--leak-line) 40%, transparent); }
.channel { position: relative; width: fit-content; margin: 0 auto .6rem; padding: .05rem .6rem; border-radius: 1rem; background: var(--card); font-size: .8125rem; font-weight: 600; color: var(--clear-ink); text-align: center; }
.sealed > .channel { color: var(--sealed-ink); }
.sealed.read > .channel { color: var(--leak-line); }
.lock { display: inline-block; width: 1em; height: 1em; margin-right: .35em; vertical-align: -.1em; background: currentColor; mask: var(--lock) center / contain no-repeat; }
.sealed { --lock: url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M3 7h10v8H3z'/%3E%3Cpath d='M5 8V5a3 3 0 0 1 6 0v3' fill='none' stroke='black' stroke-width='2'/%3E%3C/svg%3E"); }
.clear, .sealed.read { --lock: url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M1 8s2.5-5 7-5 7 5 7 5-2.5 5-7 5-7-5-7-5z' fill='none' stroke='black' stroke-width='1.6'/%3E%3Ccircle cx='8' cy='8' r='2.4'/%3E%3C/svg%3E"); }
.band ol { list-style: none; padding: 0; position: relative; display: grid; gap: .55rem; }
.turn { position: relative; width: fit-content; max-width: 84%; min-width: 0; font-size: .875rem; }
.turn.server { justify-self: end; }
.turn pre { position: relative; padding: .45rem .7rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); font-size: .8125rem; line-height: 1.5; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 20rem; overflow: auto; }
.bubble { position: relative; width: fit-content; max-width: 100%; }
.turn.server .bubble { margin-left: auto; }
.bubble::after { content: ""; position: absolute; top: .7rem; border: .45rem solid transparent; }
.turn.client > .bubble::after { left: calc(100% + .1rem); border-left-color: var(--quiet); border-right: 0; }
.turn.server > .bubble::after { right: calc(100% + .1rem); border-right-color: var(--quiet); border-left: 0; }
.turn p { padding: .1rem .2rem 0; font-size: .8125rem; }
.turn.server p { text-align: right; }
.control { color: var(--quiet); }
mark { background: var(--leak); color: inherit; border-bottom: 2px solid var(--leak-line); border-radius: .15rem; }
mark + mark { box-shadow: inset 1px 0 var(--card); }
mark .control { color: inherit; }
.leaked { color: var(--leak-line); font-weight: 650; }
.decoded { color: var(--leak-line); overflow-wrap: anywhere; }
.turn > p { width: fit-content; background: var(--card); border-radius: .3rem; padding: .05rem .4rem; margin: .2rem .5rem 0; }
.turn.server > p { margin-left: auto; }
.boundary { position: relative; text-align: center; font-size: .8125rem; color: var(--quiet); padding: .45rem 0; }
.boundary::before { content: ""; position: absolute; inset: 50% 1rem auto; border-top: 2px dashed var(--line); }
.boundary span { position: relative; background: var(--card); padding: 0 .6rem; }
@media (max-width: 52rem) {
  dialog { width: 100vw; max-height: 100dvh; height: 100dvh; border: 0; border-radius: 0; margin: 0; }
  .columns { grid-template-columns: minmax(0, 1fr); gap: 1.5rem; }
  .picture { order: -1; }
  .band, .lanes { padding-left: .5rem; padding-right: .5rem; }
  .band::before, .boundary::before { left: .5rem; right: .5rem; }
  .turn { max-width: 92%; }
  .channel { max-width: calc(100% - 1.5rem); }
}
`;
