/** The documents' own listings, in equivalents of ours: the explanation says what they conclude, and better where they err. */

import { describe, expect, test } from 'vitest'

import type { Service } from '../../harness/domain/service.ts'
import { createLayout } from '../../harness/report/layout.ts'
import { findings, lessons } from '../../harness/report/ports-meaning.ts'
import { portsText } from '../../harness/report/ports-text.ts'
import { portsHeadings } from '../../harness/words/ports.en.ts'
import { viewOf, viewsOf, worked } from './listings.ts'

const [lsof, ss, fstat] = [viewOf(worked('lsof')), viewOf(worked('ss')), viewOf(worked('fstat'))]

const service = (from: Service[], protocol: 'tcp' | 'udp', port: number) =>
  from.find((one) => one.port === port && one.protocols.includes(protocol))

const items = (view: typeof ss, title: string) =>
  [...findings(view), ...lessons(view)].find((section) => section.title === title)?.items ?? []
const reaches = (view: typeof ss) => items(view, portsHeadings.reach)
const meaning = (view: typeof ss) => items(view, portsHeadings.rows)
const starting = (all: string[], start: string) => all.find((one) => one.startsWith(start)) ?? ''

describe('harbour, lsof: twenty rows', () => {
  test('all twenty are read: eighteen sockets, one of them held by three processes', () => {
    expect(lsof).toMatchObject({ command: 'sudo lsof -i -P', rows: 18, unread: [] })
    const pids = lsof.services.flatMap(({ sockets }) => sockets.flatMap((one) => one.pids))
    expect(pids.length + lsof.clients.length).toBe(20)
  })

  test('(LISTEN) marks TCP, and UDP has no mark because it has no such state (H6)', () => {
    const forms = items(lsof, portsHeadings.forms)
    expect(starting(forms, '(LISTEN)')).toContain('TCP listener')
    expect(starting(forms, 'UDP lines')).toContain('the state of TCP')
    expect(starting(meaning(lsof), 'UDP has no LISTEN')).toContain('takes datagrams as soon as it is bound')
  })

  test('COMMAND is cut to nine characters', () => {
    expect(starting(items(lsof, portsHeadings.forms), 'COMMAND has nine')).toContain('avahi-dae and cups-brow')
  })

  test('apache2 is one socket in several processes, and one service', () => {
    expect(meaning(lsof).join('\n')).toContain('TCP 80 (apache2): one socket that several processes have open')
  })

  test('better than the document: lsof hides the device, and whether IPv4 is taken (C14, H16)', () => {
    expect(starting(items(lsof, portsHeadings.forms), 'The star in')).toContain('one network device')
    expect(starting(reaches(lsof), 'From other machines at every address over IPv6, perhaps IPv4 too')).toContain(
      'TCP 80',
    )
    expect(lsof.blind).toContain('dual-stack')
  })
})

describe('harbour, ss: eighteen rows', () => {
  test('all eighteen are read, with LISTEN and UNCONN told apart, and the backlog (H7)', () => {
    expect(ss).toMatchObject({ command: 'sudo ss -ltunp', rows: 18, unread: [] })
    const forms = items(ss, portsHeadings.forms)
    expect(starting(forms, 'In a LISTEN line')).toContain('Send-Q is the backlog')
    expect(starting(forms, 'UNCONN')).toContain('a UDP socket without a peer')
    expect(starting(forms, 'users:((')).toContain('every process that has the socket open')
  })

  test('three wildcard addresses: today a star is both versions of IP', () => {
    expect(starting(items(ss, portsHeadings.forms), 'Wildcard addresses')).toContain('a star takes IPv4 and IPv6')
  })

  test('the web server is reached over IPv4 too (H14)', () => {
    const [tcp] = service(ss.services, 'tcp', 80)?.reachOver.tcp ?? []
    expect(tcp).toMatchObject({ kind: 'every-address', families: ['IPv4', 'IPv6'], perhaps: [] })
  })

  test('the name server on 127.0.1.1 and the printer are for this machine only (H11)', () => {
    expect(starting(reaches(ss), 'From this machine only over IPv4:')).toContain('TCP and UDP 53 (dnsmasq)')
    expect(starting(reaches(ss), 'From this machine only over IPv4 and IPv6')).toContain('TCP 631 (cupsd)')
  })

  test('a socket that is bound to a device looks closed over loopback (H16)', () => {
    expect(starting(meaning(ss), 'UDP 41000 (dnsmasq): bound')).toContain('a scan of 127.0.0.1 finds it closed')
  })

  test('a UDP socket for IPv6 only is closed over IPv4 (H17)', () => {
    expect(meaning(ss).join('\n')).toMatch(/UDP 40117 .*: for IPv6 only\. Over IPv4 the number is closed/)
  })

  test('numbers of clients: sockets with which avahi and dnsmasq may ask others', () => {
    const kinds = ss.clients.map(({ row, kind, alsoServes }) => [row.local.port, kind, alsoServes])
    expect(kinds).toEqual([
      [55_108, 'perhaps-client', 5353],
      [41_000, 'perhaps-client', 53],
      [40_117, 'perhaps-client', 5353],
    ])
  })

  test('lsof and ss show the same services, programs and numbers (H8)', () => {
    const told = ({ services }: typeof ss) =>
      services.map(({ port, protocols, processes }) => [
        port,
        protocols.join(),
        processes.map(({ pid, command }) => `${pid} ${command?.slice(0, 9)}`).join(),
      ])
    expect(told(ss)).toEqual(told(lsof))
  })
})

describe('harbour, nmap: three runs', () => {
  const [all = ss, udp = ss, four = ss] = viewsOf(worked('nmap'))
  const forms = (view: typeof ss) => items(view, portsHeadings.forms)

  test('every port is open or closed over TCP: two open, and the others counted (H9)', () => {
    expect(all.hosts[0]?.ports.map(({ port, state }) => [port, state])).toEqual([
      [80, 'open'],
      [631, 'open'],
    ])
    expect(starting(forms(all), 'Ports of which')).toContain('65534 closed')
  })

  test('why 53 is missing: only one address was asked (H11)', () => {
    expect(starting(forms(all), 'Asked was 127.0.0.1')).toContain('127.0.1.1')
  })

  test('over UDP closed is told, open if somebody answers, else not decided (H12)', () => {
    expect(starting(forms(udp), 'open (')).toContain('UDP 123')
    expect(starting(forms(udp), 'open|filtered')).toMatch(/UDP 68, UDP 631, UDP 5353.*A program need not answer/)
    expect(starting(forms(udp), 'closed')).toContain('an ICMP error over UDP')
  })

  test('three closed ports, and the three causes of that (H11, H16, H17)', () => {
    expect(starting(forms(four), 'closed (UDP 53, UDP 40117, UDP 41000)')).toContain('at the address that was asked')
    expect(starting(forms(four), 'Asked was')).toMatch(
      /another address.*another of its network devices.*other version of IP/,
    )
  })

  test('the scan cannot tell which program it is (H15)', () => {
    expect(starting(forms(all), 'SERVICE is')).toContain('No program was asked')
  })
})

describe('checklist, fstat: forty rows', () => {
  test('all forty are read: what runs, of fifteen programs (N5, N10)', () => {
    expect(fstat).toMatchObject({ rows: 37, unread: [] })
    expect(new Set(fstat.services.flatMap(({ processes }) => processes.map(({ command }) => command))).size).toBe(15)
  })

  test('several processes have the mail socket: lines with one number are one socket', () => {
    expect(service(fstat.services, 'tcp', 25)?.sockets.map(({ address, pids }) => [address, pids])).toEqual([
      ['127.0.0.1', [520]],
      ['192.0.2.10', [520, 771, 774]],
    ])
    expect(starting(items(fstat, portsHeadings.forms), 'A line is')).toContain('lines that share it are one socket')
  })

  test('from where each is reached, and over which versions of IP', () => {
    expect(starting(reaches(fstat), 'From other machines at every address over IPv4:')).toMatch(/TCP 80 .*UDP 1011/)
    expect(starting(reaches(fstat), 'From other machines at every address over IPv4 and IPv6')).toMatch(
      /TCP 22 .*TCP 6000/,
    )
    expect(starting(reaches(fstat), 'From other machines at 192.0.2.10 over IPv4')).toMatch(/TCP 25 .*TCP and UDP 53/)
    expect(starting(reaches(fstat), 'From this machine only over IPv4:')).toContain('TCP 5432 (postgres)')
  })

  test('one program on both protocols, and a more specific socket beside the wildcard (N11)', () => {
    expect(meaning(fstat).join('\n')).toMatch(/TCP and UDP 53 \(named\).*: one program/)
    expect(starting(meaning(fstat), 'UDP 123 (ntpd): the wildcard address, and')).toContain('goes to the socket that')
  })

  test('what is alarming: telnet, rsh, tftp, X11, NFS, rpcbind, two programs on 514, and a row with port 0', () => {
    const looks = items(fstat, portsHeadings.concerns).join('\n')
    const expected = ['TCP 23 (inetd), usually telnet', 'TCP 514 (inetd), usually rsh', 'UDP 69 (inetd), usually TFTP']
    expected.push('TCP and UDP 2049 (nfsd), usually NFS', 'TCP 6000 (X), usually X11', 'TCP and UDP 111 (rpcbind)')
    expected.push('TCP 514 (inetd); UDP 514 (syslogd)', 'UDP 0 (dhcpcd)')
    for (const one of expected) expect(looks).toContain(one)
    expect(looks.split('\n')).toHaveLength(6)
    expect(looks).not.toMatch(/sshd|httpd|postgres|ntpd/)
  })

  test('better than the document: no states, and IPv6 that may take IPv4', () => {
    expect(fstat.blind).toEqual(expect.arrayContaining(['states', 'dual-stack']))
  })
})

test('the whole text of each is plain, and every line fits a screen of 80 columns', () => {
  for (const name of ['lsof', 'ss', 'nmap', 'fstat'] as const) {
    const text = [
      ...portsText(createLayout({ columns: 80, color: false }), { listings: viewsOf(worked(name)), unread: [] }),
    ]
    const lines = text.join('').split('\n')
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80)
    expect(lines.some((line) => line !== line.trimEnd())).toBe(false)
  }
})
