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

const scanned: fc.Arbitrary<ScannedHost> = fc.record({
  address: fc.oneof(fc.ipV4(), fc.constantFrom('::1', 'fe80::1', '2001:db8::7')),
  names: fc.uniqueArray(fc.constantFrom('localhost', 'box.lan', 'a-b.example.org'), { maxLength: 1 }),
  ports: fc.uniqueArray(port, { maxLength: 6, selector: ({ protocol, port: number }) => `${number}/${protocol}` }),
  notShown: fc.uniqueArray(notShown, { maxLength: 3, selector: ({ state, protocol }) => `${state} ${protocol}` }),
})

/** Of a host that is down nothing but its names is told. */
const down = scanned.map(({ address, names }) => ({ address, names, ports: [], notShown: [], isDown: true as const }))

export const hosts: fc.Arbitrary<ScannedHost[]> = fc.uniqueArray(
  fc.oneof({ arbitrary: scanned, weight: 3 }, { arbitrary: down, weight: 1 }),
  { minLength: 1, maxLength: 3, selector: ({ address }) => address },
)

export type HostPrinter = { name: string; print(hosts: readonly ScannedHost[]): { text: string; hosts: ScannedHost[] } }

/** What comes below the ports where a program answered and nmap does not know it. */
function fingerprints(ports: readonly ScannedPort[]): string[] {
  if (ports.length === 0) return []
  const [services, prints] = ports.length === 1 ? ['service', 'fingerprint'] : ['services', 'fingerprints']
  return [
    `${ports.length} ${services} unrecognized despite returning data. If you know the service/version, please submit the following ${prints} at https://nmap.org/cgi-bin/submit.cgi?new-service :`,
    ...ports.flatMap(({ port: number, protocol }) => [
      ...(ports.length === 1 ? [] : ['==============NEXT SERVICE FINGERPRINT (SUBMIT INDIVIDUALLY)==============']),
      `SF-Port${number}-${protocol.toUpperCase()}:V=7.93%I=7%D=10/1%Time=6B03EFA5%P=x86_64-pc-linux-gnu%r(`,
      'SF:GetRequest,4D,"HTTP/1\\.1\\x20200\\x20OK\\r\\n80/tcp\\x20open")%r(NULL,2,"hi");',
    ]),
  ]
}

const NORMAL: HostPrinter = {
  name: 'nmap',
  print(all) {
    const named = ({ address, names: [name] }: ScannedHost) => (name === undefined ? address : `${name} (${address})`)
    const up = ({ ports, notShown: counts }: ScannedHost) => [
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
      ...fingerprints(ports.filter(({ state, version }) => state === 'open' && version === undefined)),
      '',
    ]
    const text = all.flatMap((host) =>
      host.isDown === true
        ? [`Nmap scan report for ${named(host)} [host down]`]
        : [`Nmap scan report for ${named(host)}`, ...up(host)],
    )
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
    const lines = all.flatMap(({ address, names: [name = ''], ports, notShown: [count], isDown }) => {
      const listed = ports.map(({ port: number, protocol, state, service, version }) =>
        [number, state, protocol, '', (service ?? '').replaceAll('/', '|'), '', version ?? '', ''].join('/'),
      )
      const ignored = count === undefined ? '' : `\tIgnored State: ${count.state} (${count.count})`
      if (listed.length === 0 && ignored === '') {
        return [`Host: ${address} (${name})\tStatus: ${isDown === true ? 'Down' : 'Up'}`]
      }
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
    const where = ({ address }: ScannedHost) =>
      `<address addr="${address}" addrtype="${address.includes(':') ? 'ipv6' : 'ipv4'}"/>`
    const called = ({ names }: ScannedHost) =>
      `<hostnames>${names.map((name) => `<hostname name="${name}" type="PTR"/>`).join('')}</hostnames>`
    const isUp = ({ isDown }: ScannedHost) => isDown !== true
    // One for each host that answers, in the order of the answers.
    const hints = all
      .filter(isUp)
      .map((host) => `<hosthint><status state="up"/>\n${where(host)}\n${called(host)}\n</hosthint>`)
      .toReversed()
    const up = ({ ports, notShown: counts }: ScannedHost) => [
      '<ports>',
      ...counts.map(
        ({ count, state, protocol }) =>
          `<extraports state="${state}" count="${count}"><extrareasons reason="x" count="${count}" proto="${protocol}"/></extraports>`,
      ),
      ...ports.map(({ port: number, protocol, state, service, version }) => {
        const [name = '', tunnel] = (service ?? '').split('/').toReversed()
        const about = `name="${name}"${tunnel === undefined ? '' : ` tunnel="${tunnel}"`}${version === undefined ? '' : ` product="${attribute(version)}"`}`
        const cpe = version === undefined ? '' : '<cpe>cpe:/a:example:example</cpe>'
        const named = service === null ? '' : `<service ${about} method="probed" conf="10">${cpe}</service>`
        return `<port protocol="${protocol}" portid="${number}"><state state="${state}"/>${named}</port>`
      }),
      '</ports>',
    ]
    const elements = all.flatMap((host) => [
      `<host><status state="${isUp(host) ? 'up' : 'down'}"/>${where(host)}`,
      called(host),
      ...(isUp(host) ? up(host) : []),
      '</host>',
    ])
    const start = [
      '<?xml version="1.0"?>',
      '<!DOCTYPE nmaprun>',
      '<nmaprun scanner="nmap" args="nmap -oX - 192.0.2.7">',
    ]
    return { text: [...start, ...hints, ...elements, '</nmaprun>'].join('\n'), hosts: [...all] }
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
