/** A machine's ports from outside beside the list of its sockets, as a page. */

import type { Finding, OutsideView } from '../../domain/ports-outside.ts'
import { portsWords } from '../../words/html-ports.en.ts'
import {
  agreeInFull,
  findingInWords,
  leftOutInWords,
  outsideCaution,
  outsideHeadings,
  problemInWords,
  scanInWords,
  shortLivedInWords,
  silentInWords,
} from '../../words/ports-changes-outside.en.ts'
import { doAgree } from '../ports-scan.ts'
import { markup, NOTHING } from './markup.ts'
import type { Seen } from './ports-page.ts'
import { items, portsPage } from './ports-page.ts'

export function outsideHtml(view: OutsideView, seen: Seen): string {
  const { scans, findings, silent, shortLived, leftOut } = view
  const of = (kind: Finding['kind']) => findings.filter((one) => one.kind === kind)
  const line = (finding: Finding) => [findingInWords(finding)]
  const [scanned, problems] = [
    scans.filter(({ problem }) => problem === null),
    scans.filter(({ problem }) => problem !== null),
  ]
  const hidden = of('open-not-listed')
  return portsPage({
    seen,
    about: portsWords.scan,
    headline: doAgree(view) ? portsWords.agree : portsWords.scanned(hidden.length, scanned.length),
    kind: doAgree(view) ? 'pass' : hidden.length > 0 || problems.length > 0 ? 'inconclusive' : 'noted',
    lead: doAgree(view) ? agreeInFull : outsideCaution,
    main: markup`${items('scans', outsideHeadings.scans, scanned, (scan) => [scanInWords(scan)])}${items(
      'problems',
      outsideHeadings.problems,
      problems,
      (scan) => [problemInWords(scan)],
    )}${items('not-listed', outsideHeadings.notListed, hidden, line)}${items(
      'agree',
      outsideHeadings.agree,
      of('open-and-listed'),
      line,
    )}${items('not-reached', outsideHeadings.notReached, of('listed-not-reached'), line)}${items(
      'silent',
      outsideHeadings.silent,
      silent,
      (one) => [silentInWords(one)],
    )}${items('short-lived', outsideHeadings.shortLived, shortLived, (one) => [shortLivedInWords(one)])}${
      leftOut.length > 0 ? markup`<p class="fine">${leftOutInWords(leftOut)}</p>\n` : NOTHING
    }${doAgree(view) ? markup`<p class="fine">${outsideCaution}</p>\n` : NOTHING}`,
  })
}
