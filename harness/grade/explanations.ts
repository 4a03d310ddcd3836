/** Puts what a student wrote about a check beside the first of its items: its prediction, where that gives points. */

import type { GradedItem } from '../domain/graded.ts'
import type { Submission } from './submission.ts'

export function withExplanations(
  items: readonly GradedItem[],
  { explanations }: Pick<Submission, 'explanations'>,
): GradedItem[] {
  const placed = new Set<string>()
  return items.map((item) => {
    const check = `${item.lab}/${item.check}`
    const explanation = explanations[item.lab]?.[item.check] ?? ''
    if (explanation.trim() === '' || placed.has(check)) return item
    placed.add(check)
    return { ...item, explanation }
  })
}
