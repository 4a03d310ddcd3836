/** Lab 27 on changed evidence: every outcome is reached, judged and told. */

import { expect, test } from 'vitest'

import type { Said } from '../../harness/domain/observation.ts'
import type { Service } from '../../labs/27-this-machine/lab.ts'
import lab from '../../labs/27-this-machine/lab.ts'
import { fail } from './changes.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

const tell = (said: Said, value: unknown) => void Object.assign(said, { value })

const COMMON: Service[] = [
  ['ftp', 21, 'tcp'],
  ['ssh', 22, 'tcp'],
  ['telnet', 23, 'tcp'],
  ['smtp', 25, 'tcp'],
  ['http', 80, 'tcp'],
  ['https', 443, 'tcp'],
  ['http-alt', 8080, 'tcp'],
]
const many = Array.from({ length: 200 }, (_, index): Service => [`service-${index}`, 1000 + index, 'tcp'])
const shifted = COMMON.map(([name, port, protocol]): Service => [name, port + 1, protocol])

const LOOPBACK = { name: 'lo', loopback: ['127.0.0.1'], others: 0 }
const CARD = { name: 'eth0', loopback: [], others: 1 }

type Network = { interfaces: Said; resolver: Said; route: Said }

const has = ({ interfaces, resolver, route }: Network, list: object[], servers: number, routes: number | null) => {
  tell(interfaces, list)
  tell(resolver, { loopback: [], others: servers })
  tell(route, routes)
}

const names = { 'as-said': ({ services }: { services: Said }) => tell(services, COMMON) }
const others = {
  otherwise: ({ services }: { services: Said }) => tell(services, shifted),
  other: ({ services }: { services: Said }) => tell(services, []),
}

const answer = await testOutcomes(lab, {
  whatItKnows: {
    'machine-has-interfaces-a-resolver-and-a-default-route': {
      all: (evidence) => has(evidence, [LOOPBACK, CARD], 1, 1),
      some: [
        (evidence) => has(evidence, [LOOPBACK, CARD], 0, 1),
        (evidence) => has(evidence, [LOOPBACK, CARD], 1, 0),
        (evidence) => has(evidence, [LOOPBACK, CARD], 1, null),
      ],
      'loopback-only': (evidence) => has(evidence, [LOOPBACK], 0, 0),
      'no-interface': (evidence) => has(evidence, [], 1, 1),
    },
    'localhost-is-a-loopback-address': {
      loopback: ({ localhost }) => tell(localhost, ['::1', '127.0.0.1']),
      elsewhere: ({ localhost }) => tell(localhost, ['127.0.0.1', '203.0.113.1']),
      unknown: ({ localhost }) => tell(localhost, 'ENOTFOUND'),
    },
    'services-database-names-web-and-ssh': { ...names, ...others },
    'services-database-names-ftp-telnet-mail-and-web': { ...names, ...others },
    'services-database-calls-8080-http-alt': {
      ...names,
      'another-name': ({ services }) => tell(services, [['webcache', 8080, 'tcp']]),
      'no-name': ({ services }) => tell(services, shifted),
      other: others.other,
    },
    'services-database-has-a-few-dozen-ports-below-49152': {
      'a-few-dozen': ({ services }) => tell(services, COMMON),
      more: ({ services }) => tell(services, [...COMMON, ...many]),
      'more-and-some-above': ({ services }) => tell(services, [...COMMON, ['fido', 60179, 'tcp']]),
      'no-web': [({ services }) => tell(services, []), ({ services }) => tell(services, shifted)],
    },
  },
  portEighty: {
    'another-service-than-http-listens-on-port-80': {
      'http-answers': ({ client }) => (client.heard = 'HTTP/1.1 200 OK'),
      refused: ({ listener }) => fail(listener, 'EACCES'),
      other: [({ listener }) => fail(listener, 'EADDRINUSE'), ({ client }) => (client.servedBy = null)],
    },
  },
})

test('the words count and name the ports above 49151', () => {
  const id = 'services-database-has-a-few-dozen-ports-below-49152'
  const of = (...services: Service[]) =>
    answer(id, (evidence) => tell(evidence.services, [...COMMON, ...services])).seen
  expect(of()).toBe('The file has names for 7 ports. None of these numbers is 49152 or above.')
  expect(of(['fido', 60179, 'tcp'])).toMatch(/8 ports\. 1 of these numbers is 49152 or above: 60179\.$/)
  expect(of(['fido', 60179, 'tcp'], ['x', 50000, 'tcp'])).toMatch(
    /2 of these numbers are 49152 or above: 60179, 50000\.$/,
  )
})

test('the claims of the documents', () => {
  expect(claimsIn(answer('another-service-than-http-listens-on-port-80'))).toEqual({ T22: false })
  expect(claimsIn(answer('services-database-calls-8080-http-alt', names['as-said']))).toEqual({ C23: true })
  expect(claimsIn(answer('services-database-names-web-and-ssh', names['as-said']))).toEqual({ Q2: true })
})
