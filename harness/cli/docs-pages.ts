/** Every generated page: what it should say, whether it does, and which recordings no longer fit their lab. */

import { existsSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'

import { findLabs, labsFolder, OWN_LABS } from '../catalog/find.ts'
import { loadLab } from '../catalog/load.ts'
import type { Problem } from '../catalog/problem.ts'
import { loadLedger } from '../catalog/read.ts'
import { loadRoles } from '../catalog/roles.ts'
import type { SavedRun } from '../domain/evidence.ts'
import { ledgerOf } from '../domain/ledger.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import { rubricSchema } from '../grade/rubric-schema.ts'
import { submissionSchema } from '../grade/submission-schema.ts'
import { byDocument, claimsPage } from './docs-claims.ts'
import { between, plain, table } from './docs-markdown.ts'
import { labPage, recordedActs } from './docs-page.ts'
import { recordingFile } from './docs-recording.ts'
import { savedRunSchema } from './saved-shape.ts'
import { readSaved } from './saved.ts'
import { UsageError } from './usage.ts'

/** A page with the text that it should have. `lab` is null for a page about all labs. */
export type Page = { file: string; wanted: string; lab: string | null }

export type Pages = { pages: Page[]; problems: Problem[] }

const PROJECT = resolve(import.meta.dirname, '../..')

export async function makePages(folder = labsFolder()): Promise<Pages> {
  const labs = await Promise.all(findLabs(folder).map((id) => loadLab(id, folder)))
  // A lab that cannot be loaded has no page; what is wrong with it is said by lab:check.
  const made = labs.filter(({ defect }) => defect === null).map((lab) => makeLabPage(lab, folder))
  const common =
    folder === OWN_LABS
      ? [
          labsInReadme(labs),
          floorPlanInArchitecture(),
          await claimsInDocs(made),
          schemaOfSavedRuns(),
          ...(await schemasOfGrading(made)),
        ]
      : []
  return {
    pages: [...made.map(({ page }) => page), ...common.filter((page) => page !== null)],
    problems: made.flatMap(({ problems }) => problems),
  }
}

/** The pages that do not say what they should. */
export function stalePages({ pages }: Pages): Page[] {
  return pages.filter(({ file, wanted }) => !existsSync(file) || readFileSync(file, 'utf8') !== wanted)
}

export function stalenessOf({ file, lab }: Page): Problem {
  const state = existsSync(file) ? `${basename(file)} is out of date` : `${basename(file)} is missing`
  return { labs: lab === null ? [] : [lab], file, line: 1, what: state, todo: 'Run npm run docs.', stops: false }
}

type MadePage = { lab: LoadedLab; recording: SavedRun | null; page: Page; problems: Problem[] }

function makeLabPage(lab: LoadedLab, folder: string): MadePage {
  const file = recordingFile(folder, lab.id)
  const todo = `Run npm run docs -- --record ${lab.id}.`
  const problem = (what: string): Problem => ({ labs: [lab.id], file, line: 1, what, todo, stops: false })
  const problems: Problem[] = []
  let recording: SavedRun | null = null
  try {
    if (existsSync(file)) recording = readSaved(file)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    problems.push(problem(`recorded.json cannot be used: ${error.message.replace(`${file} `, 'it ')}`))
  }
  if (recording) problems.push(...misfits(lab, recording).map(problem))
  const page = { file: join(folder, lab.id, 'README.md'), wanted: labPage(lab, recording), lab: lab.id }
  return { lab, recording, page, problems }
}

/** What a recording does not answer as it should: it was made from another lab than this one has become. */
export function misfits(lab: LoadedLab, recording: SavedRun): string[] {
  return recordedActs(lab, recording)
    .flatMap(({ results }) => results)
    .flatMap(({ id, verdict, observed, seen, why }) => {
      if (verdict === 'fail') return [`the recorded run fails '${id}': ${observed}`]
      if (verdict === 'inconclusive') return [`the recorded run does not answer '${id}': ${seen}`]
      const hole = /\b(?:undefined|NaN)\b|\[object Object\]/.exec(`${seen} ${why}`)?.[0]
      return hole === undefined ? [] : [`the text of '${id}' says "${hole}" for the recorded run`]
    })
}

/** The list of labs in the project's README, between `<!-- labs -->` and `<!-- /labs -->`. */
function labsInReadme(labs: readonly LoadedLab[]): Page | null {
  const lines = labs
    .filter(({ defect }) => defect === null)
    .map(({ id, narration }) => `- [${id}](labs/${id}/README.md): ${plain(narration.summary)}`)
  return pageBetween(join(PROJECT, 'README.md'), 'labs', lines.join('\n'))
}

/** The ledger of claims, as the recorded runs answer them. */
async function claimsInDocs(made: readonly MadePage[]): Promise<Page> {
  const { ledger } = await loadLedger(OWN_LABS)
  const recordings = made.flatMap(({ recording }) => recording ?? [])
  const acts = made.flatMap(({ lab, recording }) => (recording ? recordedActs(lab, recording) : []))
  const results = acts.flatMap((act) => act.results)
  const labs = made.map(({ lab }) => lab)
  const documents = byDocument(ledgerOf(ledger.claims, labs, results), ledger.documents)
  const wanted = claimsPage(
    documents,
    recordings.map(({ host }) => host),
  )
  return { file: join(PROJECT, 'docs/claims.md'), wanted, lab: null }
}

function schemaOfSavedRuns(): Page {
  return { file: join(PROJECT, 'docs/saved-run.schema.json'), wanted: savedRunSchema(), lab: null }
}

async function schemasOfGrading(made: readonly MadePage[]): Promise<Page[]> {
  const { book } = await loadRoles(OWN_LABS)
  const labs = made.map(({ lab }) => lab)
  const page = (name: string, wanted: string) => ({ file: join(PROJECT, 'docs/grading', name), wanted, lab: null })
  return [
    page('submission.schema.json', submissionSchema(labs, book.texts)),
    page('rubric.schema.json', rubricSchema(labs)),
  ]
}

type FloorPlan = { rows: { where: string[]; duty: string; imports: string[]; packages?: string[] }[] }

/** The table of folders, between `<!-- floor plan -->` and `<!-- /floor plan -->`. */
function floorPlanInArchitecture(): Page | null {
  const { rows } = JSON.parse(readFileSync(join(PROJECT, 'docs/floor-plan.json'), 'utf8')) as FloorPlan
  const named = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ')
  const content = table(
    ['Folder', 'Duty', 'Imports only'],
    rows.map(({ where, duty, imports, packages = [] }) => [
      named(where),
      duty,
      named([...imports, ...packages]) || 'nothing',
    ]),
  )
  return pageBetween(join(PROJECT, 'docs/architecture.md'), 'floor plan', content)
}

function pageBetween(file: string, name: string, content: string): Page | null {
  if (!existsSync(file)) return null
  const wanted = between(readFileSync(file, 'utf8'), name, content)
  return wanted === null ? null : { file, wanted, lab: null }
}
