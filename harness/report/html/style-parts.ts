/** How the parts of a page look: verdicts, checks, acts, and boxes that scroll. */

export const PARTS_STYLE = `
.sign { width: 1em; height: 1em; fill: none; stroke: currentColor; stroke-width: 2.2; stroke-linecap: round; stroke-linejoin: round; flex: none; }
.pass { --own: var(--pass); } .fail { --own: var(--fail); } .noted { --own: var(--noted); }
.skip { --own: var(--skip); }
.inconclusive { --own: var(--inconclusive); }
.badge { display: inline-flex; align-items: baseline; gap: .3em; color: var(--own); font-weight: 700; font-size: .8125rem; letter-spacing: .01em; white-space: nowrap; }
.badge .sign { transform: translateY(.14em); }
.counts { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .3rem 1.25rem; }
.counts li { display: inline-flex; align-items: center; gap: .35em; color: var(--own); }
.bar { display: flex; gap: 2px; max-width: 28rem; height: .4rem; border-radius: 99px; overflow: hidden; }
.bar > * { background: var(--own); min-width: 3px; flex-basis: 0; }
.bar > .fail { background-image: repeating-linear-gradient(45deg, transparent 0 4px, color-mix(in srgb, var(--paper) 45%, transparent) 4px 6px); }
.scroll { position: relative; overflow-x: auto; max-width: 100%; }
/* A shadow stands at an edge behind which there is more. The first two layers go with what is scrolled, and cover it. */
.scroll:has(> .drawing, > .map) {
  background: linear-gradient(to right, var(--paper) 30%, transparent) left / 2.5rem 100% local,
    linear-gradient(to left, var(--paper) 30%, transparent) right / 2.5rem 100% local,
    linear-gradient(to right, var(--shade), transparent) left / .9rem 100% scroll,
    linear-gradient(to left, var(--shade), transparent) right / .9rem 100% scroll;
  background-repeat: no-repeat;
}
.prose { max-width: 44rem; } .prose > * + *, .stack > * + * { margin-top: .6rem; }
ul.plain { padding-left: 1.15rem; } ul.plain > li + li { margin-top: .35rem; } ul.plain > li::marker { color: var(--muted); }
details > summary { cursor: pointer; } summary::marker { color: var(--muted); }
.lab { border-bottom: 1px solid var(--line); }
.lab > summary { list-style: none; padding: .75rem .25rem; display: grid; grid-template-columns: 1.25rem minmax(0, 1fr) max-content; gap: .1rem .6rem; align-items: baseline; }
.lab > summary::-webkit-details-marker { display: none; }
.lab > summary:hover h3 { text-decoration: underline; text-underline-offset: .2em; text-decoration-thickness: 1px; }
.lab > summary h3 { font-weight: 600; font-size: 1.0625rem; } .lab[open] > summary h3 { font-size: 1.5rem; font-weight: 660; letter-spacing: -.012em; }
.lab .id { color: var(--muted); font-weight: 500; font-family: var(--mono); font-size: .8125rem; letter-spacing: 0; white-space: nowrap; }
.lab > summary .under { font-size: .875rem; color: var(--muted); text-align: right; } .lab > summary .time { display: inline-block; min-width: 4rem; }
@media (max-width: 44rem) { .lab > summary .under { grid-column: 2; text-align: left; } .lab > summary .time { margin-left: 1em; min-width: 0; } }
.lab > .body { padding: .2rem 0 2.5rem 1.85rem; } @media (max-width: 44rem) { .lab > .body { padding-left: 0; } }
.mark { color: var(--own); transform: translateY(.12em); }
.act { margin-top: 2.5rem; padding-top: 1.6rem; border-top: 1px solid var(--line); }
.body > .act:first-of-type { margin-top: 1.1rem; }
.act > header { display: grid; gap: .15rem; margin-bottom: .6rem; } .act > header p { color: var(--muted); font-size: .875rem; }
.legend { margin-bottom: 1rem; font-size: .875rem; } .legend > p { color: var(--muted); margin-top: .8rem; }
.legend > ul { list-style: none; padding: 0; margin-top: .3rem; display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: .25rem 1.5rem; }
.legend li { display: flex; gap: .7rem; align-items: flex-start; }
.notes { color: var(--muted); font-size: .9375rem; }
figure { margin-block: 1.4rem; } figcaption { color: var(--muted); font-size: .875rem; margin-bottom: .5rem; }
.steps { margin-block: 1.1rem; } .steps > summary, .more > summary { color: var(--accent); font-size: .9375rem; width: fit-content; }
.steps ol { list-style: none; padding: 0; margin-top: .8rem; }
.steps li { display: grid; grid-template-columns: 2.2rem minmax(0, 1fr); padding-block: .45rem; }
.steps li > .step-number { color: var(--muted); font-variant-numeric: tabular-nums; }
.steps li p { font-size: .9375rem; } .steps code.typed { color: var(--good); font-weight: 600; overflow-wrap: anywhere; }
.steps .repeated { color: var(--muted); }
pre { background: var(--sunk); border-radius: 6px; padding: .7rem .85rem; line-height: 1.5; overflow-x: auto; margin-block: .35rem; tab-size: 8; }
blockquote { margin: .35rem 0; padding-left: .85rem; border-left: 3px solid var(--line); font-size: .9375rem; }
.check { border-left: 3px solid var(--own, var(--line)); padding: .15rem 0 .15rem 1rem; margin-top: 1.5rem; max-width: 50rem; }
.check h5 { margin-top: .05rem; } .check.fail, .check.inconclusive { background: var(--own-soft); padding-block: .8rem; padding-right: 1rem; border-radius: 0 8px 8px 0; }
.check.fail { --own-soft: var(--fail-soft); } .check.inconclusive { --own-soft: var(--inconclusive-soft); }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .3rem 1rem; margin-top: .5rem; font-size: .9375rem; }
.facts dt { color: var(--muted); } .facts dd cite { color: var(--muted); font-style: normal; }
@media (max-width: 34rem) { .facts { grid-template-columns: minmax(0, 1fr); gap: 0; } .facts dd { margin-bottom: .45rem; } }
.fine { color: var(--muted); font-size: .8125rem; margin-top: .5rem; } .fine code { font-size: 1em; overflow-wrap: anywhere; }
.claims-of { list-style: none; padding: 0; font-size: .875rem; color: var(--muted); margin-top: .5rem; }
.remember { margin-top: 2rem; border-radius: 8px; background: var(--accent-soft); padding: 1rem 1.2rem; max-width: 50rem; }
.remember h4 { margin-bottom: .4rem; color: var(--accent); } .more { margin-top: 1.2rem; } .more > :not(summary) { margin-top: .6rem; }
.surprise { border: 1px solid var(--line); border-left: 4px solid var(--own); border-radius: 0 8px 8px 0; background: var(--raised); padding: 1rem 1.15rem; margin-top: 1rem; }
.surprise .fine { margin-top: .15rem; } .surprise h4 { margin-top: .15rem; }
.causes { margin-top: .9rem; } .causes > p { font-weight: 640; } .cause { margin-top: .4rem; padding-left: .9rem; border-left: 2px solid var(--accent); font-size: .9375rem; }
.causes.shared { margin-bottom: 1.2rem; max-width: 50rem; } .shared .cause { background: var(--accent-soft); border-radius: 0 8px 8px 0; padding: .7rem 1rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.calm { color: var(--pass); font-weight: 600; }
.columns { display: grid; gap: 1.5rem 3rem; } @media (min-width: 60rem) { .columns { grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); } }
.columns h3, section > h3 { font-size: 1rem; margin-block: 1.4rem .3rem; }
@media (forced-colors: active) { .bar > *, .check, .surprise { forced-color-adjust: none; } }
`
