/** The frame of every page: one file that asks for nothing else, tells the browser to forbid it, and runs no program. */

import { pageWords } from '../../words/html.en.ts'
import type { Markup } from './markup.ts'
import { markup, raw, toText } from './markup.ts'
import { MARKS_SPRITE } from './marks.ts'
import { PAGE_STYLE } from './style.ts'

export type Page = {
  title: string
  /** What stands above all: the page's `h1` is in it. */
  banner: Markup
  /** Links to the parts of the page; null where there are few. */
  contents: Markup | null
  main: Markup
  foot: Markup
}

/** Styles in the page, pictures in the page, and nothing from anywhere. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

export function pageHtml({ title, banner, contents, main, foot }: Page): string {
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="socket-labs">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${raw(PAGE_STYLE)}</style>
</head>
<body${contents === null ? '' : raw(' class="has-contents"')}>
<a class="skip-link" href="#page.main">${pageWords.skip}</a>
${MARKS_SPRITE}
<header class="banner"><div class="inner">
${banner}
</div></header>
${contents === null ? '' : markup`<nav class="contents" aria-label="${pageWords.contents}">\n${contents}\n</nav>\n`}<main id="page.main" tabindex="-1">
${main}
</main>
<footer><div class="inner">
${foot}
</div></footer>
</body>
</html>
`
  return toText(page)
}
