/** The frame of the pages about ports: what it is about, what one sees first, and items in sections. */

import type { Verdict } from '../../domain/verdict.ts'
import type { HostFacts } from '../../domain/evidence.ts'
import { hostInWords } from '../../words/en.ts'
import { seenWords } from '../../words/html-ports.en.ts'
import { pageWords, timeInWords } from '../../words/html.en.ts'
import { machineHtml } from './machine.ts'
import type { Markup } from './markup.ts'
import { markup, NOTHING } from './markup.ts'
import { pageHtml } from './page.ts'
import { section } from './boxes.ts'

/** When it was told, and on which machine; null of a listing that somebody handed in. */
export type Seen = { at: string; host: HostFacts | null }

export type PortsPage = {
  about: string
  headline: string
  /** The colour of the headline. */
  kind: Verdict
  lead: string
  main: Markup
  seen: Seen
}

export function portsPage({ about, headline, kind, lead, main, seen: { at, host } }: PortsPage): string {
  const time = timeInWords(at)
  return pageHtml({
    title: `${headline}: ${about}`,
    banner: markup`<p class="eyebrow"><b>${pageWords.project}</b> ${about}</p>
<h1 class="${kind}">${headline}</h1>
<p class="lead">${lead}</p>
<p class="where">${host === null ? seenWords.handed(time) : seenWords.here(hostInWords(host), time)}</p>`,
    contents: null,
    main: markup`${main}${host === null ? NOTHING : section('page.machine', seenWords.heading, machineHtml(host, null))}`,
    foot: markup`<p>${pageWords.madeBy}</p>`,
  })
}

/** Items of one or several sentences each, with their number in the heading; nothing where there is no item. */
export function items<T>(
  anchor: string,
  title: string,
  all: readonly T[],
  linesOf: (item: T) => readonly string[],
): Markup {
  if (all.length === 0) return NOTHING
  const told = all.map((item) => {
    const [first = '', ...rest] = linesOf(item)
    return markup`<li>${first}${rest.map((line) => markup`<br><span class="notes">${line}</span>`)}</li>\n`
  })
  return section(`page.${anchor}`, `${title} (${all.length})`, markup`<ul class="plain prose">${told}</ul>`)
}
