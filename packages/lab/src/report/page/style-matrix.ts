/** Part of the style of the page: the grid. Its header and its first column stay in view. */

export const matrixStyle = `
.matrix { --id: 22rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; max-width: max-content; }
.hint { margin: 0 0 .5rem; font-size: .875rem; }
.matrix.one { max-width: 88rem; overflow: clip; }
.matrix.many, .matrix.few { overflow: auto; max-height: calc(100dvh - 6rem); overscroll-behavior: contain; scroll-padding: 12rem 1rem 1rem var(--id); }
table { border-collapse: separate; border-spacing: 0; font-size: .875rem; }
.one table { width: 100%; }
th { font-weight: 400; text-align: left; }
thead th { position: sticky; top: 0; z-index: 2; background: var(--card); border-bottom: 1px solid var(--line); padding: .6rem .5rem; vertical-align: bottom; }
.corner { left: 0; z-index: 3; color: var(--quiet); }
thead .title { font-weight: 650; }
.configuration { color: var(--quiet); }
.tally { color: var(--quiet); font-size: .8125rem; }
.tally.bad { color: var(--leak-line); font-weight: 650; }
tbody th[scope="row"] { position: sticky; left: 0; z-index: 1; background: var(--card); width: var(--id); min-width: var(--id); max-width: var(--id); padding: .3rem .75rem; line-height: 1.3; border-right: 1px solid var(--line); }
.corner { padding-left: .75rem; }
tbody .id { font-size: .8125rem; font-weight: 600; overflow-wrap: anywhere; }
tbody th .title { display: block; color: var(--quiet); font-size: .8125rem; }
tbody tr:not(.group):hover > * { background-color: color-mix(in srgb, var(--ink) 6%, var(--card)); }
.group th { padding: 1.1rem .75rem .35rem; background: var(--card); border-bottom: 1px solid var(--line); font-size: .9375rem; }
.group span { position: sticky; left: .75rem; }
.group b { color: var(--seal); margin-right: .25rem; }
td { padding: .2rem .15rem; text-align: center; vertical-align: middle; }
td.cell, tr.openable { cursor: pointer; }
.seen { display: none; }
td:focus-visible { outline-offset: -3px; border-radius: .4rem; }
td.untried { color: var(--quiet); }
.few td, .one td { padding: .2rem .5rem; }
.one td.cell { width: 11rem; text-align: left; }
.one .evidence { text-align: left; color: var(--quiet); padding-right: .75rem; }
.many td .chip { display: block; min-width: 2.9rem; padding: .2rem .1rem; font-size: .6875rem; }
.many td .held { font-weight: 400; }
.many .client { writing-mode: vertical-rl; rotate: 180deg; max-height: 16rem; line-height: 1.15; margin: 0 auto .4rem; }
.many .client span { display: block; }
.many tbody th[scope="row"] { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.many tbody th .title { display: inline; }
.many .client .configuration { font-size: .8125rem; }
.many thead th:not(.corner) { text-align: center; padding: .6rem .1rem; }
.many .tally { font-size: .6875rem; line-height: 1.2; max-width: 2.9rem; margin: 0 auto; }
@media (max-width: 60rem) {
  .matrix { --id: 15rem; }
}
@media (max-width: 40rem) {
  .matrix { --id: 8.5rem; }
  .matrix:not(.one) tbody th .title, .one .evidence { display: none; }
  .matrix.many tbody th[scope="row"] { white-space: normal; }
  .matrix.one { --id: auto; }
  .one td.cell { width: 50%; min-width: 10.5rem; vertical-align: top; padding-top: .35rem; }
  .one tbody th[scope="row"] { vertical-align: top; }
  .seen { display: block; padding: .1rem .25rem .2rem 0; color: var(--quiet); font-size: .8125rem; line-height: 1.35; overflow-wrap: anywhere; }
  .few td, .one td { padding: .2rem .25rem; }
  tbody th[scope="row"], .group th { padding-left: .5rem; padding-right: .5rem; }
  .group span { left: .5rem; }
}
`;
