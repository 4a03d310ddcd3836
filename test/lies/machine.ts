/** Lies about the machine on which a program runs: its interfaces, its names, its list of services. */

import dns from 'node:dns/promises'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import os from 'node:os'

import type { Lie } from '../../harness/domain/lie.ts'

/** What a program imports by name follows the object only when Node is told so. */
const alter = (change: () => void) => () => {
  change()
  syncBuiltinESMExports()
}

export const OF_THE_MACHINE = {
  'interfaces-hidden': alter(() => {
    os.networkInterfaces = () => ({})
  }),

  'names-misled': alter(() => {
    const answer = [{ address: '203.0.113.1', family: 4 }]
    dns.lookup = (() => Promise.resolve(answer)) as unknown as typeof dns.lookup
  }),

  'services-shifted': alter(() => {
    const read = fs.readFileSync
    const shifted = (text: string) =>
      text.replace(/\b(\d+)\/(tcp|udp)/g, (_, port: string, protocol: string) => `${Number(port) + 1}/${protocol}`)
    fs.readFileSync = ((file: string, encoding: BufferEncoding) => {
      const text = read(file, encoding)
      return file === '/etc/services' ? shifted(text) : text
    }) as unknown as typeof fs.readFileSync
  }),
} satisfies Partial<Record<Lie, () => void>>
