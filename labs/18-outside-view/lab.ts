/** What does a machine look like from outside? Asks every TCP port of an address, and nmap some of them. */

import { act, defineLab, scannedPorts } from '../../harness/lab.ts'
import type { Ran, Scanned } from '../../harness/lab.ts'

/** The document's services: a web server, a printer, and names of other machines on an address of their own. */
const [WEB, PRINTER, NAMES] = [80, 631, 53]
const OPEN = [WEB, PRINTER]
const EVERY = 65_536

/**
 * The same in every run. Those that nobody has are outside the range for clients: on a number of that range nmap might
 * meet itself, as in lab 21. With `--full` nmap asks for all.
 */
const SAMPLE = [NAMES, WEB, PRINTER, 1, 1023, 2049, 8080, 20_011, 32_767, 61_000, 65_534, 65_535]

/** Where many ports are closed nmap does not show them, and says how many they are. */
export function askedOf(nmap: Ran): number {
  const closed = (nmap.hosts ?? []).flatMap(({ notShown }) => notShown.filter(({ state }) => state === 'closed'))
  return closed.reduce((sum, { count }) => sum + count, scannedPorts(nmap).length)
}

function agreement(nmap: Ran, { open }: Scanned): 'the-same' | 'another-answer' | 'other' {
  const told = scannedPorts(nmap)
  if (nmap.exitCode !== 0 || ![SAMPLE.length, EVERY].includes(askedOf(nmap))) return 'other'
  const isSame = told.every(({ port, state }) => state === (open.includes(port) ? 'open' : 'closed'))
  return isSame && open.every((port) => told.some((one) => one.port === port)) ? 'the-same' : 'another-answer'
}

const RESET = 'RFC 9293, section 3.10.7.1: CLOSED, and 3.10.7.2: LISTEN'
const LOOKUP = 'ip(7), bind to an address; net/ipv4/inet_hashtables.c, compute_score'
const NMAP = 'nmap(1), -sT; nmap-services'

export default defineLab({
  id: '18-outside-view',
  acts: {
    everyPort: act({
      network: 'own',
      longForm: true,
      requires: ['ipv4-loopback'],
      async experiment({ start, list, scan, connect, run, has, full }) {
        await start('listener', has('ipv6-loopback') ? '::' : '0.0.0.0', WEB)
        await start('listener', '127.0.0.1', PRINTER)
        const names = has('loopback-block') ? await start('listener', '127.0.1.1', NAMES) : null
        const listed = await list('netstat', { port: 'all' })
        const scanned = await scan('tcp', '127.0.0.1')
        const elsewhere = names && (await scan('tcp', '127.0.1.1', { from: NAMES, to: NAMES }))
        const asked = full ? `0-${EVERY - 1}` : SAMPLE.join(',')
        const nmap = has('nmap') ? await run('nmap', '-sT', '-n', '-Pn', '-p', asked, '127.0.0.1') : null
        return { listed, scanned, elsewhere, nmap, client: await connect('127.0.0.1', { port: WEB }) }
      },
      checks: {
        'scan-finds-every-port-open-or-closed': {
          claims: { H9: 'open-or-closed' },
          outcomes: ['open-or-closed', 'some-silent', 'other-ports-open'],
          outcome({ scanned: { open, closed, silent } }) {
            if (open.length + closed + silent.length !== EVERY) return 'other'
            if (silent.length > 0) return 'some-silent'
            return open.join() === OPEN.join() ? 'open-or-closed' : 'other-ports-open'
          },
          expect: { linux: { outcome: 'open-or-closed', source: RESET } },
          lie: 'another-port',
        },
        'listener-on-another-loopback-address-looks-closed': {
          requires: ['loopback-block'],
          claims: { H11: 'closed' },
          outcomes: ['closed', 'open'],
          outcome({ scanned, elsewhere }) {
            if (!elsewhere?.open.includes(NAMES) || scanned.silent.includes(NAMES)) return 'other'
            return scanned.open.includes(NAMES) ? 'open' : 'closed'
          },
          expect: { linux: { outcome: 'closed', source: LOOKUP } },
          lie: 'wildcard-instead',
        },
        'listener-listed-as-three-colons-is-open-over-ipv4': {
          requires: ['ipv6-loopback'],
          claims: { H14: 'open' },
          shownBy: 'netstat',
          outcomes: ['open', 'closed'],
          outcome({ listed, scanned }) {
            const row = listed.rows.find(({ state, local }) => state === 'LISTEN' && local.port === WEB)
            return row?.local.address !== '::' ? 'other' : scanned.open.includes(WEB) ? 'open' : 'closed'
          },
          expect: { linux: { outcome: 'open', source: 'ipv6(7), IPV6_V6ONLY; libuv src/unix/tcp.c, uv__tcp_bind' } },
          lie: 'ipv6-only-forced',
        },
        'nmap-gives-the-same-answers': {
          requires: ['nmap'],
          claims: { H9: 'the-same' },
          outcomes: ['the-same', 'another-answer'],
          outcome: ({ nmap, scanned }) => (nmap ? agreement(nmap, scanned) : 'other'),
          expect: { linux: { outcome: 'the-same', source: `${RESET}; nmap(1), -sT` } },
          lie: 'closed-called-open',
        },
        'service-column-of-nmap-names-the-program': {
          requires: ['nmap'],
          claims: { H15: ['by-number', 'no-name'] },
          outcomes: ['the-program', 'by-number', 'no-name'],
          outcome({ nmap, client: { servedBy } }) {
            const row = nmap && scannedPorts(nmap).find(({ port, state }) => port === WEB && state === 'open')
            if (!row || !servedBy) return 'other'
            const name = row.service ?? 'unknown'
            if (name === servedBy.program) return 'the-program'
            return name === 'http' ? 'by-number' : name === 'unknown' ? 'no-name' : 'other'
          },
          expect: { linux: { outcome: 'by-number', source: NMAP } },
          lie: 'another-port',
        },
      },
    }),
  },
})
