/** The usual changes of recorded evidence: what a step would have seen had it come to something else. All in place. */

import { formatEndpoint } from '../../harness/domain/endpoint.ts'
import type { ScannedPort } from '../../harness/domain/look.ts'
import type { Connected, ErrorCode, Listed, Ran, Sent, Started } from '../../harness/domain/observation.ts'
import type { SystemError } from '../../harness/domain/program-event.ts'
import type { SocketRow } from '../../harness/domain/socket-row.ts'
import { row } from './evidence.ts'

const NOBODY = { heard: '', servedBy: null, seenByServer: null } as const

/** The client did not get through: refused, unless said otherwise. */
export function refuse(client: Connected, outcome: Connected['outcome'] = 'ECONNREFUSED'): void {
  Object.assign(client, { ...NOBODY, outcome, local: null, confirmedBy: null })
}

/** The client was connected to this program: by its name, or the very process. */
export function serve(client: Connected, by: string | Pick<Started, 'program' | 'pid'>): void {
  const { program, pid } = typeof by === 'string' ? { program: by, pid: 4900 } : by
  const local = client.local ?? { address: client.to.address, port: 50_123 }
  const seenByServer = { local: client.to, peer: local }
  const heard = `${program}, process ${pid}\n`
  Object.assign(client, { outcome: 'connected', local, heard, confirmedBy: 'byte', servedBy: { program, pid } })
  client.seenByServer = seenByServer
}

/** The kernel completed the connection, and no program accepted it. */
export function queue(client: Connected): void {
  serve(client, 'nobody')
  Object.assign(client, { ...NOBODY, confirmedBy: 'row' })
}

/** The program could not have its socket. */
export function fail(program: Started, code: ErrorCode, error: Partial<SystemError> = {}): void {
  const { address, port } = program.asked ?? program.local ?? program.error ?? { address: '127.0.0.1', port: 8080 }
  const message = `listen ${code}: ${formatEndpoint({ address: address ?? '', port: port ?? 0 })}`
  const whole = { code, errno: -98, syscall: 'listen', address, port, message, ...error }
  const rows = code === 'EADDRINUSE' ? [row()] : []
  Object.assign(program, { outcome: code, protocol: null, local: null, rows, error: whole })
}

/** The program listens: on the address that it asked for, or on another one. */
export function listen(program: Started, address = program.error?.address ?? program.local?.address): void {
  have(program, 'listening', address)
}

/** The program has bound its socket, and does not listen. */
export function hold(program: Started, address = program.error?.address ?? program.local?.address): void {
  have(program, 'bound', address)
}

function have(program: Started, outcome: Started['outcome'], address = '127.0.0.1'): void {
  const local = { address, port: program.error?.port ?? program.local?.port ?? 8080 }
  const holders = [{ pid: program.pid, command: program.program, fd: 20 }]
  const protocol = program.protocol ?? 'tcp'
  Object.assign(program, { outcome, protocol, local, error: null, rows: [row({ local, protocol, holders })] })
}

/** Nobody received the datagram: refused, unless said otherwise. */
export function drop(sent: Sent, outcome: Sent['outcome'] = 'ECONNREFUSED'): void {
  Object.assign(sent, { outcome, heard: '', receivedBy: null, seenByServer: null })
}

/** The listing, and every other that was asked, shows these rows. */
export function show(listed: Listed, rows: SocketRow[]): void {
  listed.rows = rows
  for (const other of listed.others) other.rows = rows
}

/** nmap says something else of this port. */
export function say(nmap: Ran | null, port: number, over: Partial<Pick<ScannedPort, 'state' | 'service'>>): void {
  for (const { ports } of nmap?.hosts ?? []) {
    for (const one of ports) if (one.port === port) Object.assign(one, over)
  }
}
