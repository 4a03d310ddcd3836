/** How pages look: one column to read, wide things in boxes of their own, by day, by night and on paper. */

import { DRAWING_STYLE } from './drawing-style.ts'
import { PARTS_STYLE } from './style-parts.ts'
import { TABLES_STYLE } from './style-tables.ts'

const FRAME_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fdfcfa; --raised: #fff; --sunk: #f4f2ed; --ink: #1c1e21; --muted: #5a6069; --line: #dedad2;
  --accent: #0a6570; --accent-soft: #e3f0f0; --shade: #0003;
  --good: #17713d; --bad: #b1251b; --pass: #17713d; --fail: #b1251b; --noted: #2a55a3; --skip: #7d5500;
  --inconclusive: #7a36a0; --fail-soft: #fcefed; --inconclusive-soft: #f6effa;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "DejaVu Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171b; --raised: #1c1f25; --sunk: #1a1d22; --ink: #e8e6e1; --muted: #a3a9b4; --line: #343943;
    --accent: #6cc5cd; --accent-soft: #19313a; --shade: #000b;
    --good: #78d29a; --bad: #ff928a; --pass: #78d29a; --fail: #ff928a; --noted: #93b8ff; --skip: #e3b95c;
    --inconclusive: #d2a8f0; --fail-soft: #2d1c1d; --inconclusive-soft: #271f2e;
  }
}
*, ::before, ::after { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.6 var(--sans); overflow-wrap: break-word; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
main:focus { outline: none; }
:target { scroll-margin-top: 1rem; }
:target > :first-child { text-decoration: underline; text-decoration-color: var(--accent); text-underline-offset: .2em; }
main:target > :first-child { text-decoration: none; }
a { color: var(--accent); text-underline-offset: .15em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
h1, h2, h3, h4, h5, p, ul, ol, dl, dd, figure, pre { margin: 0; }
h1, h2, h3, h4, h5 { line-height: 1.25; text-wrap: balance; }
p { text-wrap: pretty; }
code, pre, kbd { font-family: var(--mono); font-size: .85em; }
.skip-link { position: absolute; left: -100vw; top: 0; background: var(--raised); padding: .6rem 1rem; z-index: 2; }
.skip-link:focus { left: .5rem; top: .5rem; }
.sprite { position: absolute; }
.inner, main { max-width: 66rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2.5rem); }
.banner { border-bottom: 1px solid var(--line); background: var(--sunk); }
.banner .inner { padding-block: clamp(1.75rem, 5vw, 3.25rem) clamp(1.5rem, 4vw, 2.5rem); display: grid; gap: .9rem; }
.eyebrow { color: var(--muted); font-size: .875rem; letter-spacing: .02em; }
.eyebrow b { color: var(--accent); font-weight: 650; }
h1 { font-size: clamp(1.75rem, 5.5vw, 2.75rem); font-weight: 680; letter-spacing: -.02em; }
h1.fail { color: var(--fail); } h1.inconclusive { color: var(--inconclusive); } h1.pass { color: var(--pass); }
.lead { font-size: 1.0625rem; max-width: 44rem; }
.where { color: var(--muted); font-size: .875rem; }
.warning { border-left: 4px solid var(--inconclusive); padding: .35rem 0 .35rem .9rem; max-width: 46rem; font-weight: 600; }
.warning p + p { font-weight: 400; margin-top: .35rem; }
main { padding-block: 1.5rem 4rem; }
main > section { margin-top: 2.75rem; }
main > section:first-child { margin-top: 1rem; }
h2 { font-size: 1.5rem; font-weight: 660; letter-spacing: -.012em; margin-bottom: 1rem; }
h3 { font-size: 1.1875rem; font-weight: 640; } h4 { font-size: 1.1875rem; font-weight: 640; } h5 { font-size: 1rem; font-weight: 620; }
footer { border-top: 1px solid var(--line); color: var(--muted); font-size: .875rem; }
footer .inner { padding-block: 1.5rem 2.5rem; display: grid; gap: .35rem; }
.contents { display: none; }
@media (min-width: 76rem) {
  .has-contents { display: grid; grid-template-columns: minmax(13rem, 17rem) minmax(0, 1fr); grid-template-rows: auto 1fr auto; }
  .has-contents > header, .has-contents > footer { grid-column: 1 / -1; }
  .has-contents > header .inner, .has-contents > footer .inner { max-width: 84rem; }
  .has-contents .contents { display: block; position: sticky; top: 0; max-height: 100vh; overflow-y: auto; padding: 2rem .5rem 2rem 2rem; font-size: .875rem; line-height: 1.4; }
  .has-contents main { margin-inline: 0; padding-left: 2rem; width: 100%; }
}
.contents ul { list-style: none; padding: 0; }
.contents li > ul { margin: .15rem 0 .5rem; }
.contents a { display: flex; gap: .5rem; align-items: baseline; padding: .18rem .4rem; border-radius: 4px; color: var(--ink); text-decoration: none; }
.contents a:hover { background: var(--accent-soft); }
.contents li > ul a { color: var(--muted); }
.contents .mark { flex: none; }
`

const PRINT_STYLE = `
@media print {
  :root {
    color-scheme: light; --paper: #fff; --raised: #fff; --sunk: #fff; --ink: #000; --muted: #444; --line: #999;
    --accent: #004f58; --good: #0d5a2e; --bad: #96170f; --pass: #0d5a2e; --fail: #96170f; --noted: #1d3f80; --skip: #5e4000;
    --inconclusive: #5c2380; --fail-soft: #fff; --inconclusive-soft: #fff; --accent-soft: #fff;
  }
  body { font-size: 10pt; display: block !important; }
  .contents, .skip-link { display: none !important; }
  details::details-content { content-visibility: visible !important; display: block !important; block-size: auto !important; }
  .check, .surprise, .cause, figure, tr, li { break-inside: avoid; }
  h2, h3, h4, h5, summary { break-after: avoid; }
  .scroll { overflow: visible; background: none !important; }
  .scroll > svg { max-width: 100%; height: auto; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  .bar, .bar > * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  a { color: inherit; text-decoration: none; }
}
`

export const PAGE_STYLE = FRAME_STYLE + PARTS_STYLE + TABLES_STYLE + DRAWING_STYLE + PRINT_STYLE
