/** The page of one lab: its words, and what a recorded run saw. Answers are folded, so that a reader can guess first. */

import type { ActEvidence, SavedRun } from '../domain/evidence.ts'
import { unseenAct } from '../domain/evidence.ts'
import type { AnyCheck } from '../domain/lab.ts'
import { standingOf } from '../domain/ledger.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import { SYSTEM_NAMES } from '../domain/os.ts'
import type { CheckResult } from '../domain/verdict.ts'
import { alignedLines, byHandOf } from '../report/by-hand.ts'
import { foldedSteps } from '../report/fold.ts'
import { createLayout } from '../report/layout.ts'
import { pieceText } from '../report/step-text.ts'
import { answerAct } from '../run/answer.ts'
import { standingAfterIt } from '../words/claims.en.ts'
import { choiceOf, hostInWords, observedInWords } from '../words/en.ts'
import { asJoined } from '../words/phrases.en.ts'
import { codeBlock, folded, joined, plain, table } from './docs-markdown.ts'

const LAYOUT = createLayout({ columns: 80, color: false })

export type RecordedAct = { evidence: ActEvidence; results: CheckResult[] }

/** The acts of a lab in their order, as the recording answers them. */
export function recordedActs(loaded: LoadedLab, recording: SavedRun | null): RecordedAct[] {
  const acts = recording?.labs.find(({ lab }) => lab === loaded.id)?.acts ?? []
  return Object.keys(loaded.lab.acts).map((act) => {
    const evidence = acts.find((one) => one.act === act) ?? unseenAct(act, 'no run of this act has been recorded')
    return { evidence, results: answerAct(loaded, evidence, { os: recording?.host.os ?? 'linux' }) }
  })
}

export function labPage(loaded: LoadedLab, recording: SavedRun | null): string {
  const { id, narration } = loaded
  const acts = recordedActs(loaded, recording)
  const blocks = [
    '<!-- Written by npm run docs, from lab.ts, narration.en.ts and recorded.json. Change those. -->',
    `# ${id}: ${plain(narration.title)}`,
    plain(narration.summary),
    codeBlock('sh', [`npm run lab ${id}`, `npm run lab ${id} -- --predict`]),
    'The second line asks first what you expect. On this page the answers are folded away for the same reason.',
    provenance(id, recording),
    ...acts.map((act, index) => actBlock(loaded, act, index + 1)),
    claimsBlock(loaded, acts),
    joined(['## Remember', narration.remember.map((sentence) => `- ${plain(sentence)}`).join('\n')]),
  ]
  return `${joined(blocks)}\n`
}

function provenance(id: string, recording: SavedRun | null): string {
  if (!recording) return `No run has been recorded yet: \`npm run docs -- --record ${id}\` does it.`
  const where = `What was seen was recorded on ${plain(hostInWords(recording.host))}.`
  return `${where} Process ids and the ports of clients differ from run to run. Most of them are numbered anew here, from 4001 and 40001.`
}

function actBlock(loaded: LoadedLab, { evidence, results }: RecordedAct, number: number): string {
  const text = loaded.narration.acts[evidence.act]
  return joined([
    `## Act ${number}: ${plain(text?.title ?? evidence.act)}`,
    plain(text?.intro ?? ''),
    evidence.skipped === null ? '' : `This act was skipped when the run was recorded: ${plain(evidence.skipped)}.`,
    byHandBlock(evidence),
    seenBlock(evidence),
    ...results.map((result) => questionBlock(loaded.lab.acts[evidence.act]?.checks[result.id], result)),
  ])
}

function byHandBlock(evidence: ActEvidence): string {
  const told = byHandOf([evidence])
  return told === null ? '' : joined([told.intro, codeBlock('text', told.acts.flatMap(alignedLines))])
}

function seenBlock({ steps }: ActEvidence): string {
  if (steps.length === 0) return ''
  const lines = foldedSteps(steps).flatMap((piece) => pieceText(LAYOUT, piece).trimEnd().split('\n'))
  return folded('What was seen', [
    codeBlock(
      'console',
      lines.map((line) => line.replace(/^ *\d* {2,}/, '')),
    ),
  ])
}

function questionBlock(check: AnyCheck | undefined, result: CheckResult): string {
  const choices = result.choices.map(({ choice }) => `- ${plain(choice)}`).join('\n')
  const answered = result.observed !== null
  return joined([
    // The page of the claims leads here; a heading's own anchor would change with the question's words.
    `<a id="${result.id}"></a>`,
    `### ${plain(result.question)}`,
    choices,
    folded('Answer', [
      answered ? `**${plain(choiceOf(result.choices, result.observed ?? ''))}**` : '',
      answered ? plain(observedInWords(result)) : '',
      plain(result.why),
      check ? expectedList(check, result) : '',
    ]),
  ])
}

function expectedList(check: AnyCheck, { choices }: CheckResult): string {
  const hasOthers = Object.keys(check.expect).some((system) => system !== 'posix' && system !== 'win32')
  const every = hasOthers ? 'every other system' : 'every system'
  const systemsOf = new Map<string, string[]>()
  for (const [system, { outcome, source }] of Object.entries(check.expect)) {
    const answers = [outcome].flat().map((one) => choiceOf(choices, one))
    const text = `${plain(answers.join(' Or: '))} Source: ${plain(source)}.`
    systemsOf.set(text, [...(systemsOf.get(text) ?? []), system])
  }
  const lines = [...systemsOf].map(([text, systems]) => `- ${named(systems, every)}: ${text}`)
  return joined(['What is expected:', lines.join('\n')])
}

/** `posix` stands for all systems of which nothing else is said, but for Windows. */
function named(systems: readonly string[], every: string): string {
  const isAll = systems.includes('posix') && systems.includes('win32')
  const names = systems.flatMap((system) => {
    if (system === 'posix') return [isAll ? every : `${every} but Windows`]
    return isAll && system === 'win32' ? [] : [SYSTEM_NAMES[system] ?? system]
  })
  return asJoined(names).replace(/^every/, 'Every')
}

function claimsBlock({ claims }: LoadedLab, acts: readonly RecordedAct[]): string {
  const answers = acts.flatMap(({ results }) => results).flatMap((result) => result.claims)
  if (answers.length === 0) return ''
  const order = Object.keys(claims)
  const rows = [...new Map(answers.map((answer) => [answer.claim, answer])).keys()]
    .sort((a, b) => order.indexOf(a) - order.indexOf(b))
    .map((claim) => {
      const all = answers.filter((answer) => answer.claim === claim)
      const { document = '', says = '' } = all[0] ?? {}
      return [claim, document, plain(says), standingAfterIt[standingOf(all.map(({ holds }) => holds))]]
    })
  return joined([
    '## What the documents say',
    'This lab tests these claims. Some hold, some do not, and some hold on one system and not on another.',
    folded('Claims and answers', [table(['Claim', 'Document', 'It says', 'Here it'], rows)]),
  ])
}
