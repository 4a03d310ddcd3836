/** Makes a class: submissions in a folder, and for each the points that it must get, by what it is made of. */

import { createHash } from 'node:crypto'
import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { HOSTILE_PROGRAMS, LINKED, ODD_BUT_RIGHT, REFUSED, UNREADABLE } from './hostile.ts'
import { MISUNDERSTANDINGS, withoutSocket } from './misunderstandings.ts'
import type { Lost } from './misunderstandings.ts'
import type { Came } from './points.ts'
import { drawPredictions, sheetOf, whole } from './points.ts'
import type { Handed, Language } from './programs.ts'
import { LANGUAGES, right, whyNotHere } from './programs.ts'
import type { PartName } from './rubric.ts'
import { PARTS } from './rubric.ts'

/** A submission, before it is written: what it is made of. */
export type Kind = {
  name: string
  programs: Readonly<Record<string, Handed>>
  /** The parts of which it hands in every program. */
  parts: readonly PartName[]
  lost: Lost
  /** Makes of the folder what is odd about it. */
  add?: (folder: string) => void
  /** Nothing of it is graded; or its programs are not. */
  is?: 'unreadable' | 'refused'
  spoil?: (folder: string, sheet: string) => void
}

export type Expected = { points: number; items: Came }
export type Made = { name: string; kind: string; expected: Expected }

/** Without a place where a program of this language stands, there is none. */
export const SPOKEN: readonly Language[] = LANGUAGES.filter((language) => whyNotHere(language) === null)

function rightPrograms(part: PartName, language: Language): Record<string, Handed> | null {
  const programs: Record<string, Handed> = {}
  for (const role of PARTS[part].roles) {
    const program = right(language, role) ?? (PARTS[part].roles.length > 1 ? right('python', role) : null)
    if (program === null) return null
    programs[role] = program
  }
  return programs
}

const ONE: PartName = 'onlyUdpIsLeft'
const inPython = (part: PartName) => rightPrograms(part, 'python') ?? {}

/** Right programs of one act in Python, but for those that are named. */
function inOne(name: string, programs: Kind['programs'] = {}): Kind {
  return { name, parts: [ONE], programs: { ...inPython(ONE), ...programs }, lost: {} }
}

/** One of each. */
export function kinds(): Kind[] {
  const parts = Object.keys(PARTS) as PartName[]
  return [
    ...SPOKEN.flatMap((language) =>
      parts.flatMap((part) => {
        const programs = rightPrograms(part, language)
        return programs === null ? [] : [{ name: `right-${language}-${part}`, programs, parts: [part], lost: {} }]
      }),
    ),
    ...MISUNDERSTANDINGS.map(({ name, part, role, program, lost }) => ({
      name: name.replaceAll(' ', '-'),
      parts: [part],
      lost,
      programs: { ...inPython(part), [role]: program },
    })),
    ...Object.entries({ ...HOSTILE_PROGRAMS, 'links-to-somebody-else': LINKED }).map(([name, program]) => ({
      ...inOne(name, { server1: program }),
      lost: withoutSocket(ONE, 'server1'),
      ...(program === LINKED && {
        add: (folder: string) => symlinkSync('../ada/server1.py', join(folder, 'other.py')),
      }),
    })),
    ...Object.entries(UNREADABLE).map(([name, spoil]) => ({
      ...inOne(name),
      is: 'unreadable' as const,
      spoil,
    })),
    ...Object.entries(REFUSED).map(([name, add]) => ({
      ...inOne(name),
      is: 'refused' as const,
      add,
    })),
    ...Object.entries(ODD_BUT_RIGHT).map(([name, add]) => ({ ...inOne(name), add })),
    // One of two programs of an act: what it has to do can be seen, and the act's checks cannot be asked.
    { name: 'one-of-two-programs', parts: [], programs: { server2: inPython(ONE)['server2'] as Handed }, lost: {} },
    { name: 'predictions-alone', parts: [], programs: {}, lost: {} },
  ]
}

/** Names that somebody may give a folder. The number makes each another one. */
const NAMES = [
  (number: string, kind: string) => `${number}-${kind}`,
  (number: string) => `${number}\n::error::name`,
  (number: string) => `-rf ${number} \x1b[2J`,
  (number: string) => `=1+1 ${number}`,
  (number: string) => `${number}${'é'.repeat(126)}`,
  (number: string) => `<b>${number}]]>&amp;`,
] as const

/** So many submissions in `folder`, the same for a seed: one of each kind first, then others with two parts. */
export function generate(folder: string, size: number, seed: string): Made[] {
  const lot = (...words: (string | number)[]) => lotOf([seed, ...words].join(' '))
  const all = kinds()
  const inOrder = all.toSorted((a, b) => lot(a.name) - lot(b.name))
  return Array.from({ length: size }, (_, index) => {
    const base = inOrder[index % inOrder.length] as Kind
    const kind = index < inOrder.length ? base : withAnotherPart(base, lot(index, 'part'))
    const number = String(index).padStart(3, '0')
    const called = lot(index, 'name') % 3 === 0 ? NAMES[lot(index, 'which') % NAMES.length] : NAMES[0]
    const name = called?.(number, kind.name) ?? number
    const predicted = drawPredictions((question) => lot(index, question))
    hand(join(folder, name), kind, sheetOf(kind, predicted, `student${number}`))
    return { name, kind: kind.name, expected: whole(kind, predicted) }
  })
}

/** The same, and a right part in some language. */
function withAnotherPart(kind: Kind, lot: number): Kind {
  const language = SPOKEN[lot % SPOKEN.length] as Language
  const others = (Object.keys(PARTS) as PartName[]).filter((part) => !kind.parts.includes(part) && part !== ONE)
  const part = others[(lot >> 4) % others.length] as PartName
  const programs = rightPrograms(part, language) ?? inPython(part)
  const taken = new Set(Object.values(kind.programs).flatMap(({ files }) => files.map((file) => basename(file))))
  // Two files of one name cannot lie in one folder.
  if (Object.values(programs).some(({ files }) => files.some((file) => taken.has(basename(file))))) return kind
  return { ...kind, parts: [...kind.parts, part], programs: { ...kind.programs, ...programs } }
}

/** Writes a submission as a student hands it in, without predictions unless the sheet has some. */
export function hand(folder: string, kind: Kind, sheet = sheetOf(kind, {}, 'student')): void {
  const { programs, add, spoil } = kind
  mkdirSync(folder)
  chmodSync(folder, 0o755)
  for (const { files } of Object.values(programs)) {
    for (const file of files) copyFileSync(file, join(folder, basename(file)))
  }
  if (spoil) spoil(folder, sheet)
  else writeFileSync(join(folder, 'submission.json'), sheet)
  add?.(folder)
}

function lotOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) >>> 1
}
