/** Whether a step fits those before it: the numbers that it names must stand for sockets that can still be there. */

import type { TryStep } from '../domain/tried.ts'
import { Mistake, readStep } from './grammar.ts'

/** The step that started the process in which this one is performed. */
export function processOf(number: number, steps: readonly TryStep[]): number {
  const step = steps[number - 1]
  return step?.do === 'open' && step.inStep !== null ? processOf(step.inStep, steps) : number
}

/** Reads the next step. @throws Mistake */
export function readNext(text: string, earlier: readonly TryStep[]): TryStep {
  const step = readStep(text)
  const named = step.do === 'close' || step.do === 'kill' ? step.step : step.do === 'open' ? step.inStep : null
  const why = named === null ? null : whyNot(step, named, earlier)
  if (why === null) return step
  const at = text.search(/\d+\s*$/)
  throw new Mistake(text, why, { word: String(named), at: at < 0 ? 0 : at })
}

/** @throws Mistake, and which of the texts has it. */
export function readSteps(texts: readonly string[]): TryStep[] {
  return texts.reduce<TryStep[]>((steps, text) => [...steps, readNext(text, steps)], [])
}

function whyNot(step: TryStep, named: number, earlier: readonly TryStep[]): string | null {
  const meant = earlier[named - 1]
  const own = earlier.length + 1
  if (!meant) return `there is no step ${named} before this one, which is step ${own}`
  if (meant.do !== 'open') return `step ${named} opens no socket`
  const killed = earlier.findIndex(
    (one) => one.do === 'kill' && processOf(one.step, earlier) === processOf(named, earlier),
  )
  if (killed >= 0) return `step ${killed + 1} ended the process of step ${named}`
  const closed = earlier.findIndex((one) => one.do === 'close' && one.step === named)
  if (step.do === 'close' && closed >= 0) return `step ${closed + 1} closed the socket of step ${named}`
  return null
}
