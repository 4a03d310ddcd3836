/** Whether what a file says is a look at ports: nothing in it is believed before. */

import { COVERS } from '../domain/ports-taken.ts'
import { TCP_STATES } from '../domain/socket-row.ts'

type Test = (value: unknown) => boolean
type Shape = Readonly<Record<string, Test>>

const isText: Test = (value) => typeof value === 'string'
const isBoolean: Test = (value) => typeof value === 'boolean'
const isCount: Test = (value) => Number.isSafeInteger(value) && Number(value) >= 0
const isPort: Test = (value) => isCount(value) && Number(value) <= 65_535
const oneOf =
  (all: readonly unknown[]): Test =>
  (value) =>
    all.includes(value)
const orNull =
  (test: Test): Test =>
  (value) =>
    value === null || test(value)
const orAbsent =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value)
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const list =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test)
const has =
  (shape: Shape): Test =>
  (value) =>
    isObject(value) && Object.entries(shape).every(([key, test]) => test(value[key]))

const isHolder = has({ pid: isCount, command: orNull(isText), fd: orNull(isCount), user: orAbsent(isText) })
const isEndpoint = has({ address: isText, port: isPort })

const ROW: Shape = {
  protocol: oneOf(['tcp', 'udp']),
  family: oneOf(['IPv4', 'IPv6']),
  local: isEndpoint,
  peer: oneOf([null]),
  state: orNull(oneOf(TCP_STATES)),
  stateAsPrinted: isText,
  holders: list(isHolder),
  takesIPv4: orNull(isBoolean),
  uid: orNull(isCount),
  inode: orNull(isCount),
  receiveQueue: orNull(isCount),
  sendQueue: orNull(isCount),
  retransmits: orNull(isCount),
  device: orNull(isText),
}

const TAKEN: Shape = {
  takenAt: (value) => isText(value) && !Number.isNaN(Date.parse(String(value))),
  host: orNull(has({ os: isText, kernel: isText, architecture: isText, machine: orNull(isText) })),
  sources: list(has({ format: isText, command: orNull(isText) })),
  covers: list(oneOf(COVERS)),
  onlyUser: orNull(isText),
  tellsDevices: isBoolean,
  ephemeralRange: orNull((value) => list(isPort)(value) && (value as unknown[]).length === 2),
  userNames: (value) => isObject(value) && Object.values(value).every(isText),
  rows: Array.isArray,
}

/** What is wrong, in words; `null` where nothing is. */
export function whyNoSnapshot(value: object): string | null {
  const taken = value as Record<string, unknown>
  const [wrong] = Object.entries(TAKEN).find(([key, test]) => !test(taken[key])) ?? []
  if (wrong !== undefined) return `its '${wrong}' is none`
  const at = (taken['rows'] as unknown[]).findIndex((row) => !has(ROW)(row))
  return at < 0 ? null : `row ${at + 1} of it is none`
}
