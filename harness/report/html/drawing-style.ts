/**
 * The style of drawings, for the page that holds them. A page may set `--ink`, `--paper`, `--muted`, `--line`,
 * `--bad`, `--accent` and `--mono`; without them a drawing takes the colour of the text around it and of the system.
 * Nothing is told by colour alone: shapes, dashes and words say the same.
 */
export const DRAWING_STYLE = `
.drawing {
  --d-ink: var(--ink, currentColor);
  --d-paper: var(--paper, Canvas);
  --d-muted: var(--muted, var(--d-ink));
  --d-line: var(--line, color-mix(in srgb, var(--d-ink) 35%, transparent));
  --d-bad: var(--bad, light-dark(#b3261e, #ff9b93));
  --d-accent: var(--accent, light-dark(#1f5fa8, #8ec1ff));
  display: block; max-width: 100%; height: auto; font-family: inherit; font-size: 12px; color: var(--d-ink);
}
.drawing.for-phone { display: none; }
@media screen and (max-width: 40rem) { .drawing.for-phone { display: block; } .drawing.for-desk { display: none; } }
.drawing.sample { flex: none; margin-top: .2em; }
.drawing text { fill: var(--d-ink); stroke: none; }
.drawing .d-over { paint-order: stroke; stroke: var(--d-paper); stroke-width: 5px; stroke-linejoin: round; }
.drawing .d-small { font-size: 11px; }
.drawing .d-muted { fill: var(--d-muted); }
.drawing .d-strong { font-weight: 650; }
.drawing .d-mono { font-family: var(--mono, ui-monospace, monospace); font-size: 11px; }
.drawing .d-bad-text { fill: var(--d-bad); font-weight: 650; }
.drawing .d-head { fill: var(--d-paper); stroke: var(--d-ink); stroke-width: 1.4; }
.drawing .d-system { fill: var(--d-paper); stroke: var(--d-muted); stroke-width: 1.2; stroke-dasharray: 5 3; }
.drawing .d-life { stroke: var(--d-muted); stroke-opacity: .75; stroke-width: 1.2; fill: none; }
.drawing .d-pause { fill: none; stroke: var(--d-muted); stroke-width: 1.3; stroke-dasharray: 2 4; }
.drawing .d-rule { stroke: var(--d-line); stroke-width: 1; stroke-opacity: .4; fill: none; }
.drawing .d-listens { fill: var(--d-accent); stroke: var(--d-accent); }
.drawing .d-bound { fill: var(--d-paper); stroke: var(--d-accent); stroke-width: 1.4; }
.drawing .d-arrow { stroke: var(--d-ink); stroke-width: 1.5; fill: none; }
.drawing .d-back { stroke: var(--d-ink); stroke-width: 1.3; stroke-dasharray: 6 4; fill: none; }
.drawing .d-tip { fill: var(--d-ink); stroke: var(--d-ink); stroke-width: 1.2; stroke-linejoin: round; }
.drawing .d-tip-open { fill: var(--d-paper); stroke: var(--d-ink); stroke-width: 1.4; stroke-linejoin: round; }
.drawing .d-bounce { stroke: var(--d-bad); stroke-width: 1.6; fill: none; stroke-linejoin: round; }
.drawing .d-bounce-tip { fill: var(--d-bad); stroke: var(--d-bad); stroke-linejoin: round; }
.drawing .d-end { stroke: var(--d-ink); stroke-width: 2; fill: none; stroke-linecap: round; }
.drawing .d-fade-1 { stroke: var(--d-ink); stroke-width: 1.5; fill: none; }
.drawing .d-fade-2 { stroke: var(--d-ink); stroke-width: 1.5; stroke-dasharray: 7 5; stroke-opacity: .6; fill: none; }
.drawing .d-fade-3 { stroke: var(--d-ink); stroke-width: 1.5; stroke-dasharray: 2 7; stroke-opacity: .35; fill: none; }
.drawing .d-note { fill: var(--d-paper); stroke: var(--d-line); stroke-width: 1; }
.drawing .d-band { fill: var(--d-accent); fill-opacity: .08; stroke: var(--d-accent); stroke-width: 1; stroke-opacity: .6; }
.drawing .d-host { fill: none; stroke: var(--d-muted); stroke-width: 1.2; stroke-dasharray: 8 4; }
.drawing .d-gap { stroke: var(--d-muted); stroke-width: 1.4; fill: none; }
.drawing .d-field { fill: var(--d-ink); fill-opacity: .035; stroke: var(--d-muted); stroke-opacity: .5; stroke-width: 1; }
.drawing .d-held { fill: var(--d-accent); fill-opacity: .16; stroke: var(--d-accent); stroke-width: 1.6; }
.drawing .d-held-bound { fill: var(--d-accent); fill-opacity: .05; stroke: var(--d-accent); stroke-width: 1.4; }
.drawing .d-held-under { fill: var(--d-paper); stroke: none; }
.drawing .d-unseen { stroke: var(--d-accent); stroke-width: 1.6; stroke-dasharray: 2 4; }
.drawing .d-refused { fill: var(--d-paper); fill-opacity: .7; stroke: var(--d-bad); stroke-width: 1.8; stroke-dasharray: 6 4; }
.drawing .d-hit { fill: var(--d-ink); stroke: var(--d-ink); }
.drawing .d-miss { fill: var(--d-paper); stroke: var(--d-bad); stroke-width: 1.8; }
@media print { .drawing { --d-ink: #000; --d-paper: #fff; --d-muted: #444; --d-line: #888; } }
`
