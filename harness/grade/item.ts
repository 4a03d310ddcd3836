/** An item before it is graded: nothing was observed, and there are no points to have. */

import type { GradedItem } from '../domain/graded.ts'
import type { PlannedItem } from './plan.ts'

export function asItem(planned: PlannedItem): GradedItem {
  const { id, lab, labTitle, act, check, part, question, visibility, file, line, roles } = planned
  return {
    id,
    lab,
    labTitle,
    act,
    check,
    part,
    question,
    visibility,
    file,
    line,
    roles,
    verdict: 'inconclusive',
    points: 0,
    maxPoints: 0,
    expected: '',
    observed: '',
    why: '',
    predicted: null,
    explanation: null,
    outcome: null,
    findings: [],
    restsOn: null,
    durationMs: 0,
  }
}
