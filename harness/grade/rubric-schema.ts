/** The JSON Schema of a rubric. It says what rubric.ts reads; that nothing rests on itself is said by rubric.ts alone. */

import { VISIBILITIES } from '../domain/graded.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import { MOST_POINTS } from './rubric-values.ts'
import type { DescribedCheck, Schema } from './schema-parts.ts'
import { byCheck, describedChecks, objectOf, REFERENCE, schemaText } from './schema-parts.ts'

export function rubricSchema(labs: readonly LoadedLab[]): string {
  const schema = objectOf({
    $schema: REFERENCE,
    labs: {
      description: 'Which labs are graded: their names or numbers. Without it: those that the command names.',
      type: 'array',
      minItems: 1,
      items: { anyOf: [{ enum: labs.map(({ id }) => id) }, { type: 'string', pattern: '^[0-9]{1,2}$' }] },
    },
    due: {
      description: 'Until then nobody sees what is hidden: a date with time and offset, 2027-01-31T18:00:00+01:00.',
      anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }],
    },
    default: {
      description: 'What holds for every check of which nothing else is said. Without it: 1, 1 and shown.',
      ...objectOf({
        prediction: { $ref: '#/$defs/points' },
        program: { $ref: '#/$defs/points' },
        visibility: { $ref: '#/$defs/visibility' },
      }),
    },
    checks: byCheck(labs, 'By lab what is not as in the default, of its checks and roles.', checkSchema, roleSchemas),
  })
  const ids = labs.flatMap((lab) => describedChecks(lab).map(({ id }) => id))
  const names = [...new Set([...ids, ...labs.flatMap(({ lab }) => Object.keys(lab.roles ?? {}))])]
  const $defs = { points: POINTS, visibility: VISIBILITY, id: { enum: names }, check: CHECK, role: ROLE }
  return schemaText('A rubric of socket labs', 'What is graded, what it is worth, and who sees it.', {
    ...schema,
    $defs,
  })
}

const POINTS: Schema = {
  description: 'Points of one check, a whole number. With 0 it is not graded.',
  type: 'integer',
  minimum: 0,
  maximum: MOST_POINTS,
}

const VISIBILITY: Schema = {
  description:
    'shown: at once; after-due: when the due date has come; points-only: its points, without its name and text.',
  enum: VISIBILITIES,
}

const POINTS_HERE = { $ref: '#/$defs/points' }

/** What every check may have. */
const CHECK = objectOf({
  prediction: {
    description: 'Points for a right prediction. With points for some of the other answers, an object.',
    anyOf: [
      POINTS_HERE,
      objectOf(
        { points: POINTS_HERE, partial: { type: 'object', additionalProperties: POINTS_HERE } },
        { required: ['points'] },
      ),
    ],
  },
  program: POINTS_HERE,
  visibility: { $ref: '#/$defs/visibility' },
  restsOn: {
    description: 'The check, or the role of this lab, that has to be passed first, or else this one is skipped.',
    $ref: '#/$defs/id',
  },
})

/** Whether the program of a role does what it has to do is asked apart from the checks. */
const ROLE = objectOf({ program: POINTS_HERE, visibility: { $ref: '#/$defs/visibility' } })

function roleSchemas({ lab }: LoadedLab): Record<string, Schema> {
  return Object.fromEntries(Object.keys(lab.roles ?? {}).map((role) => [role, { $ref: '#/$defs/role' }]))
}

/** Of its own a check has the names of its outcomes, which can give some of the points. */
function checkSchema({ question, outcomes, choices }: DescribedCheck): Schema {
  const partial = { propertyNames: { enum: outcomes } }
  return {
    description: `${question}\n${choices}`,
    $ref: '#/$defs/check',
    properties: { prediction: { properties: { partial } } },
  }
}
