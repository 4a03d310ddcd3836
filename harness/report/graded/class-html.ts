/** A graded class as a page: the submissions, how hard each item was, what a person has to look at, and each sheet. */

import type { Gradebook } from '../../domain/graded.ts'
import { classInWords, gradedColumns, gradedHeadings, noWrongInWords, pointsInWords } from '../../words/graded.en.ts'
import { pageWords } from '../../words/html.en.ts'
import { folded, list, section, table } from '../html/boxes.ts'
import { markup, NOTHING } from '../html/markup.ts'
import { pageHtml } from '../html/page.ts'
import { meansOf } from './class-figures.ts'
import { lookAt, statisticsRows, SUBMISSION_COLUMNS, submissionRows } from './class-tables.ts'
import { sheetHtml, whereHtml, whereInWords } from './html.ts'
import { whole } from './sheet.ts'

export function classHtml({ run, submissions, statistics }: Gradebook): string {
  const sheets = submissions.map(whole)
  const inWords = classInWords(sheets.length, meansOf(sheets))
  const look = lookAt(sheets)
  const rows = submissionRows(sheets).map(({ cells, state }) => ({ cells, kind: state === 'graded' ? '' : 'apart' }))
  const columns = SUBMISSION_COLUMNS.map(({ heading, isNumber }) => ({
    heading,
    ...(isNumber === true ? { kind: 'number' as const } : {}),
  }))
  const each = sheets.map((sheet, index) =>
    folded(
      `${sheet.name}: ${pointsInWords(sheet.points, sheet.maxPoints)}`,
      sheetHtml(sheet, `page.submission-${index + 1}`),
    ),
  )
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
    }${statistics.length === 0 ? NOTHING : section('page.items', gradedHeadings.items, itemsTable(statistics))}${
      each.length === 0 ? NOTHING : section('page.sheets', gradedHeadings.each, each)
    }${whereHtml(run)}`,
    foot: markup`<p>${pageWords.madeBy}</p>`,
  })
}

function itemsTable(statistics: Gradebook['statistics']) {
  const rows = statisticsRows(statistics).map(({ id, question, share, passed, wrong }) => ({
    cells: [markup`${question} <span class="fine"><code>${id}</code></span>`, share, passed, wrong || noWrongInWords],
  }))
  const columns = [
    { heading: gradedColumns.question, kind: 'wide' as const },
    { heading: gradedColumns.share, kind: 'number' as const },
    { heading: gradedColumns.passed, kind: 'number' as const },
    { heading: gradedColumns.wrong, kind: 'wide' as const },
  ]
  return table(gradedHeadings.items, columns, rows, { narrow: 'stacks' })
}
