/** A run as a page: the verdict at a glance, the surprises, each lab, theories, claims, and where it was seen. */

import type { TheoryRow } from '../../domain/theory.ts'
import { hostInWords } from '../../words/en.ts'
import {
  foundInSeconds,
  interruptedInWords,
  noRunInWords,
  notWholeInWords,
  pageWords,
  replayedInWords,
  runHeadings,
  shardInWords,
  timeInWords,
  verdictInWords,
} from '../../words/html.en.ts'
import { tableHeading } from '../../words/theories.en.ts'
import { labInWords, labsInWords } from '../end-text.ts'
import type { LabRecord, RunRecord } from '../record.ts'
import type { Anchors } from './anchors.ts'
import { anchorsOf, SECTIONS } from './anchors.ts'
import { list, section } from './boxes.ts'
import { claimsHtml } from './claims.ts'
import { labHtml } from './lab.ts'
import { legendHtml } from './legend.ts'
import { machineHtml } from './machine.ts'
import { bar, countList, signOf } from './marks.ts'
import type { Markup } from './markup.ts'
import { isNothing, markup, NOTHING } from './markup.ts'
import { pageHtml } from './page.ts'
import { surprisesHtml } from './surprises.ts'
import { theoryTable } from './theories.ts'

/** `extent`: of an interrupted run what was done, what was not, and what still runs. */
export function runHtml(run: RunRecord, extent: readonly string[]): string {
  const anchors = anchorsOf(run)
  const parts = partsOf(run, anchors).filter(({ content }) => !isNothing(content))
  return pageHtml({
    title: titleOf(run),
    banner: bannerHtml(run, extent),
    contents: run.labs.length > 1 ? contentsHtml(parts, run, anchors) : null,
    main: markup`${parts.map(({ anchor, heading, content }) => section(anchor, heading, content))}`,
    foot: markup`<p>${footInWords(run)}</p>
<p>${pageWords.madeBy}</p>`,
  })
}

type PagePart = { anchor: string; heading: string; content: Markup }

function partsOf(run: RunRecord, anchors: Anchors): PagePart[] {
  const { labs, theories, host, machine } = run
  const placeOf = (id: string) => anchors.lab(labs.find(({ header }) => header.id === id) as LabRecord)
  const known = theories.filter(({ lab }) => labs.some(({ header }) => header.id === lab))
  const facts = host === null ? NOTHING : machineHtml(host, machine)
  return [
    { anchor: SECTIONS.surprises, heading: runHeadings.surprises, content: surprisesHtml(run, anchors) },
    {
      anchor: SECTIONS.labs,
      heading: labs.length === 1 ? runHeadings.lab : runHeadings.labs,
      content: labsHtml(labs, anchors),
    },
    { anchor: SECTIONS.theories, heading: tableHeading, content: theoriesHtml(known, placeOf) },
    { anchor: SECTIONS.claims, heading: runHeadings.claims, content: claimsHtml(labs, anchors) },
    { anchor: SECTIONS.machine, heading: runHeadings.machine, content: facts },
  ]
}

/** With a single lab its own words say it. */
function theoriesHtml(rows: readonly TheoryRow[], placeOf: (lab: string) => string): Markup {
  return rows.length < 2 ? NOTHING : theoryTable(rows, placeOf)
}

function labsHtml(labs: readonly LabRecord[], anchors: Anchors): Markup {
  const isOnly = labs.length === 1
  const told = labs.map((lab) => {
    const first = labs.find(({ header }) => header.id === lab.header.id)
    const isOpen = isOnly || lab.counts.fail > 0 || lab.counts.inconclusive > 0
    return labHtml(lab, { anchors, isOpen, isOnly, first: first === lab ? null : (first ?? null) })
  })
  const isDrawn = labs.some(({ acts }) => acts.some(({ steps }) => steps.length > 0))
  return markup`${isDrawn ? legendHtml(isOnly) : NOTHING}${told}`
}

function bannerHtml(run: RunRecord, extent: readonly string[]): Markup {
  const { host, labs, counts, startedAt, durationMs, replayed, interruptedBy, complete, planned, verification } = run
  const answered = labs.reduce((sum, { checks }) => sum + checks.length, 0)
  const warnings = [
    ...(interruptedBy === null ? [] : [`${interruptedInWords(interruptedBy)}.`, ...extent]),
    ...(complete || interruptedBy !== null ? [] : [notWholeInWords(planned, answered)]),
  ]
  const [only, ...others] = labs
  const about =
    only !== undefined && others.length === 0
      ? `${only.header.id}: ${only.header.title}`
      : labsInWords(labs.map(({ header }) => header))
  const facts = [
    ...(host === null ? [] : [hostInWords(host)]),
    ...(startedAt === '' ? [] : [`${timeInWords(startedAt)}, ${foundInSeconds(durationMs)}`]),
  ]
  return markup`<p class="eyebrow"><b>${pageWords.project}</b> ${about}</p>
<h1 class="${headlineKind(run)}">${headline(run)}</h1>
${countList(counts)}${bar(counts)}
${warnings.length === 0 ? NOTHING : markup`<div class="warning">${warnings.map((one) => markup`<p>${one}</p>`)}</div>\n`}${
    replayed ? markup`<p class="lead">${replayedInWords(timeInWords(startedAt))}</p>\n` : NOTHING
  }${verification?.shard ? markup`<p class="lead">${shardInWords(verification.shard)}</p>\n` : NOTHING}<p class="where">${facts.join('. ')}${facts.length > 0 ? '.' : ''}</p>`
}

function headline({ labs, counts, host }: RunRecord): string {
  return host === null && labs.length === 0 ? noRunInWords : verdictInWords(counts)
}

/** Green only where everything is well: a run that is not whole has no good verdict. */
function headlineKind({ counts, complete }: RunRecord): string {
  if (counts.fail > 0) return 'fail'
  if (!complete || counts.inconclusive > 0) return 'inconclusive'
  return counts.pass > 0 ? 'pass' : 'noted'
}

function titleOf(run: RunRecord): string {
  const { labs, interruptedBy, complete } = run
  const [only, ...others] = labs
  const about =
    only !== undefined && others.length === 0 ? labInWords(only.header) : labsInWords(labs.map(({ header }) => header))
  const state =
    interruptedBy !== null ? `${interruptedInWords(interruptedBy)}. ` : complete ? '' : `${pageWords.notWhole}. `
  return `${state}${headline(run)}: ${about}`
}

function contentsHtml(parts: readonly PagePart[], { labs }: RunRecord, anchors: Anchors): Markup {
  const labLinks = labs.map(
    (lab) => markup`<a href="#${anchors.lab(lab)}">${signOf(lab.counts)}<span>${labInWords(lab.header)}</span></a>`,
  )
  const items = parts.map(({ anchor, heading }) => {
    const link = markup`<a href="#${anchor}">${heading}</a>`
    return anchor === SECTIONS.labs ? markup`${link}${list(labLinks, 'labs')}` : link
  })
  return list(items, 'sections')
}

function footInWords({ host, startedAt }: RunRecord): string {
  return [...(host === null ? [] : [hostInWords(host)]), ...(startedAt === '' ? [] : [timeInWords(startedAt)])].join(
    ', ',
  )
}
