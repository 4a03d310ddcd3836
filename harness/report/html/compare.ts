/** The comparison of saved runs as a page: what differs first, then what explains it, then everything else. */

import type { ComparedCheck, Comparison } from '../../domain/comparison.ts'
import { compareHeadings, comparedInWords, compareTitle } from '../../words/compare.en.ts'
import { comparedVerdict, matrixWords, pageWords } from '../../words/html.en.ts'
import { folded, section } from './boxes.ts'
import { markup, NOTHING } from './markup.ts'
import { answersTable, factsTables, runsTable } from './matrix.ts'
import { pageHtml } from './page.ts'

export function compareHtml(comparison: Comparison): string {
  const { runs, checks } = comparison
  const of = (...kinds: ComparedCheck['likeness'][]) => checks.filter(({ likeness }) => kinds.includes(likeness))
  const [differing, open, alike] = [of('differs'), of('not-everywhere', 'unobserved'), of('same')]
  const answers = (label: string, some: readonly ComparedCheck[]) => answersTable(label, runs, some, anchorOf)
  const { words, verdict } = comparedVerdict(comparison)
  return pageHtml({
    title: `${words}: ${compareTitle}`,
    banner: markup`<p class="eyebrow"><b>${pageWords.project}</b> ${compareTitle}</p>
<h1 class="${verdict}">${words}</h1>
<p class="lead">${comparedInWords(comparison)}</p>`,
    contents: null,
    main: markup`${section('page.machines', compareHeadings.machines, runsTable(comparison))}${
      differing.length === 0
        ? NOTHING
        : section('page.differing', compareHeadings.differing, answers(compareHeadings.differing, differing))
    }${section('page.facts', compareHeadings.facts, factsTables(comparison))}${
      open.length + alike.length === 0
        ? NOTHING
        : section(
            'page.others',
            compareHeadings.alike,
            markup`${folded(matrixWords.open(open.length), answers(compareHeadings.open, open))}${folded(
              matrixWords.alike(alike.length),
              answers(matrixWords.alike(alike.length), alike),
            )}`,
          )
    }`,
    foot: markup`<p>${pageWords.madeBy}</p>`,
  })
}

const anchorOf = ({ check }: ComparedCheck) => check
