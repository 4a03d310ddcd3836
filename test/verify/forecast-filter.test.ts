/** What the doctor foretells where something keeps packets back, and where only networks of their own have a loopback. */

import { describe, expect, test } from 'vitest'

import type { Lab } from '../../harness/domain/lab.ts'
import type { Machine } from '../../harness/domain/machine.ts'
import { lackedThere } from '../../harness/host/machine-own-network.ts'
import { forecast } from '../../harness/verify/forecast.ts'
import { filterInWords, keptBackInWords, labsInWords } from '../../harness/words/doctor-forecast.en.ts'
import { aMachine } from './a-machine.ts'

/** A lab of one act with one check. */
const lab = (id: string, network?: 'own') => {
  const act = { requires: ['ipv4-loopback'], checks: { [`${id}-check`]: { expect: {} } }, ...(network && { network }) }
  return { id, lab: { id, acts: { only: act } } as unknown as Lab, defect: null }
}
const LABS = [lab('01-here'), lab('02-elsewhere', 'own')]
const foretold = (machine: Machine) => forecast(LABS, machine)

const RULE = { text: 'tcp dport 8080 drop', wants: [], does: 'drop', chain: null } as const
const CHAIN = { hook: 'input', policy: 'accept', shownBy: 'nft list ruleset' } as const
const filtered = (changes: Partial<Machine> = {}) =>
  aMachine({ filter: { why: null, chains: [{ ...CHAIN, rules: [{ ...RULE, wants: [] }] }] }, ...changes })

describe('where the loopback interface is down', () => {
  const lacking = { 'ipv4-loopback': 'connecting to 127.0.0.1 gives ENETUNREACH' }

  test('labs with a network of their own run whole, as far as that network was looked at', () => {
    const told = foretold(aMachine({ ownNetwork: { 'ipv4-loopback': null } }, lacking))
    expect(labsInWords(told)[0]).toBe('1 of 2 labs will run whole. Of 2 checks 1 will be skipped.')
    expect(told.labs[1]).toMatchObject({ skips: [], unsure: [] })
  })

  test('where nobody looked, that shows only when they run', () => {
    expect(foretold(aMachine({}, lacking)).labs[1]).toMatchObject({
      skips: [],
      unsure: [{ capability: 'ipv4-loopback' }],
    })
  })

  test('what that network lacks as well is sure to be skipped', () => {
    const told = foretold(aMachine({ ownNetwork: { 'ipv4-loopback': 'none there' } }, lacking))
    expect(told.labs[1]).toMatchObject({ skips: [{ why: 'none there' }], unsure: [] })
  })

  test('the remedy is for those labs that gain by it', () => {
    const loopback = [{ name: 'lo', isUp: false, addresses: [] }]
    const { remedies } = foretold(aMachine({ loopback, ownNetwork: { 'ipv4-loopback': null } }, lacking))
    expect(remedies).toEqual([{ do: 'interface-up', command: 'sudo ip link set lo up', labs: ['01-here'] }])
  })
})

describe('a network of its own, by its tables', () => {
  const TRIE = `Local:
  +-- 0.0.0.0/0 3 0 5
     +-- 127.0.0.0/8 2 0 2
        +-- 127.0.0.0/31 1 0 0
           |-- 127.0.0.0
              /8 host LOCAL
           |-- 127.0.0.1
              /32 host LOCAL
`
  const LOOPBACK = '00000000000000000000000000000001 01 80 10 80       lo\n'

  test('has what a fresh kernel gives it', () => {
    const all = { 'ipv4-loopback': null, 'ipv6-loopback': null, 'loopback-block': null, 'client-ports': null }
    expect(lackedThere(`${TRIE}${LOOPBACK}32768\t60999\n`)).toEqual(all)
  })

  test('may lack IPv6, and is not known where its tables are not', () => {
    expect(lackedThere(`${TRIE}cat: /proc/net/if_inet6: No such file or directory\n`)).toMatchObject({
      'ipv4-loopback': null,
      'ipv6-loopback': 'a network of its own has no IPv6 loopback address',
    })
    expect(lackedThere('cat: not found\n')).toBeUndefined()
  })
})

describe('where something keeps packets back', () => {
  test('a rule is quoted, with what to do, for labs of this network', () => {
    const { filter, remedies } = foretold(filtered())
    expect(filterInWords(filter)).toEqual(['nft list ruleset shows for input: tcp dport 8080 drop'])
    expect(keptBackInWords(filter)[0]).toMatch(/may keep back what labs send/)
    expect(remedies).toEqual([{ do: 'let-through', command: 'sudo nft -a list ruleset', labs: ['01-here'] }])
  })

  test('it shows also where no rule may be read', () => {
    const silent = { works: false, how: '127.0.0.1 is not reached: connecting to 127.0.0.1 is not answered' }
    const { protocols } = aMachine()
    const unread = { why: 'nft answers "Operation not permitted"', chains: [] }
    const { filter, remedies } = foretold(aMachine({ filter: unread, protocols: { ...protocols, ipv4: silent } }))
    expect(filterInWords(filter)).toEqual([
      'The rules of the packet filter were not all read: nft answers "Operation not permitted".',
    ])
    expect(keptBackInWords(filter)[0]).toMatch(/^Something keeps back/)
    expect(remedies).toMatchObject([{ do: 'let-through' }])
  })

  test('nothing is said of it where nothing is', () => {
    const { filter, remedies } = foretold(aMachine({ filter: { why: null, chains: [] } }))
    expect(filterInWords(filter)).toEqual(['No rule of the packet filter keeps anything back.'])
    expect([keptBackInWords(filter), remedies]).toEqual([[], []])
    expect(foretold(aMachine()).filter).toBeNull()
  })
})
