import { describe, expect, test } from 'vitest'

import { diffPorts } from '../../harness/ports/diff.ts'
import { readTaken, snapshotText } from '../../harness/ports/snapshot.ts'
import { takenOf } from '../../harness/ports/taken.ts'
import { readListings } from '../../harness/listing/recognise.ts'
import { NOTHING_KNOWN } from '../../harness/domain/about.ts'
import { row, taken } from './rows.ts'

const AT = '2026-11-22T10:00:00.000Z'
const read = (text: string) => readTaken(text, 'FILE', AT)

const SS = `Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process
udp   UNCONN 0      0            0.0.0.0:68        0.0.0.0:*     users:(("dhclient",pid=700,fd=6))
tcp   LISTEN 0      128          0.0.0.0:22        0.0.0.0:*     users:(("sshd",pid=812,fd=3))
tcp   ESTAB  0      0         192.0.2.10:22     192.0.2.99:50000 users:(("sshd",pid=900,fd=4))
tcp   LISTEN 0      128             [::]:22           [::]:*     users:(("sshd",pid=812,fd=4))
udp   UNCONN 0      0               [::]:5353         [::]:*     users:(("avahi-daemon",pid=650,fd=13))
`
const NMAP = `Starting Nmap 7.93 ( https://nmap.org ) at 2026-11-22 10:00 CET
Nmap scan report for localhost (127.0.0.1)
Host is up (0.00010s latency).
Not shown: 999 closed tcp ports (conn-refused)
PORT   STATE SERVICE
22/tcp open  ssh

Nmap done: 1 IP address (1 host up) scanned in 0.05 seconds
`

describe('a snapshot', () => {
  const look = taken([row('tcp 0.0.0.0 22 sshd/1/root', { uid: 0, sendQueue: 128 }), 'udp :: 53 named/7/bind'], {
    userNames: { 0: 'root' },
  })

  test('is read as it was written', () => {
    expect(read(snapshotText(look))).toEqual(look)
  })

  test.each([
    ['cut short', (text: string) => text.slice(0, -40), 'FILE begins as a snapshot does, and is cut short'],
    ['no JSON', (text: string) => text.replace('"covers"', 'covers'), 'is no valid JSON'],
    ['of another version', (text: string) => text.replace('"version": 1', '"version": 9'), 'of version 9'],
    ['of another format', (text: string) => text.replace('-snapshot"', '"'), 'FILE is JSON, and no snapshot'],
    ['with a wrong port', (text: string) => text.replace('"port": 53', '"port": 70000'), 'row 2 of it is none'],
    [
      'without a time',
      (text: string) => text.replace(/"takenAt": "[^"]*"/, '"takenAt": "soon"'),
      "its 'takenAt' is none",
    ],
    ['with rows of its own kind', (text: string) => text.replace(/"rows": \[[^]*\]/, '"rows": [null]'), 'row 1 of it'],
  ])('%s is refused, with the reason', (_, spoil, why) => {
    expect(() => read(spoil(snapshotText(look)))).toThrow(why)
  })

  test('has no connection, no descriptor, and nothing of the moment', () => {
    const [listing] = readListings(SS).listings
    const { rows } = takenOf([listing!], { takenAt: AT, host: null })
    expect(rows).toHaveLength(4)
    expect(
      rows.every(({ peer, inode, receiveQueue }) => peer === null && inode === null && receiveQueue === null),
    ).toBe(true)
    expect(rows.flatMap(({ holders }) => holders.map(({ fd }) => fd))).toEqual([null, null, null, null])
    expect(rows.find(({ protocol }) => protocol === 'tcp')?.sendQueue).toBe(128)
  })

  test('names the users of processes and sockets, where they are known', () => {
    const [listing] = readListings(SS).listings
    const about = {
      ...NOTHING_KNOWN,
      processes: new Map([[812, { uid: 0, user: 'root', isFileGone: false }]]),
      userNames: new Map([
        [0, 'root'],
        [1000, 'anna'],
      ]),
    }
    const owned = { ...listing!, rows: listing!.rows.map((one) => ({ ...one, uid: 0 })) }
    const { rows, userNames } = takenOf([owned], { takenAt: AT, host: null, about })
    expect(userNames).toEqual({ 0: 'root' })
    expect(rows.flatMap(({ holders }) => holders.flatMap(({ user }) => user ?? []))).toEqual(['root', 'root'])
  })
})

describe('a listing serves as well', () => {
  test('with what it was not asked for left open', () => {
    const { host, covers, rows } = read(SS.replace(/^udp.*\[::\].*\n/m, ''))
    expect(host).toBeNull()
    expect(covers).toEqual(['tcp IPv4', 'tcp IPv6', 'udp IPv4', 'udp IPv6'])
    expect(rows).toHaveLength(3)
    expect(read(`$ ss -ltn4\n${SS.replace(/^(?:udp|.*\[::\]).*\n/gm, '')}`).covers).toEqual(['tcp IPv4'])
  })

  test('two listings of one machine count as one look', () => {
    const [head = '', ...lines] = SS.split('\n')
    const part = (name: string) => [
      `$ ss -l${name === 'udp' ? 'u' : 't'}np`,
      head,
      ...lines.filter((line) => line.startsWith(name)),
    ]
    const both = [...part('tcp'), ...part('udp')].join('\n')
    expect(diffPorts(read(SS), read(both))).toMatchObject({ opened: [], closed: [], changed: [], same: 3 })
    expect(read(both).covers).toHaveLength(4)
  })

  test.each([
    ['', 'FILE is empty'],
    ['hello\nworld\n', 'FILE holds neither a snapshot nor a listing that is known'],
    [NMAP, 'FILE is a scan'],
    ['{}', 'FILE is JSON, and no snapshot'],
  ])('and what is none is refused (%#)', (text, why) => {
    expect(() => read(text)).toThrow(why)
  })
})
