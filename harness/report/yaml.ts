/** Writes a record as the plain block YAML that every reader of TAP knows. */

import { toJson } from './plain.ts'

type Scalar = string | number

export type YamlRecord = { [key: string]: Scalar | readonly Scalar[] | YamlRecord }

/** Each value is written as JSON, which YAML 1.2 contains: no text can break out of its quotes. Empty lists are left out. */
export function yamlLines(record: YamlRecord): string[] {
  return Object.entries(record).flatMap(([key, value]) => {
    if (isList(value)) return value.length === 0 ? [] : [`${key}:`, ...value.map((one) => `  - ${toJson(one)}`)]
    if (typeof value === 'object') return [`${key}:`, ...yamlLines(value).map((line) => `  ${line}`)]
    return [`${key}: ${toJson(value)}`]
  })
}

function isList(value: YamlRecord[string]): value is readonly Scalar[] {
  return Array.isArray(value)
}
