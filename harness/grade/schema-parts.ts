/** What the two JSON Schemas (draft 2020-12) of grading share: the labs, their checks and the outcomes, with their words. */

import { offered } from '../domain/choice-order.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'

export type Schema = { readonly [keyword: string]: unknown }

/** A check as a schema speaks of it. */
export type DescribedCheck = { id: string; outcomes: readonly string[]; question: string; choices: string }

/** An object with these members and no others: an editor underlines a misspelt name. */
export function objectOf(properties: Readonly<Record<string, Schema>>, more: Schema = {}): Schema {
  return { type: 'object', ...more, properties, additionalProperties: false }
}

/** An object with a member for each lab, and in it one for each check, and whatever more it has. */
export function byCheck(
  labs: readonly LoadedLab[],
  description: string,
  schemaOf: (check: DescribedCheck) => Schema,
  more: (lab: LoadedLab) => Readonly<Record<string, Schema>> = () => ({}),
): Schema {
  const members = labs.map((lab) => {
    const checks = describedChecks(lab).map((check) => [check.id, schemaOf(check)])
    const shape = objectOf({ ...more(lab), ...(Object.fromEntries(checks) as Record<string, Schema>) })
    return [lab.id, { description: `${lab.narration.title}. ${lab.narration.summary}`, ...shape }]
  })
  return { description, ...objectOf(Object.fromEntries(members) as Record<string, Schema>) }
}

export function describedChecks({ lab, narration }: LoadedLab): DescribedCheck[] {
  return Object.entries(lab.acts).flatMap(([act, { checks }]) =>
    Object.entries(checks).map(([id, declared]) => {
      const outcomes = offered(id, declared.outcomes)
      const text = narration.acts[act]?.checks[id]
      const choices = outcomes.map((outcome) => `${outcome}: ${text?.outcomes[outcome]?.choice ?? outcome}`)
      return { id, outcomes, question: text?.question ?? id, choices: choices.join('\n') }
    }),
  )
}

/** The text of a schema file. */
export function schemaText(title: string, description: string, schema: Schema): string {
  const whole = { $schema: 'https://json-schema.org/draft/2020-12/schema', title, description, ...schema }
  return `${JSON.stringify(whole, null, 2)}\n`
}

/** The member by which an editor finds the schema of a file. */
export const REFERENCE: Schema = { description: 'Where the schema of this file is.', type: 'string' }
