/** Holds a value against a JSON Schema, as far as ours use it, and says which of its fields the schema does not know. */

export type Schema = {
  $ref?: string
  $defs?: Record<string, Schema>
  type?: string
  enum?: unknown[]
  const?: string | number
  anyOf?: Schema[]
  oneOf?: Schema[]
  items?: Schema
  required?: string[]
  properties?: Record<string, Schema>
  additionalProperties?: Schema
}

export type Judged = { errors: string[]; unknown: string[] }

/** @throws where the schema has a keyword that nobody reads here. */
export function judgeBy(root: Schema, value: unknown): Judged {
  return judge(root, value, '', root)
}

const KNOWN = new Set(
  '$ref $defs $schema title description type enum const anyOf oneOf items required properties additionalProperties'.split(
    ' ',
  ),
)

function judge(schema: Schema, value: unknown, at: string, root: Schema): Judged {
  const strange = Object.keys(schema).find((keyword) => !KNOWN.has(keyword))
  if (strange !== undefined) throw new Error(`the keyword ${strange} is not read here`)
  if (schema.$ref !== undefined) {
    const target = root.$defs?.[schema.$ref.replace('#/$defs/', '')]
    if (!target) throw new Error(`${schema.$ref} leads nowhere`)
    return judge(target, value, at, root)
  }
  const fits = (one: Schema) => judge(one, value, at, root).errors.length === 0
  for (const choice of [schema.anyOf, schema.oneOf]) {
    const found = choice?.filter(fits) ?? []
    const isEnough = choice === schema.oneOf ? found.length === 1 : found.length > 0
    if (choice && !isEnough) return { errors: [`${at} fits ${found.length} of its forms`], unknown: [] }
    if (choice && found[0]) return judge(found[0], value, at, root)
  }
  const errors = [
    schema.type !== undefined && typeOf(value) !== schema.type && `${at} is no ${schema.type}`,
    schema.enum !== undefined && !schema.enum.includes(value) && `${at} is not one of ${schema.enum.join(', ')}`,
    schema.const !== undefined && value !== schema.const && `${at} is not ${schema.const}`,
  ].filter((error) => error !== false)
  if (errors.length > 0) return { errors, unknown: [] }
  const inner = Array.isArray(value) ? inList(schema, value, at, root) : inObject(schema, value, at, root)
  return { errors: inner.flatMap((one) => one.errors), unknown: inner.flatMap((one) => one.unknown) }
}

function inList({ items }: Schema, values: readonly unknown[], at: string, root: Schema): Judged[] {
  return items ? values.map((one, index) => judge(items, one, `${at}[${index}]`, root)) : []
}

function inObject(schema: Schema, value: unknown, at: string, root: Schema): Judged[] {
  const { properties, required = [], additionalProperties } = schema
  if (typeOf(value) !== 'object' || (!properties && !additionalProperties)) return []
  const object = value as Record<string, unknown>
  const missing = required.filter((key) => !Object.hasOwn(object, key)).map((key) => `${at}.${key} is missing`)
  const parts = Object.entries(object).map(([key, one]): Judged => {
    const own = properties?.[key] ?? additionalProperties
    return own ? judge(own, one, `${at}.${key}`, root) : { errors: [], unknown: [`${at}.${key}`] }
  })
  return [{ errors: missing, unknown: [] }, ...parts]
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}
