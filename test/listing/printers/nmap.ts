/** Hosts made up at random, and what nmap prints of them for people, for grep and as XML. */

import fc from 'fast-check'

import type { Protocol } from '../../../harness/domain/endpoint.ts'
import { PORT_STATES } from '../../../harness/domain/look.ts'
import type { ScannedHost, ScannedPort } from '../../../harness/domain/look.ts'

const words = fc.string({
  unit: fc.constantFrom('a', 'Z', '9', '.', '-', '(', ')', '&', '<', '"', "'", ';', ' ', ',', '1', 'é'),
  minLength: 1,
  maxLength: 20,
})

/** nmap has no blanks around a version; a comma in front of it would part two ports. */
const versions = words.map((text) => text.trim()).filter((text) => text !== '' && !text.startsWith(','))

const port: fc.Arbitrary<ScannedPort> = fc
  .record({
    protocol: fc.constantFrom<Protocol>('tcp', 'udp'),
    port: fc.nat(65_535),
    state: fc.constantFrom(...PORT_STATES),
    service: fc.option(fc.constantFrom('http', 'ssh', 'ssl/http', 'zeroconf', 'X11', 'domain')),
    version: fc.option(versions, { freq: 2 }),
  })
  .map(({ service, version, ...one }) =>
    service === null || version === null ? { ...one, service } : { ...one, service, version },
  )

const notShown = fc.record({
  state: fc.constantFrom(...PORT_STATES),
  count: fc.integer({ min: 1, max: 65_536 }),
  protocol: fc.constantFrom<Protocol>('tcp', 'udp'),
})

export const hosts: fc.Arbitrary<ScannedHost[]> = fc.uniqueArray(
  fc.record({
    address: fc.oneof(fc.ipV4(), fc.constantFrom('::1', 'fe80::1', '2001:db8::7')),
    names: fc.uniqueArray(fc.constantFrom('localhost', 'box.lan', 'a-b.example.org'), { maxLength: 1 }),
    ports: fc.uniqueArray(port, { maxLength: 6, selector: ({ protocol, port: number }) => `${number}/${protocol}` }),
    notShown: fc.uniqueArray(notShown, { maxLength: 3, selector: ({ state, protocol }) => `${state} ${protocol}` }),
  }),
  { minLength: 1, maxLength: 3, selector: ({ address }) => address },
)

export type HostPrinter = { name: string; print(hosts: readonly ScannedHost[]): { text: string; hosts: ScannedHost[] } }

const NORMAL: HostPrinter = {
  name: 'nmap',
  print(all) {
    const text = all.flatMap(({ address, names: [name], ports, notShown: counts }) => [
      `Nmap scan report for ${name === undefined ? address : `${name} (${address})`}`,
      'Host is up (0.000010s latency).',
      ...(counts.length === 0
        ? []
        : [
            `Not shown: ${counts.map(({ count, state, protocol }) => `${count} ${state} ${protocol} ports (reset)`).join(', ')}`,
          ]),
      ...(ports.length === 0 ? [] : ['PORT      STATE SERVICE VERSION']),
      ...ports.map(({ port: number, protocol, state, service, version }) =>
        `${`${number}/${protocol}`.padEnd(9)} ${state.padEnd(5)} ${service ?? ''} ${version ?? ''}`.trimEnd(),
      ),
      '',
    ])
    const lines = ['Starting Nmap 7.93 ( https://nmap.org ) at 2026-10-01 10:00 UTC', ...text]
    return {
      text: [...lines, 'Nmap done: 1 IP address (1 host up) scanned in 0.05 seconds'].join('\n'),
      hosts: [...all],
    }
  },
}

/** A slash becomes a stroke; of the ports that are not shown there is one state, without a protocol. */
const GREPABLE: HostPrinter = {
  name: 'nmap -oG',
  print(all) {
    const lines = all.flatMap(({ address, names: [name = ''], ports, notShown: [count] }) => {
      const listed = ports.map(({ port: number, protocol, state, service, version }) =>
        [number, state, protocol, '', (service ?? '').replaceAll('/', '|'), '', version ?? '', ''].join('/'),
      )
      const ignored = count === undefined ? '' : `\tIgnored State: ${count.state} (${count.count})`
      if (listed.length === 0 && ignored === '') return [`Host: ${address} (${name})\tStatus: Up`]
      return [
        `Host: ${address} (${name})\tStatus: Up`,
        `Host: ${address} (${name})\tPorts: ${listed.join(', ')}${ignored}`,
      ]
    })
    const first = '# Nmap 7.93 scan initiated Thu Oct  1 10:00:00 2026 as: nmap -oG - 192.0.2.7'
    return {
      text: [first, ...lines, '# Nmap done at Thu Oct  1 10:00:09 2026 -- 1 IP address (1 host up) scanned'].join('\n'),
      hosts: all.map((host) => ({
        ...host,
        notShown: host.notShown.slice(0, 1).map((count) => ({ ...count, protocol: null })),
      })),
    }
  },
}

const attribute = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const XML: HostPrinter = {
  name: 'nmap -oX',
  print(all) {
    const elements = all.flatMap(({ address, names, ports, notShown: counts }) => [
      `<host><status state="up"/><address addr="${address}" addrtype="${address.includes(':') ? 'ipv6' : 'ipv4'}"/>`,
      `<hostnames>${names.map((name) => `<hostname name="${name}" type="PTR"/>`).join('')}</hostnames><ports>`,
      ...counts.map(
        ({ count, state, protocol }) =>
          `<extraports state="${state}" count="${count}"><extrareasons reason="x" count="${count}" proto="${protocol}"/></extraports>`,
      ),
      ...ports.map(({ port: number, protocol, state, service, version }) => {
        const [name = '', tunnel] = (service ?? '').split('/').toReversed()
        const about = `name="${name}"${tunnel === undefined ? '' : ` tunnel="${tunnel}"`}${version === undefined ? '' : ` product="${attribute(version)}"`}`
        const named = service === null ? '' : `<service ${about} method="probed" conf="10"/>`
        return `<port protocol="${protocol}" portid="${number}"><state state="${state}"/>${named}</port>`
      }),
      '</ports></host>',
    ])
    const start = [
      '<?xml version="1.0"?>',
      '<!DOCTYPE nmaprun>',
      '<nmaprun scanner="nmap" args="nmap -oX - 192.0.2.7">',
    ]
    return { text: [...start, ...elements, '</nmaprun>'].join('\n'), hosts: [...all] }
  },
}

export const NMAP: readonly HostPrinter[] = [NORMAL, GREPABLE, XML]

/** As many hosts as are wanted, the same at every call. */
export function manyHosts(count: number, from = 0): ScannedHost[] {
  return Array.from({ length: count }, (_, place) => {
    const index = from + place
    return {
      address: `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`,
      names: index % 2 === 0 ? [`host${index}.example.org`] : [],
      ports: Array.from({ length: 20 }, (_one, port) => ({
        protocol: port % 4 === 3 ? ('udp' as const) : ('tcp' as const),
        port: 1 + port * 97,
        state: PORT_STATES[port % 3] ?? 'open',
        service: 'http',
        ...(port % 5 === 0 && { version: 'Example httpd 2.4' }),
      })),
      notShown: [{ state: 'closed' as const, count: 900 + (index % 50), protocol: 'tcp' as const }],
    }
  })
}
