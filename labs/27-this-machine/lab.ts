/** Before the ports: which interfaces, which resolver, which route, and which names for ports has this machine? */

import { act, defineLab } from '../../harness/lab.ts'
import type { Said } from '../../harness/lab.ts'

/** One line of the services database. */
export type Service = [name: string, port: number, protocol: string]

export type Interface = { name: string; loopback: string[]; others: number }

export const servicesOf = ({ value }: Said) => value as unknown as Service[]
export const interfacesOf = ({ value }: Said) => value as unknown as Interface[]
export const resolverOf = ({ value }: Said) => value as unknown as { loopback: string[]; others: number }
export const routesOf = ({ value }: Said) => value as number | null
export const localhostOf = ({ value }: Said) => value as string | string[]

export const nameOf = (services: Said, port: number, protocol = 'tcp') =>
  servicesOf(services).find(([, itsPort, itsProtocol]) => itsPort === port && itsProtocol === protocol)?.[0] ?? null

export const portsOf = (services: Said) => [...new Set(servicesOf(services).map(([, port]) => port))]

/** Ports that RFC 6335 keeps for clients: nobody can register a service there. */
export const DYNAMIC = 49_152

/** Whether the database has these names for these ports. */
function named(services: Said, wanted: Record<string, string>): 'as-said' | 'otherwise' | 'other' {
  const names = Object.keys(wanted).map((port) => nameOf(services, Number(port)))
  if (servicesOf(services).length === 0) return 'other'
  return names.every((name, index) => name === Object.values(wanted)[index]) ? 'as-said' : 'otherwise'
}

const IANA = 'IANA Service Name and Transport Protocol Port Number Registry; services(5)'
const IANA_NOTE = 'the note in the port number registry of IANA on traffic to a registered port'
const AS_SAID = { outcome: 'as-said', source: IANA } as const

export default defineLab({
  id: '27-this-machine',
  acts: {
    whatItKnows: act({
      async experiment({ start, ask, said }) {
        const machine = await start('machine')
        return {
          interfaces: await ask(machine, 'interfaces', 'interfaces'),
          resolver: await ask(machine, 'resolver', 'resolver'),
          route: await ask(machine, 'route', 'route'),
          localhost: await ask(machine, 'localhost', 'localhost'),
          services: await said(await start('services'), 'services'),
        }
      },
      checks: {
        'machine-has-interfaces-a-resolver-and-a-default-route': {
          requires: ['ipv4-loopback'], // without it not even lo is up, as in a network namespace that was just made
          claims: { N2: ['all', 'loopback-only', 'some'] },
          outcomes: ['all', 'some', 'loopback-only', 'no-interface'],
          outcome({ interfaces, resolver, route }) {
            const found = interfacesOf(interfaces)
            if (found.length === 0) return 'no-interface'
            if (found.every(({ others }) => others === 0)) return 'loopback-only'
            const { loopback, others } = resolverOf(resolver)
            return loopback.length + others > 0 && (routesOf(route) ?? 0) > 0 ? 'all' : 'some'
          },
          expect: { posix: { outcome: ['all', 'some', 'loopback-only'], source: 'getifaddrs(3); RFC 1122, 3.2.1.3' } },
          lie: 'interfaces-hidden',
        },
        'localhost-is-a-loopback-address': {
          claims: { N2: ['loopback', 'unknown'] },
          outcomes: ['loopback', 'elsewhere', 'unknown'],
          outcome({ localhost }) {
            const addresses = localhostOf(localhost)
            if (typeof addresses === 'string') return 'unknown'
            return addresses.every((one) => /^(127\.|::1$)/.test(one)) ? 'loopback' : 'elsewhere'
          },
          expect: { posix: { outcome: ['loopback', 'unknown'], source: 'RFC 6761, section 6.3; hosts(5)' } },
          lie: 'names-misled',
        },
        'services-database-names-web-and-ssh': {
          requires: ['services-database'],
          claims: { Q2: 'as-said' },
          outcomes: ['as-said', 'otherwise'],
          outcome: ({ services }) => named(services, { 22: 'ssh', 80: 'http', 443: 'https' }),
          expect: { linux: AS_SAID },
          lie: 'services-shifted',
        },
        'services-database-names-ftp-telnet-mail-and-web': {
          requires: ['services-database'],
          claims: { T10: 'as-said' },
          outcomes: ['as-said', 'otherwise'],
          outcome: ({ services }) => named(services, { 21: 'ftp', 23: 'telnet', 25: 'smtp', 80: 'http' }),
          expect: { linux: AS_SAID },
          lie: 'services-shifted',
        },
        'services-database-calls-8080-http-alt': {
          requires: ['services-database'],
          claims: { C23: 'as-said' },
          outcomes: ['as-said', 'another-name', 'no-name'],
          outcome({ services }) {
            if (servicesOf(services).length === 0) return 'other'
            const name = nameOf(services, 8080)
            return name === null ? 'no-name' : name === 'http-alt' ? 'as-said' : 'another-name'
          },
          // Fedora's list has webcache first, and http-alt as a second name.
          expect: { linux: { outcome: ['as-said', 'another-name'], source: IANA } },
          lie: 'services-shifted',
        },
        'services-database-has-a-few-dozen-ports-below-49152': {
          requires: ['services-database'],
          claims: { T28: 'a-few-dozen' },
          outcomes: ['a-few-dozen', 'more', 'more-and-some-above', 'no-web'],
          outcome({ services }) {
            const ports = portsOf(services)
            if (nameOf(services, 80) !== 'http') return 'no-web'
            const above = ports.some((port) => port >= DYNAMIC)
            return above ? 'more-and-some-above' : ports.length > 99 ? 'more' : 'a-few-dozen'
          },
          expect: { linux: { outcome: ['a-few-dozen', 'more', 'more-and-some-above'], source: 'services(5)' } },
          lie: 'services-shifted',
        },
      },
    }),

    portEighty: act({
      network: 'own',
      requires: ['ipv4-loopback'],
      async experiment({ start, connect }) {
        return { listener: await start('listener', '127.0.0.1', 80), client: await connect('127.0.0.1', { port: 80 }) }
      },
      checks: {
        'another-service-than-http-listens-on-port-80': {
          claims: { T22: ['refused', 'http-answers'] },
          outcomes: ['another-answers', 'http-answers', 'refused'],
          outcome({ listener, client }) {
            if (listener.outcome === 'EACCES') return 'refused'
            if (listener.outcome !== 'listening' || client.servedBy?.pid !== listener.pid) return 'other'
            return client.heard.startsWith('HTTP/') ? 'http-answers' : 'another-answers'
          },
          expect: { linux: { outcome: 'another-answers', source: `bind(2); ${IANA_NOTE}` } },
          lie: 'bind-denied',
        },
      },
    }),
  },
})
