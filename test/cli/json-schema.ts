/** Holds a value against a JSON Schema, as far as ours use it, and says which of its fields the schema does not know. */

export type Schema = {
  $ref?: string
  $defs?: Record<string, Schema>
  /** The same until draft 7. */
  definitions?: Record<string, Schema>
  type?: string
  enum?: unknown[]
  const?: string | number
  anyOf?: Schema[]
  oneOf?: Schema[]
  items?: Schema
  required?: string[]
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
  pattern?: string
  propertyNames?: Schema
  format?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
}

export type Judged = { errors: string[]; unknown: string[] }

/** @throws where the schema has a keyword that nobody reads here. */
export function judgeBy(root: Schema, value: unknown): Judged {
  return judge(root, value, '', root)
}

const KNOWN = new Set(
  [
    '$ref $defs definitions $schema $comment title description type enum const anyOf oneOf',
    'items required properties additionalProperties propertyNames pattern format',
    'minLength maxLength minimum maximum minItems maxItems',
  ]
    .join(' ')
    .split(' '),
)

function judge(schema: Schema, value: unknown, at: string, root: Schema): Judged {
  const strange = Object.keys(schema).find((keyword) => !KNOWN.has(keyword))
  if (strange !== undefined) throw new Error(`the keyword ${strange} is not read here`)
  const { $ref, ...beside } = schema
  if ($ref !== undefined) {
    const target = { ...root.definitions, ...root.$defs }[$ref.replace(/^#\/(\$defs|definitions)\//, '')]
    if (!target) throw new Error(`${$ref} leads nowhere`)
    const byTarget = judge(target, value, at, root)
    const { errors } = judge(beside, value, at, root)
    return { errors: [...byTarget.errors, ...errors], unknown: byTarget.unknown }
  }
  const fits = (one: Schema) => judge(one, value, at, root).errors.length === 0
  for (const choice of [schema.anyOf, schema.oneOf]) {
    const found = choice?.filter(fits) ?? []
    const isEnough = choice === schema.oneOf ? found.length === 1 : found.length > 0
    if (choice && !isEnough) return { errors: [`${at} fits ${found.length} of its forms`], unknown: [] }
    if (choice && found[0]) return judge(found[0], value, at, root)
  }
  const errors = [
    schema.type !== undefined && !isOf(schema.type, value) && `${at} is no ${schema.type}`,
    schema.enum !== undefined && !schema.enum.includes(value) && `${at} is not one of ${schema.enum.join(', ')}`,
    schema.const !== undefined && value !== schema.const && `${at} is not ${schema.const}`,
    ...outOfBounds(schema, value, at),
  ].filter((error) => error !== false)
  if (errors.length > 0) return { errors, unknown: [] }
  const inner = Array.isArray(value) ? inList(schema, value, at, root) : inObject(schema, value, at, root)
  return { errors: inner.flatMap((one) => one.errors), unknown: inner.flatMap((one) => one.unknown) }
}

function outOfBounds(schema: Schema, value: unknown, at: string) {
  const { pattern, format, minLength = 0, maxLength = Infinity, minItems = 0, maxItems = Infinity } = schema
  const { minimum = -Infinity, maximum = Infinity } = schema
  const [text, number] = [typeof value === 'string' ? value : null, typeof value === 'number' ? value : null]
  return [
    pattern !== undefined && text !== null && !new RegExp(pattern, 'u').test(text) && `${at} is not like ${pattern}`,
    format === 'date-time' && text !== null && Number.isNaN(Date.parse(text)) && `${at} is no date with a time`,
    text !== null && text.length < minLength && `${at} is shorter than ${minLength}`,
    text !== null && text.length > maxLength && `${at} is longer than ${maxLength}`,
    number !== null && number < minimum && `${at} is less than ${minimum}`,
    number !== null && number > maximum && `${at} is more than ${maximum}`,
    Array.isArray(value) && value.length < minItems && `${at} has fewer items than ${minItems}`,
    Array.isArray(value) && value.length > maxItems && `${at} has more items than ${maxItems}`,
  ]
}

function isOf(type: string, value: unknown): boolean {
  return type === 'integer' ? Number.isInteger(value) : typeOf(value) === type
}

function inList({ items }: Schema, values: readonly unknown[], at: string, root: Schema): Judged[] {
  return items ? values.map((one, index) => judge(items, one, `${at}[${index}]`, root)) : []
}

function inObject(schema: Schema, value: unknown, at: string, root: Schema): Judged[] {
  const { properties, required = [], additionalProperties, propertyNames } = schema
  if (typeOf(value) !== 'object') return []
  const names = propertyNames
    ? Object.keys(value as object).map((key) => judge(propertyNames, key, `${at}.${key}`, root))
    : []
  if (!properties && additionalProperties === undefined) return names
  const object = value as Record<string, unknown>
  const missing = required.filter((key) => !Object.hasOwn(object, key)).map((key) => `${at}.${key} is missing`)
  const parts = Object.entries(object).map(([key, one]): Judged => {
    const own = properties?.[key] ?? additionalProperties
    if (own === true) return { errors: [], unknown: [] }
    if (own === false) return { errors: [`${at}.${key} is not allowed`], unknown: [] }
    return own ? judge(own, one, `${at}.${key}`, root) : { errors: [], unknown: [`${at}.${key}`] }
  })
  return [{ errors: missing, unknown: [] }, ...names, ...parts]
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}
