/** From which numbers do clients get their ports, who chooses them, and how far do port numbers reach? */

import { act, CONNECT, defineLab } from '../../harness/lab.ts'
import type { Started } from '../../harness/lab.ts'
import { askedFor } from './asked-for.ts'

type Range = [number, number]

/** The dynamic ports of IANA: those that nobody can register (RFC 6335, section 6). */
const FIRST_DYNAMIC = 49_152

const isIn = (port: number, [first, last]: Range) => port >= first && port <= last

const portOf = ({ local }: Started) => local?.port ?? Number.NaN

const RANGE = 'ip(7), ip_local_port_range'
const NODE = 'Node lib/internal/validators.js, validatePort'
const HTONS = { outcome: 'low-16-bits', source: 'POSIX htons: its argument is a uint16_t' } as const

export default defineLab({
  id: '08-ephemeral-ports',
  acts: {
    twoClients: act({
      requires: ['ipv4-loopback', 'ephemeral-range', 'client-ports'],
      async experiment({ start, port, ephemeralRange }) {
        const listener = await start('listener', '127.0.0.1', port)
        const first = await start('client', '127.0.0.1', port)
        return { listener, first, second: await start('client', '127.0.0.1', port), ephemeralRange }
      },
      checks: {
        'client-can-get-any-port-from-1024-up': {
          claims: { Q5: ['narrower', 'any'], C3: ['narrower', 'any'] },
          outcomes: ['any', 'narrower', 'outside-its-range', 'below-1024'],
          outcome({ first, second, ephemeralRange: range }) {
            const ports = [portOf(first), portOf(second)]
            if (!range || ports.includes(Number.NaN)) return 'other'
            if (ports.some((port) => port < 1024)) return 'below-1024'
            if (!ports.every((port) => isIn(port, range))) return 'outside-its-range'
            return isIn(1024, range) && isIn(65_535, range) ? 'any' : 'narrower'
          },
          expect: { linux: { outcome: ['narrower', 'any'], source: RANGE } },
          lie: 'client-chooses-its-port',
        },
        'connect-gives-a-socket-the-servers-address': {
          claims: { T17: ['as-its-peer', 'as-its-own'] },
          outcomes: ['as-its-peer', 'as-its-own', 'not-connected'],
          outcome({ listener, first: { local, rows } }) {
            if (!local || !listener.local) return 'not-connected'
            if (local.port === listener.local.port) return 'as-its-own'
            return rows[0]?.peer?.port === listener.local.port ? 'as-its-peer' : 'other'
          },
          expect: { posix: { outcome: 'as-its-peer', source: 'POSIX connect; RFC 9293, section 3.9.1.1' } },
          lie: 'another-port',
        },
      },
    }),

    portZero: act({
      requires: ['ipv4-loopback', 'ephemeral-range', 'client-ports'],
      async experiment({ start, ephemeralRange }) {
        return { listener: await start('listener', '127.0.0.1', 0), ephemeralRange }
      },
      checks: {
        'listener-that-is-told-port-zero-listens-there': {
          claims: { Q6: 'port-zero' },
          outcomes: ['port-zero', 'chosen-by-the-system', 'outside-its-range'],
          outcome({ listener, ephemeralRange: range }) {
            if (!range || listener.outcome !== 'listening') return 'other'
            if (portOf(listener) === 0) return 'port-zero'
            return isIn(portOf(listener), range) ? 'chosen-by-the-system' : 'outside-its-range'
          },
          expect: { linux: { outcome: 'chosen-by-the-system', source: RANGE } },
          lie: 'port-zero-ignored',
        },
        'port-that-the-system-chooses-is-a-dynamic-one': {
          claims: { T9: 'dynamic' },
          outcomes: ['dynamic', 'registered', 'outside-its-range'],
          outcome({ listener, ephemeralRange: range }) {
            if (!range || listener.outcome !== 'listening') return 'other'
            if (!isIn(portOf(listener), range)) return 'outside-its-range'
            return range[0] >= FIRST_DYNAMIC ? 'dynamic' : 'registered'
          },
          // The range is a setting, and somebody may have moved it up. One port alone can be a dynamic one by chance.
          expect: { linux: { outcome: ['registered', 'dynamic'], source: RANGE } },
          lie: 'port-zero-ignored',
        },
      },
    }),

    tooLarge: act({
      requires: ['ipv4-loopback'],
      async experiment({ start, said, has, port, anotherPort }) {
        const inNode = await start('too-large', '127.0.0.1', port)
        const inC = has('python') ? await start('as-in-c.py', '127.0.0.1', await anotherPort()) : null
        return { inNode, inC, wanted: inC && (await said(inC, 'asked for')) }
      },
      checks: {
        'node-listens-on-a-port-above-65535': {
          claims: { Q6: ['refused-by-node', 'refused-by-the-system'] },
          outcomes: ['refused-by-node', 'refused-by-the-system', 'listening'],
          outcome({ inNode: { outcome, error } }) {
            if (!error) return outcome === 'listening' ? 'listening' : 'other'
            return error.syscall === null && error.errno === null ? 'refused-by-node' : 'refused-by-the-system'
          },
          expect: {
            posix: { outcome: 'refused-by-node', source: NODE },
            win32: { outcome: 'refused-by-node', source: NODE },
          },
          lie: 'port-cut-to-16-bits',
        },
        'port-above-65535-is-cut-to-its-low-16-bits-in-c': {
          requires: ['python'],
          outcomes: ['low-16-bits', 'another-port'],
          outcome: ({ inC, wanted }) =>
            !inC || !wanted ? 'other' : portOf(inC) === askedFor(wanted).port ? 'low-16-bits' : 'another-port',
          expect: { posix: HTONS },
          lie: 'another-port',
        },
      },
    }),

    highestPort: act({
      requires: ['ipv4-loopback'],
      network: 'own',
      async experiment({ start, connect }) {
        const listener = await start('listener', '127.0.0.1', 65_535)
        return { listener, client: await connect('127.0.0.1', { port: 65_535 }) }
      },
      checks: {
        'client-reaches-a-listener-on-port-65535': {
          claims: { Q6: 'connected' },
          outcomes: CONNECT,
          outcome: ({ client }) => client.outcome,
          expect: { posix: { outcome: 'connected', source: 'RFC 9293, section 3.1: a port has 16 bits' } },
          lie: 'another-port',
        },
      },
    }),
  },
})
