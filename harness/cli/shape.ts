/** Shapes of JSON values: each says what is wrong with a value, and writes itself as a JSON Schema (draft 2020-12). */

export type Shape = {
  /** A sentence without its full stop that names the part, such as `labs[0].acts is no list`; null where it fits. */
  wrong: (value: unknown, at: string) => string | null
  /** Shapes with a name of their own are put into `named`. */
  schema: (named: Schemas) => Schema
  /** Whether an object may be without it. */
  isOptional?: true
}

export type Schema = { [keyword: string]: unknown }
export type Schemas = Record<string, Schema>

const is = (type: 'string' | 'number' | 'boolean', called: string): Shape => ({
  wrong: (value, at) => (typeof value === type ? null : `${at} is ${called}`),
  schema: () => ({ type }),
})
export const text = is('string', 'no text')
export const number = is('number', 'no number')
export const flag = is('boolean', 'neither true nor false')
export const anything: Shape = { wrong: () => null, schema: () => ({}) }

export function oneOf(values: readonly string[]): Shape {
  return {
    wrong: (value, at) => (values.some((one) => one === value) ? null : `${at} is none of ${values.join(', ')}`),
    schema: () => ({ enum: values }),
  }
}

/** A number, or this one word. */
export function numberOr(word: string): Shape {
  return {
    wrong: (value, at) => (value === word ? null : number.wrong(value, at)),
    schema: () => ({ anyOf: [{ type: 'number' }, { const: word }] }),
  }
}

export function orNull(shape: Shape): Shape {
  return {
    wrong: (value, at) => (value === null ? null : shape.wrong(value, at)),
    schema: (named) => ({ anyOf: [shape.schema(named), { type: 'null' }] }),
  }
}

export function listOf(shape: Shape): Shape {
  return {
    wrong(value, at) {
      if (!Array.isArray(value)) return `${at} is no list`
      return value.reduce<string | null>((wrong, one, index) => wrong ?? shape.wrong(one, `${at}[${index}]`), null)
    },
    schema: (named) => ({ type: 'array', items: shape.schema(named) }),
  }
}

/** An object with whatever keys, each with a value of this shape. */
export function mapOf(shape: Shape): Shape {
  return {
    wrong(value, at) {
      if (!isObject(value)) return `${at} is no object`
      return firstWrong(
        Object.entries(value).map(([key, one]) => [key, one, shape]),
        at,
      )
    },
    schema: (named) => ({ type: 'object', additionalProperties: shape.schema(named) }),
  }
}

type Parts = Readonly<Record<string, Shape>>

/** An object with these parts. Others may be there: a new field does not change the version of a format. */
export function record(parts: Parts): Shape {
  const all = Object.entries(parts)
  return {
    wrong(value, at) {
      if (!isObject(value)) return `${at} is no object`
      const there = all.filter(([key, { isOptional }]) => !isOptional || value[key] !== undefined)
      return firstWrong(
        there.map(([key, shape]) => [key, value[key], shape]),
        at,
      )
    },
    schema: (named) => ({
      type: 'object',
      required: all.flatMap(([key, { isOptional }]) => (isOptional ? [] : [key])),
      properties: Object.fromEntries(all.map(([key, shape]) => [key, shape.schema(named)])),
    }),
  }
}

/** A part that an object may be without. */
export function maybe(shape: Shape): Shape {
  return { ...shape, isOptional: true }
}

/** An object whose other parts depend on its `kind`. */
export function byKind(what: string, kinds: Readonly<Record<string, Parts>>, parts: Parts): Shape {
  return {
    wrong(value, at) {
      const kind = isObject(value) ? value['kind'] : undefined
      const own = typeof kind === 'string' && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
      return own ? record({ ...parts, ...own }).wrong(value, at) : `${at} is no ${what} that these labs know`
    },
    schema: (named) => ({
      oneOf: Object.entries(kinds).map(([kind, own]) =>
        record({ kind: oneOf([kind]), ...parts, ...own }).schema(named),
      ),
    }),
  }
}

/** A shape that the schema writes once. */
export function named(name: string, shape: Shape): Shape {
  return {
    wrong: shape.wrong,
    schema(all) {
      all[name] ??= shape.schema(all)
      return { $ref: `#/$defs/${name}` }
    },
  }
}

export function described(description: string, shape: Shape): Shape {
  return { wrong: shape.wrong, schema: (all) => ({ description, ...shape.schema(all) }) }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function firstWrong(parts: readonly (readonly [string, unknown, Shape])[], at: string): string | null {
  for (const [key, value, shape] of parts) {
    const wrong = shape.wrong(value, at === '' ? key : `${at}.${key}`)
    if (wrong !== null) return wrong
  }
  return null
}
