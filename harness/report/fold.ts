/**
 * Tells once what an experiment does many times: of steps that are alike the first and the last, and how many lie
 * between. Steps are taken as they come; those that may be folded wait until it is known.
 */

import type { Step } from '../domain/evidence.ts'
import { seen, typed } from '../words/en.ts'
import { printedBy } from './step-text.ts'

/** `of` steps that are told, and have been done so many times more. */
export type Repeated = { of: number; times: number }

export type Piece = { step: Step } | { repeated: Repeated }

/** Neighbouring steps that differ in nothing but numbers; `isSame`: in nothing but what they saw. */
type Group = { alike: string; same: string; isSame: boolean; steps: Step[] }

/** So often at least, where the same thing was done; and where it was done with other numbers, each of which may matter. */
const OFTEN = { same: 4, alike: 10 }
const LONGEST_ROUND = 12

export function foldedSteps(steps: readonly Step[]): Piece[] {
  const folding = new Folding()
  return [...steps.flatMap((step) => folding.add(step)), ...folding.end()]
}

export class Folding {
  readonly #told: Group[] = []
  /** Its first step has been told, unless it belongs to a round that waits. */
  #group: Group | null = null
  /** Groups that repeat those told last, `length` of which make one round. */
  #waiting: { groups: Group[]; length: number } | null = null

  /** What can be told now. */
  add(step: Step): Piece[] {
    const names = namesOf(step)
    if (this.#group?.alike === names.alike) {
      this.#group.steps.push(step)
      this.#group.isSame &&= this.#group.same === names.same
      return []
    }
    return [...this.#endGroup(), ...this.#begin({ ...names, isSame: true, steps: [step] })]
  }

  /** What is left to tell. */
  end(): Piece[] {
    return [...this.#endGroup(), ...this.#release()]
  }

  #begin(group: Group): Piece[] {
    const before = this.#waiting && this.#counterpart(this.#waiting)?.alike !== group.alike ? this.#release() : []
    this.#group = group
    if (this.#waiting) return []
    const length = this.#told.toReversed().findIndex(({ alike }) => alike === group.alike) + 1
    if (length > 0 && length <= LONGEST_ROUND) {
      this.#waiting = { groups: [], length }
      return before
    }
    return [...before, ...group.steps.map((step) => ({ step }))]
  }

  #endGroup(): Piece[] {
    const group = this.#group
    this.#group = null
    if (!group) return []
    if (!this.#waiting) {
      this.#told.push(group)
      return piecesOf(group).slice(1)
    }
    const isAsLong = this.#counterpart(this.#waiting)?.steps.length === group.steps.length
    if (isAsLong) this.#waiting.groups.push(group)
    return isAsLong ? [] : [...this.#release(), ...this.#tell([group])]
  }

  /** The group of the round before to which the next one that waits should be alike. */
  #counterpart({ groups, length }: { groups: Group[]; length: number }): Group | undefined {
    return this.#told.at(-length + (groups.length % length))
  }

  /** The repetition is over: told are the last whole round and what came after it, or all where there were few. */
  #release(): Piece[] {
    if (!this.#waiting) return []
    const { groups, length } = this.#waiting
    this.#waiting = null
    const rounds = Math.floor(groups.length / length)
    const first = this.#told.slice(-length)
    const isSame = groups.every((group, at) => group.same === first[at % length]?.same)
    if (rounds + 1 < (isSame ? OFTEN.same : OFTEN.alike)) return this.#tell(groups)
    const of = first.reduce((sum, { steps }) => sum + steps.length, 0)
    return [{ repeated: { of, times: rounds - 1 } }, ...this.#tell(groups.slice((rounds - 1) * length))]
  }

  #tell(groups: readonly Group[]): Piece[] {
    this.#told.push(...groups)
    return groups.flatMap(piecesOf)
  }
}

function piecesOf({ steps, isSame }: Group): Piece[] {
  const [first, last] = [steps[0], steps.at(-1)]
  if (!first || !last || steps.length < (isSame ? OFTEN.same : OFTEN.alike)) return steps.map((step) => ({ step }))
  return [{ step: first }, { repeated: { of: 1, times: steps.length - 2 } }, { step: last }]
}

/** Process ids are left out of the one, all numbers out of the other. */
function namesOf(step: Step): { same: string; alike: string } {
  const done = 'pid' in step ? [step.program, step.kind === 'said' ? step.line : ''] : [typed(step)]
  const saw = [seen(step), ...printedBy(step)].join('\n')
  const same = JSON.stringify([step.kind, ...done, withoutNumbers(saw)])
  return { same, alike: withoutNumbers(same) }
}

function withoutNumbers(text: string): string {
  return text.replace(/\d[\d,.]*/g, '#').replace(/\s+/g, ' ')
}
