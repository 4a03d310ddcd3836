/** A graded class as a page: the submissions, how hard each item was, what a person has to look at, and each sheet. */

import type { AnyGradebook } from '../../domain/graded.ts'
import {
  classInWords,
  figuresInWords,
  gradedColumns,
  gradedHeadings,
  noWrongInWords,
  partWords,
  pointsInWords,
  wrongInWords,
} from '../../words/graded.en.ts'
import { pageWords } from '../../words/html.en.ts'
import { folded, list, section, table } from '../html/boxes.ts'
import { markup, NOTHING } from '../html/markup.ts'
import { pageHtml } from '../html/page.ts'
import type { CheckRow } from './class-tables.ts'
import { checkRows, classTables, SUBMISSION_COLUMNS } from './class-tables.ts'
import { sheetHtml, whereHtml, whereInWords } from './html.ts'

export function classHtml({ run, submissions, statistics }: AnyGradebook): string {
  const each: ReturnType<typeof folded>[] = []
  const tables = classTables(submissions, (sheet) => {
    const { name, points, maxPoints } = sheet
    const inside = sheetHtml(sheet, `page.submission-${each.length + 1}`)
    each.push(folded(`${name}: ${pointsInWords(points, maxPoints)}`, inside))
  })
  const { look, means } = tables
  const inWords = classInWords(each.length, means)
  const rows = tables.rows.map(({ cells, state }) => ({ cells, kind: state === 'graded' ? '' : 'apart' }))
  const columns = SUBMISSION_COLUMNS.map(({ heading, isNumber }) => ({
    heading,
    ...(isNumber === true ? { kind: 'number' as const } : {}),
  }))
  return pageHtml({
    title: `${gradedHeadings.class}: ${inWords}`,
    banner: markup`<p class="eyebrow"><b>${pageWords.project}</b> ${gradedHeadings.graded}</p>
<h1 class="${look.length > 0 ? 'inconclusive' : 'noted'}">${gradedHeadings.class}</h1>
<p class="lead">${inWords}</p>
<p class="where">${whereInWords(run)}</p>`,
    contents: null,
    main: markup`${look.length === 0 ? NOTHING : section('page.look', gradedHeadings.look, list(look))}${
      rows.length === 0
        ? NOTHING
        : section('page.submissions', gradedHeadings.submissions, table(gradedHeadings.submissions, columns, rows))
    }${statistics.length === 0 ? NOTHING : section('page.items', gradedHeadings.items, itemsHtml(statistics))}${
      each.length === 0 ? NOTHING : section('page.sheets', gradedHeadings.each, each)
    }${whereHtml(run)}`,
    foot: markup`<p>${pageWords.madeBy}</p>`,
  })
}

function itemsHtml(statistics: AnyGradebook['statistics']) {
  const labs = Map.groupBy(checkRows(statistics), (one) => one.lab)
  const tables = [...labs].map(([lab, checks]) => markup`<h3>${lab}</h3>\n${checksTable(lab, checks)}`)
  return markup`<p>${figuresInWords}</p>\n${tables}`
}

function checksTable(lab: string, checks: readonly CheckRow[]) {
  const rows = checks.map(({ question, check, figures, wrong }) => ({
    cells: [
      markup`${question} <span class="fine"><code>${check}</code></span>`,
      figures.prediction,
      figures.program,
      wrong === null ? noWrongInWords : wrongInWords(wrong),
    ],
  }))
  const columns = [
    { heading: gradedColumns.question, kind: 'wide' as const },
    { heading: partWords.prediction, kind: 'number' as const },
    { heading: partWords.program, kind: 'number' as const },
    { heading: gradedColumns.wrong, kind: 'wide' as const },
  ]
  return table(`${gradedHeadings.items}: ${lab}`, columns, rows, { narrow: 'flows' })
}
