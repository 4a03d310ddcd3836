/** What is read of a packet filter, from what tools print; and that nothing of it tells of others. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { execa } from 'execa'
import { describe, expect, test } from 'vitest'

import { reachable } from '../../harness/host/machine-filter.ts'
import { readIptables } from '../../harness/host/machine-filter-iptables.ts'
import { readNftables } from '../../harness/host/machine-filter-nft.ts'

const PROJECT = join(import.meta.dirname, '../..')

const OWN = ['127.0.0.1', '::1', '192.168.7.9', '203.0.113.7']

const match = (left: object, right: unknown, op = '==') => ({ match: { op, left, right } })
const payload = (protocol: string, field: string) => ({ payload: { protocol, field } })
const meta = (key: string) => ({ meta: { key } })
const DROP = { drop: null }
const INPUT = { family: 'inet', table: 't', name: 'in', type: 'filter', hook: 'input', policy: 'accept' }

/** The rules of one chain for input, each of its expressions, as `nft -j list ruleset` would print them. */
function read(rules: readonly unknown[][], more: readonly object[] = [], chain: object = {}) {
  const listed = { ...INPUT, ...chain }
  const { family, table, name } = listed
  const nftables = [
    { metainfo: { version: '1.0.6' } },
    { table: { family, name: table } },
    ...more,
    { chain: listed },
    ...rules.map((expr) => ({ rule: { family, table, chain: name, expr } })),
  ]
  return readNftables(JSON.stringify({ nftables }), OWN, () => false)
}
const rulesOf = (...rules: unknown[][]) => read(rules).flatMap((chain) => chain.rules)
const textsOf = (...rules: unknown[][]) => rulesOf(...rules).map(({ text }) => text)

describe('nft', () => {
  test('without a chain has nothing', () => {
    expect(readNftables('{"nftables": [{"metainfo": {}}]}', OWN, () => false)).toEqual([])
  })

  test('tells ports, ranges and sets as it writes them itself', () => {
    const port = payload('tcp', 'dport')
    expect(
      textsOf(
        [match(port, 8080), { counter: { packets: 1, bytes: 60 } }, DROP],
        [match(port, { set: [80, { range: [9000, 9010] }] }), { reject: { type: 'tcp reset' } }],
        [match(payload('udp', 'sport'), 53, '!='), { reject: { type: 'icmpx', expr: 'admin-prohibited' } }],
        [match(port, 81), { redirect: { port: 8080 } }],
      ),
    ).toEqual([
      'tcp dport 8080 drop',
      'tcp dport { 80, 9000-9010 } reject with tcp reset',
      'udp sport != 53 reject with icmpx admin-prohibited',
      'tcp dport 81 redirect to :8080',
    ])
  })

  test('keeps what a rule asks, and what it does', () => {
    expect(rulesOf([match(payload('ip', 'daddr'), { prefix: { addr: '127.0.0.0', len: 8 } }), DROP])).toEqual([
      {
        text: 'ip daddr 127.0.0.0/8 drop',
        wants: [
          { of: 'family', values: ['ipv4'], isNot: false },
          { of: 'destination', values: ['127.0.0.0/8'], isNot: false },
        ],
        does: 'drop',
        chain: null,
      },
    ])
  })

  test('a named set has its elements, and one that is not listed is not understood', () => {
    const set = { set: { family: 'inet', table: 't', name: 'mine', elem: [22, { elem: { val: 80, timeout: 9 } }] } }
    const [chain] = read([[match(payload('tcp', 'dport'), '@mine'), DROP]], [set])
    expect(chain?.rules[0]).toMatchObject({ text: 'tcp dport { 22, 80 } drop' })
    expect(rulesOf([match(payload('tcp', 'dport'), '@theirs'), DROP])).toMatchObject([
      { text: '… drop', wants: [{ of: 'other' }] },
    ])
  })

  test('a verdict map is a rule for each entry', () => {
    const set = [
      [22, { accept: null }],
      [80, { drop: null }],
    ]
    expect(textsOf([{ vmap: { key: payload('tcp', 'dport'), data: { set } } }])).toEqual([
      'tcp dport 22 accept',
      'tcp dport 80 drop',
    ])
    const unknown = { vmap: { key: payload('tcp', 'dport'), data: '@theirs' } }
    expect(rulesOf([unknown])).toMatchObject([{ text: '…', wants: [{ of: 'other' }], does: 'accept' }])
  })

  test.each([
    ['another interface', [match(meta('iifname'), 'eth0'), DROP]],
    ['a group of addresses', [match(payload('ip', 'daddr'), { prefix: { addr: '224.0.0.0', len: 4 } }), DROP]],
    ['a host elsewhere', [match(payload('ip', 'saddr'), '198.51.100.4'), DROP]],
    ['broadcasts', [match(meta('pkttype'), 'broadcast'), DROP]],
    ['no verdict', [match(payload('tcp', 'dport'), 80), { log: { prefix: 'seen' } }]],
  ])('a rule about %s is left out: it decides nothing over the loopback interface', (_, expr) => {
    expect(rulesOf(expr)).toEqual([])
  })

  test('what is not understood is a condition all the same, and not told', () => {
    expect(rulesOf([match(meta('skuid'), 'ann'), match(payload('tcp', 'dport'), 80), DROP])).toMatchObject([
      { text: '… tcp dport 80 drop', wants: [{ of: 'other' }, { of: 'protocol' }, { of: 'destination-port' }] },
    ])
  })

  test('no name, comment or address but loopback ones is told', () => {
    const chains = read(
      [
        [match(payload('ip', 'saddr'), { set: ['203.0.113.7', '192.168.7.9', '127.0.0.5'] }), DROP],
        [match(payload('ip', 'daddr'), '198.51.100.4', '!='), { log: { prefix: 'ann-laptop' } }, DROP],
        [match(meta('iifname'), 'wg-acme', '!='), { jump: { target: 'acme' } }],
        [match(payload('tcp', 'dport'), 80), { dnat: { family: 'ip', addr: '203.0.113.7', port: 81 } }],
      ],
      [{ chain: { family: 'inet', table: 't', name: 'acme' } }],
    )
    expect(JSON.stringify(chains)).not.toMatch(/203\.0|192\.168|198\.51|acme|ann/)
    expect(chains.flatMap(({ rules }) => rules.map(({ text }) => text))).toEqual([
      'ip saddr { …, 127.0.0.5 } drop',
      'ip daddr != … drop',
      'iifname != …',
      'tcp dport 80 dnat to …:81',
    ])
  })

  test('chains that no packet over the loopback interface passes have no hook', () => {
    const hookOf = (chain: object) => read([[DROP]], [], chain)[0]?.hook
    expect(hookOf({ hook: 'forward' })).toBeNull()
    expect(hookOf({ hook: 'prerouting', type: 'nat' })).toBeNull()
    expect(hookOf({ hook: 'output', type: 'nat' })).toBe('output')
    expect(read([[DROP]], [], { family: 'bridge' })).toEqual([])
    expect(read([[DROP]], [], { family: 'netdev', hook: 'ingress', dev: 'eth0' })).toEqual([])
  })

  test('a table with parts of iptables is left to iptables-save, where that has it', () => {
    const listing = JSON.stringify({
      nftables: [
        { chain: { ...INPUT, family: 'ip', table: 'filter' } },
        { rule: { family: 'ip', table: 'filter', chain: 'in', expr: [{ xt: null }, DROP] } },
      ],
    })
    expect(readNftables(listing, OWN, () => true)).toEqual([])
    expect(readNftables(listing, OWN, () => false)[0]?.rules).toMatchObject([{ text: '… drop' }])
  })

  test('chains to which nothing comes are not kept', () => {
    const more = ['used', 'unused'].map((name) => ({ chain: { family: 'inet', table: 't', name } }))
    const chains = reachable(read([[{ goto: { target: 'used' } }]], more))
    expect(chains).toHaveLength(2)
    expect(chains.find(({ hook }) => hook === 'input')?.rules).toMatchObject([{ does: 'goto', chain: 0 }])
  })
})

const SAVED = `# Generated by iptables-save v1.8.9 on Sun Nov 22 10:00:00 2026
*nat
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 8080
-A OUTPUT -p tcp -m tcp --dport 81 -j REDIRECT --to-ports 8080
-A OUTPUT -d 127.0.0.1/32 -p tcp -j DNAT --to-destination 203.0.113.7:80
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:acme-in - [0:0]
-A INPUT -i lo -j acme-in
-A INPUT ! -i lo -j ACCEPT
-A INPUT -i eth0 -j DROP
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -s 203.0.113.7/32 -j DROP
-A INPUT -p udp -m multiport --dports 53,5000:5010 -j REJECT --reject-with icmp-port-unreachable
-A INPUT -m limit --limit 5/min -j LOG --log-prefix "acme says: "
-A INPUT -m comment --comment "ann said so" -m owner --uid-owner ann -j DROP
-A acme-in -p tcp -m tcp ! --sport 1024:65535 -j RETURN
COMMIT
`

describe('iptables-save', () => {
  const { tables, chains } = readIptables(SAVED, { tool: 'iptables-save', family: 'ip' }, OWN)
  const [input] = chains.filter(({ hook }) => hook === 'input')

  test('has tables, hooks and policies', () => {
    expect(tables).toEqual(['nat', 'filter'])
    expect(chains.map(({ hook, policy }) => [hook, policy])).toEqual([
      [null, 'accept'],
      ['output', 'accept'],
      ['input', 'drop'],
      [null, 'drop'],
      ['output', 'accept'],
      [null, 'accept'],
    ])
  })

  test('its rules are told as it writes them, without what is of others', () => {
    expect(chains.flatMap(({ rules }) => rules.map(({ text }) => text))).toEqual([
      '-A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 8080',
      '-A OUTPUT -p tcp --dport 81 -j REDIRECT --to-ports 8080',
      '-A OUTPUT -d 127.0.0.1/32 -p tcp -j DNAT --to-destination …',
      '-A INPUT -i lo',
      '-A INPUT ! -i lo -j ACCEPT',
      '-A INPUT --ctstate RELATED,ESTABLISHED -j ACCEPT',
      '-A INPUT … -j DROP',
      '-A INPUT -p udp --dports 53,5000:5010 -j REJECT --reject-with icmp-port-unreachable',
      '-A INPUT … -j DROP',
      '-A … -p tcp ! --sport 1024:65535 -j RETURN',
    ])
    expect(JSON.stringify(chains)).not.toMatch(/203\.0|acme|ann|eth0/)
  })

  test('each has what it asks, and the family of its tool', () => {
    expect(input?.rules[0]).toMatchObject({ does: 'jump', chain: 5 })
    expect(input?.rules[4]?.wants).toEqual([
      { of: 'family', values: ['ipv4'], isNot: false },
      { of: 'protocol', values: ['udp'], isNot: false },
      { of: 'destination-port', values: ['53', '5000-5010'], isNot: false },
    ])
  })
})

test('a program of the name that prints something else leaves the rules unread', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nft-'))
  try {
    writeFileSync(join(folder, 'nft'), '#!/bin/sh\necho "{}"\n', { mode: 0o755 })
    const ask = `import { readFilter } from './harness/host/machine-filter.ts'
console.log(JSON.stringify(await readFilter()))`
    const words = ['--disable-warning=ExperimentalWarning', '--input-type=module-typescript', '-e', ask]
    const { stdout } = await execa(process.execPath, words, { cwd: PROJECT, env: { PATH: folder } })
    expect(JSON.parse(stdout)).toEqual({ why: 'what nft prints is not in the form that is known', chains: [] })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
