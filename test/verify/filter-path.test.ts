/** Which rule of a packet filter meets a packet over the loopback interface: of rules by hand, and of real ones of nft. */

import { execaSync } from 'execa'
import { describe, expect, test } from 'vitest'

import type { FilterChain, FilterCondition, FilterRule, Machine } from '../../harness/domain/machine.ts'
import { readNftables } from '../../harness/host/machine-filter-nft.ts'
import type { Sending } from '../../harness/verify/filter-packets.ts'
import { findingsForAny, findingsForSending } from '../../harness/verify/filter-packets.ts'
import { namespaced, noNamespace, whyNot } from '../namespace.ts'
import { aMachine } from './a-machine.ts'

const RANGE = { name: 'net.ipv4.ip_local_port_range', value: '32768 60999', usual: '32768 60999' }
const TO_8080: Sending = { protocol: 'tcp', address: '127.0.0.1', port: 8080 }

const filtered = (...chains: FilterChain[]): Machine => aMachine({ settings: [RANGE], filter: { why: null, chains } })
const chain = (rules: FilterRule[], changed: Partial<FilterChain> = {}): FilterChain => ({
  hook: 'input',
  policy: 'accept',
  shownBy: 'nft list ruleset',
  rules,
  ...changed,
})
const want = (of: FilterCondition['of'], ...values: string[]): FilterCondition => ({ of, values, isNot: false })
const not = (condition: FilterCondition): FilterCondition => ({ ...condition, isNot: true })
const rule = (does: FilterRule['does'], ...wants: FilterCondition[]): FilterRule => ({
  text: `${wants.map(({ of, values }) => `${of} ${values.join()}`).join(' ')} ${does}`.trim(),
  wants,
  does,
  chain: null,
})
const VAGUE = want('other')

const told = (machine: Machine, sending = TO_8080) =>
  findingsForSending(machine, sending).map(({ isSure, text }) => `${isSure ? '' : 'perhaps '}${text}`)

describe('a rule', () => {
  test.each<[string, FilterCondition[], boolean]>([
    ['of its port', [want('destination-port', '8000-8080')], true],
    ['of another port', [want('destination-port', '8081')], false],
    ['of all ports but its own, of what begins', [want('state', 'new'), not(want('destination-port', '8080'))], false],
    ['of all ports but its own, on the way back', [not(want('destination-port', '8080'))], true],
    ['of UDP', [want('protocol', 'udp')], false],
    ['of IPv6', [want('family', 'ipv6')], false],
    ['of its network', [want('destination', '127.0.0.0/8')], true],
    ['of a range of addresses', [want('destination', '127.0.0.2-127.0.0.9')], false],
    ['of other interfaces', [not(want('input-interface', 'lo'))], false],
    ['of what goes out, in a chain for input', [want('output-interface', 'lo')], false],
    ['of the ports of clients', [want('source-port', '1024-65535')], true],
    ['of what begins', [want('state', 'new')], true],
  ])('%s', (_, wants, isMet) => {
    expect(told(filtered(chain([rule('drop', ...wants)]))).length).toBe(isMet ? 1 : 0)
  })

  test('that looks at what answers meets it on the way back', () => {
    expect(told(filtered(chain([rule('drop', want('source-port', '8080'))])))).toEqual(['source-port 8080 drop'])
  })

  test('that was understood in part, or may be of another address of this machine, is no certainty', () => {
    expect(told(filtered(chain([rule('drop', VAGUE)])))[0]).toMatch(/^perhaps/)
    const other = filtered(chain([rule('drop', want('destination', 'other'))]))
    expect(told(other)).toEqual([])
    expect(told(other, { ...TO_8080, address: '192.168.7.9' })[0]).toMatch(/^perhaps/)
  })

  test('of a wildcard address is one of the loopback address to which a client comes', () => {
    const machine = filtered(chain([rule('drop', want('destination', '::1'))]))
    expect(told(machine, { ...TO_8080, address: '::' })).toHaveLength(1)
    expect(told(machine, { ...TO_8080, address: '0.0.0.0' })).toEqual([])
    expect(told(machine, { ...TO_8080, address: '::ffff:127.0.0.1' })).toEqual([])
  })
})

describe('the order of rules', () => {
  test('an earlier one lets through', () => {
    const rules = [rule('accept', want('input-interface', 'lo')), rule('drop')]
    expect(told(filtered(chain(rules)))).toEqual([])
  })

  test('an earlier one that may let through leaves a doubt', () => {
    expect(told(filtered(chain([rule('accept', VAGUE), rule('drop')])))).toEqual(['perhaps drop', 'perhaps drop'])
  })

  test('one that may drop leaves none for the next', () => {
    expect(told(filtered(chain([rule('drop', VAGUE), rule('reject')])))[0]).toBe('reject')
  })

  test('what one chain lets through another one may drop', () => {
    const chains = [chain([rule('accept')]), chain([rule('drop', want('destination-port', '8080'))])]
    expect(told(filtered(...chains))).toEqual(['destination-port 8080 drop'])
  })

  test('a policy is met where no rule was', () => {
    const policy = { policy: 'drop' } as const
    expect(told(filtered(chain([rule('accept', want('destination-port', '22'))], policy)))[0]).toBe('policy drop')
    expect(told(filtered(chain([rule('accept')], policy)))).toEqual([])
  })

  test('a jump comes back, a goto does not', () => {
    const inner = chain([rule('return', want('destination-port', '8080')), rule('drop')], { hook: null })
    const to = (does: 'jump' | 'goto'): FilterRule => ({ ...rule(does), chain: 1 })
    const outer = (does: 'jump' | 'goto') => chain([to(does), rule('reject', want('state', 'new'))])
    expect(told(filtered(outer('jump'), inner))[0]).toBe('state new reject')
    expect(told(filtered(outer('goto'), inner))).not.toContain('state new reject')
    expect(told(filtered(outer('jump'), inner), { ...TO_8080, port: 81 })[0]).toBe('drop')
  })
})

const noFilter = noNamespace ?? whyNot([...namespaced("nft 'add table inet t'"), 'true'])

describe.skipIf(noFilter)(`rules of a real nft${noFilter === null ? '' : ` (skipped: ${noFilter})`}`, () => {
  function machineUnder(rules: readonly string[], setup = ''): Machine {
    const head = 'add table inet t; add chain inet t in { type filter hook input priority 0; }'
    const all = [head, setup, ...rules.map((one) => `add rule inet t in ${one}`)].filter((one) => one !== '').join('; ')
    const [file = '', ...args] = namespaced(`nft '${all}'`)
    const { stdout } = execaSync(file, [...args, 'nft', '-j', 'list', 'ruleset'])
    return filtered(...readNftables(stdout, ['127.0.0.1', '::1'], () => false))
  }

  test.each([
    [['tcp dport 8080 drop'], 'tcp dport 8080 drop'],
    [
      ['iif lo tcp dport { 80, 8000-9000 } counter reject with tcp reset comment "ann"'],
      'iif lo tcp dport { 80, 8000-9000 } reject with tcp reset',
    ],
    [
      ['ip daddr 127.0.0.0/8 meta l4proto { tcp, udp } th dport 8080 drop'],
      'ip daddr 127.0.0.0/8 meta l4proto { tcp, udp } th dport 8080 drop',
    ],
    [['ct state established,related accept', 'tcp dport >= 8080 drop'], 'tcp dport 8080-65535 drop'],
    [['tcp dport vmap { 22 : accept, 8080 : drop }'], 'tcp dport 8080 drop'],
    [['tcp dport 8080 limit rate over 5/second drop'], 'perhaps tcp dport 8080 … drop'],
  ])('%j', (rules, found) => {
    expect(told(machineUnder(rules))[0]).toBe(found)
  })

  test.each([
    [['iif lo accept', 'tcp dport 8080 drop']],
    [['iifname != "lo" drop', 'ip saddr 127.0.0.0/8 iif != lo drop']],
    [['udp dport 8080 drop', 'ip6 daddr ::1 drop', 'ct state invalid drop']],
  ])('%j keep nothing back', (rules) => {
    const machine = machineUnder(rules)
    expect(told(machine)).toEqual([])
  })

  test('redirections of what this machine sends itself', () => {
    const machine = machineUnder(
      [],
      'add chain inet t out { type nat hook output priority -100; }; add rule inet t out tcp dport 8080 redirect to :9090',
    )
    expect(told(machine)).toEqual(['tcp dport 8080 redirect to :9090'])
    expect(findingsForAny(machine).map(({ hook, isSure }) => [hook, isSure])).toEqual([['output', false]])
  })
})
