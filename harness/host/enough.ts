/** Whether there is enough of what a machine hands out by number: ports for clients, and open files. */

import { createSocket } from 'node:dgram'
import { once } from 'node:events'

import { readHostFacts } from './facts.ts'
import { readOpenFiles } from './machine-settings.ts'

/** An act that has several clients at a time has fewer than this. */
const PORTS = 16
/** For three hundred sockets of one process, and what else it has open. */
const FILES = 400

/** Tried with sockets that have their ports at the same time, each of its own, as UDP sockets do: ip(7). */
export async function whyFewClientPorts(): Promise<string | null> {
  const sockets = Array.from({ length: PORTS }, () => createSocket('udp4'))
  try {
    const bound = sockets.map(async (socket) => {
      socket.bind(0, '127.0.0.1')
      await once(socket, 'listening')
    })
    const settled = (await Promise.allSettled(bound)).filter((one) => one.status === 'rejected')
    const refused = settled.filter(({ reason }) => !isWantOfFiles(reason as NodeJS.ErrnoException))
    const [first] = refused
    if (first === undefined) return null
    const range = readHostFacts().ephemeralRange
    const setting = range === null ? '' : `, and the range for clients is ${range[0]} to ${range[1]}`
    const { code } = first.reason as NodeJS.ErrnoException
    return `of ${PORTS} sockets at a time ${PORTS - refused.length} get a port, the others ${code}${setting}`
  } finally {
    for (const socket of sockets) socket.close()
  }
}

/** Then nothing was asked of the ports. */
const isWantOfFiles = ({ code }: NodeJS.ErrnoException) => code === 'EMFILE' || code === 'ENFILE'

/** Not tried: what runs beside this would find no file left meanwhile. */
export function whyFewOpenFiles(): Promise<string | null> {
  const { soft } = readOpenFiles() ?? { soft: 'unlimited' }
  const why = `a process may have ${soft} open files, and ${FILES} are needed (RLIMIT_NOFILE)`
  return Promise.resolve(soft === 'unlimited' || soft >= FILES ? null : why)
}
