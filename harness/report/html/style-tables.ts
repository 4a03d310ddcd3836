/** How tables look: in columns where there is room, and as blocks on a phone, where nothing may be out of sight. */

const COLUMNS_STYLE = `
table { border-collapse: collapse; font-size: .875rem; line-height: 1.45; }
th, td { text-align: left; vertical-align: baseline; padding: .45rem .9rem .45rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--muted); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 600; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.wide { min-width: 16rem; } td.name, th.name { white-space: nowrap; }
@media (max-width: 34rem) { td.wide { min-width: 12rem; } tbody th code { overflow-wrap: anywhere; } }
tbody th:has(> code:only-child) { min-width: 9rem; }
tr.apart > * { background: var(--accent-soft); } tr.quiet { color: var(--muted); }
.matrix td, .matrix th { min-width: 8rem; } .matrix .own { font-family: var(--mono); font-size: .8125rem; }
.matrix thead th, .facts-of thead th { white-space: normal; } .matrix tbody th { font-weight: 400; min-width: 15rem; }
.theories td, .theories thead th + th { text-align: center; padding-inline: .55rem; } .theories .x { color: var(--fail); font-weight: 700; } .theories .none { color: var(--muted); }
@media (max-width: 34rem) {
  .theories td, .theories thead th + th { padding-inline: .15rem; } .theories th:first-child { padding-right: .3rem; }
  .theories tbody th { white-space: normal; overflow-wrap: anywhere; min-width: 4.5rem; }
}
`

/** A row as a block. The heading of a cell stands above it: a reader that speaks knows it already from the column. */
function blocks(table: string): string {
  return `
${table}, ${table} :is(tbody, tr, th, td) { display: block; }
${table} thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
${table} tr { border-top: 1px solid var(--line); padding-block: .75rem; break-inside: avoid; }
${table} :is(tbody th, td) { border: 0; padding: 0; min-width: 0; text-align: left; white-space: normal; overflow-wrap: anywhere; }
${table} td { margin-top: .55rem; }
${table} td::before { content: attr(data-heading); content: attr(data-heading) / ""; display: block; color: var(--muted); font-size: .8125rem; font-weight: 600; }
${table} td > p { margin-top: .1rem; }
${table} tr.apart { background: var(--accent-soft); padding-inline: .5rem; } ${table} tr.apart > * { background: none; }`
}

/** Frames over addresses. The numbers stay in sight where it scrolls. */
const MAP_STYLE = `
.map { table-layout: fixed; width: 100%; min-width: calc(6rem + var(--columns) * 5.2rem); max-width: calc(6rem + var(--columns) * 13rem); }
.map th, .map td { padding: .2rem .15rem; vertical-align: middle; border-left: 1px solid var(--line); overflow-wrap: anywhere; }
.map thead td, .map thead th { vertical-align: bottom; white-space: normal; border-left: 0; text-align: center; font-family: var(--mono); font-size: .75rem; line-height: 1.3; }
.map thead .rest { font-family: inherit; } .map thead td { width: 6rem; border-bottom: 1px solid var(--line); }
.map tbody th, .map thead td { position: sticky; left: 0; background: var(--paper); z-index: 1; } .map tbody th { border-left: 0; white-space: nowrap; font-variant-numeric: tabular-nums; }
.map tr:has(+ .again) td, .map .again:has(+ .again) td { border-bottom: 0; }
.map .held { background: var(--accent-soft); border: 1.5px solid var(--accent); border-radius: 5px; padding: .15rem .45rem; line-height: 1.3; }
@media (max-width: 44rem) { .map { font-size: .8125rem; } .map .held { padding-inline: .25rem; } }
.map .held b { font-weight: 600; } .map .held .fine, .map th .fine { margin: 0; }
`

const NARROW_STYLE = `
@media screen and (max-width: 44rem) {${blocks('.stacks')}${blocks('.flows')}
.matrix.stacks tbody th { font-weight: 600; font-size: .9375rem; } .matrix.stacks tbody th .fine { display: block; font-weight: 400; margin-top: .15rem; }
.matrix.stacks td { border-left: 2px solid var(--line); padding-left: .75rem; }
.facts-of.stacks td { margin-top: .2rem; } .facts-of.stacks td::before { content: attr(data-heading) ": "; content: attr(data-heading) ": " / ""; display: inline; }
.flows tr { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; } .flows tbody th, .flows td { margin: 0; }
.flows tbody th::before { content: attr(data-heading); content: attr(data-heading) / ""; display: block; color: var(--muted); font-size: .8125rem; }
}
@media print {${blocks('.too-wide')}
}
`

export const TABLES_STYLE = COLUMNS_STYLE + MAP_STYLE + NARROW_STYLE
