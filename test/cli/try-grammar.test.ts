/** The grammar of `npm run try`: what is written is read back, and a mistake is found where it is. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { complete } from '../../harness/cli/try-completion.ts'
import { adviceOnQuotes, explained, marked, readFitting } from '../../harness/cli/try-mistake.ts'
import { readTryOptions } from '../../harness/cli/try-options.ts'
import type { TryStep } from '../../harness/domain/tried.ts'
import { formatStep } from '../../harness/domain/tried.ts'
import { Mistake, readStep } from '../../harness/try/grammar.ts'
import { canonical } from '../../harness/theories/reach.ts'
import { readNext, readSteps } from '../../harness/try/sequence.ts'

/** Without the groups, to which nothing is sent: those of IPv6 also where IPv4 is spelt as IPv6. */
const ofIPv4 = fc.ipV4().filter((address) => Number(address.split('.')[0]) < 224)
const ofIPv6 = fc.ipV6().filter((address) => !/^ff/i.test(address) && !/^::ffff:2[2-5]\d\./.test(canonical(address)))
const addresses = fc.oneof(ofIPv4, ofIPv6, fc.constantFrom('0.0.0.0', '127.0.0.1', '::', '::1', '::ffff:127.0.0.1'))
const numbers = fc.integer({ min: 1, max: 999_999 })
const users = fc.oneof(fc.constantFrom('nobody', 'root', '_www', 'www-data'), fc.nat(2 ** 32 - 2).map(String))

const sockets: fc.Arbitrary<TryStep> = fc
  .record({
    do: fc.constant('open' as const),
    protocol: fc.constantFrom('tcp' as const, 'udp' as const),
    address: addresses,
    listens: fc.boolean(),
    ipv6Only: fc.boolean(),
    reusePort: fc.boolean(),
    reuseAddr: fc.boolean(),
    user: fc.option(users),
    inStep: fc.option(numbers),
  })
  .map((one) => ({
    ...one,
    listens: one.listens && one.protocol === 'tcp',
    reuseAddr: one.reuseAddr && one.protocol === 'udp',
    user: one.inStep === null ? one.user : null,
  }))

const portsOrNone = fc.option(fc.integer({ min: 1, max: 65_535 }))
const originsOver = (ofOneVersion: fc.Arbitrary<string>) =>
  fc.option(fc.record({ address: ofOneVersion, port: portsOrNone }))
const arrivalsOver = (ofOneVersion: fc.Arbitrary<string>): fc.Arbitrary<TryStep> =>
  fc.record({
    do: fc.constant('arrive' as const),
    protocol: fc.constantFrom('tcp' as const, 'udp' as const),
    address: ofOneVersion,
    from: originsOver(ofOneVersion),
  })
const ends: fc.Arbitrary<TryStep> = fc.record({ do: fc.constantFrom('close' as const, 'kill' as const), step: numbers })
const steps = fc.oneof(sockets, arrivalsOver(ofIPv4), arrivalsOver(ofIPv6), ends)

describe('a step', () => {
  test('that is written is read back, in whatever order its words stand', () => {
    fc.assert(
      fc.property(steps, (step) => {
        expect(readStep(formatStep(step))).toEqual(step)
      }),
    )
    fc.assert(
      fc.property(sockets, fc.infiniteStream(fc.nat()), (step, order) => {
        const [protocol, address, ...words] = formatStep(step)
          .replaceAll(/(as|in) (\S+)/g, '$1=$2')
          .split(' ')
        const shuffled = words.map((word) => ({ word, at: order.next().value })).sort((one, other) => one.at - other.at)
        const text = [protocol, address, ...shuffled.map(({ word }) => word.replace('=', ' '))].join('  ')
        expect(readStep(text)).toEqual(step)
      }),
    )
  })

  test('is read or explained, whatever is typed', () => {
    const word = fc.oneof(
      fc.constantFrom('tcp', 'udp', '->', 'close', 'kill', 'from', 'as', 'in', 'bound', 'ipv6Only', '1', '0'),
      addresses,
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const text = words.join(' ')
        try {
          expect(readStep(formatStep(readStep(text)))).toEqual(readStep(text))
        } catch (error) {
          expect(error).toBeInstanceOf(Mistake)
          const { at, length, message } = error as Mistake
          expect(at).toBeGreaterThanOrEqual(0)
          expect(at + length).toBeLessThanOrEqual(text.length + 1)
          expect(message).not.toBe('')
        }
      }),
    )
  })

  test.each([
    ['tcp [::1]', 'tcp ::1'],
    ['->127.0.0.1', '-> 127.0.0.1'],
    ['  -> 127.0.0.1 tcp', '-> 127.0.0.1'],
    ['-> ::1 from [::1]:5000 udp', '-> ::1 udp from [::1]:5000'],
    ['udp 0.0.0.0 bound reuseAddr', 'udp 0.0.0.0 reuseAddr'],
  ])('%s is spelt %s', (typed, usual) => {
    expect(formatStep(readStep(typed))).toBe(usual)
  })

  test.each([
    ['', '', 'a step is missing'],
    ['tpc 0.0.0.0', 'tpc', "no step begins with 'tpc'"],
    ['TCP 0.0.0.0', 'TCP', 'did you mean tcp?'],
    ['0.0.0.0', '0.0.0.0', 'an address comes after tcp, udp or ->'],
    ['-', '-', 'an arrow is written -> in one piece'],
    ['- > 127.0.0.1', '-', 'an arrow is written -> in one piece'],
    ['=> ::1', '=>', 'an arrow is written ->'],
    ['\u2192 ::1', '\u2192', 'an arrow is written ->'],
    ['bound ::1', 'bound', 'bound comes after an address'],
    ['tcp', '', 'an address, such as 127.0.0.1 or ::, is missing'],
    ['tcp localhost', 'localhost', 'write 127.0.0.1 or ::1'],
    ['tcp 127.0.0.1:8080', '127.0.0.1:8080', '--port sets it'],
    ['tcp 127.0.0', '127.0.0', 'is no IP address'],
    ['tcp *', '*', 'every address of IPv4 is 0.0.0.0'],
    ['tcp ipv6Only ::', 'ipv6Only', 'an address comes first'],
    ['tcp :: 8080', '8080', '--port sets it'],
    ['tcp :: ::1', '::1', 'a socket has one address'],
    ['tcp :: bound bound', 'bound', 'a step takes bound once'],
    ['tcp :: as root as nobody', 'as', 'a step takes as once'],
    ['tcp :: -> ::1', '->', 'it begins a step of its own'],
    ['-> 127.0.0.1 127.0.0.2', '127.0.0.2', "a client's own address comes after from"],
    ['-> ::1 udp tcp', 'tcp', 'a step takes a protocol once'],
    ['-> 224.0.0.1', '224.0.0.1', "a group's"],
    ['-> 127.0.0.1 from 255.255.255.255', '255.255.255.255', 'may leave this machine'],
    ['-> ff02::1 udp', 'ff02::1', "a group's"],
    ['udp fe80::1%eth0', 'fe80::1%eth0', 'a zone'],
    ['tcp :: ipv6only', 'ipv6only', 'did you mean ipv6Only?'],
    ['tcp :: reuseAddr', 'reuseAddr', 'reuseAddr is for udp'],
    ['tcp :: from ::1', 'from', 'means nothing here'],
    ['tcp :: as', '', 'a user, as in as nobody, is missing'],
    ['tcp :: as 4294967295', '4294967295', 'neither the name nor the number of a user'],
    ['tcp :: in 0', '0', 'steps count from 1'],
    ['tcp :: as root in 1', 'in', 'not both'],
    ['-> 127.0.0.1 from ::1', '::1', 'two IP versions'],
    ['-> 127.0.0.1 from 127.0.0.1:70000', '70000', 'from 1 to 65535'],
    ['-> 127.0.0.1 bound', 'bound', 'bound is for a socket'],
    ['close', '', 'the number of a step'],
    ['close one', 'one', 'is no number of a step'],
    ['kill 1 2', '2', 'kill takes one number'],
  ])('%j is a mistake at %j: %s', (text, place, what) => {
    const { at, length, message } = mistakeOf(() => readStep(text))
    expect(message).toContain(what)
    expect(text.slice(at, at + length)).toBe(place)
  })
})

function mistakeOf(read: () => unknown): Mistake {
  try {
    read()
  } catch (error) {
    if (error instanceof Mistake) return error
  }
  throw new Error('there is no mistake')
}

describe('a sequence', () => {
  const firstTwo = readSteps(['tcp ::', '-> ::1'])

  test.each([
    ['close 1', ['tcp ::']],
    ['kill 2', ['tcp ::', 'udp :: in 1']],
    ['tcp ::1 in 2', ['tcp ::', 'udp :: in 1']],
    ['tcp ::1 in 1', ['tcp ::', 'close 1']],
  ])('%s may follow %j', (text, before) => {
    expect(formatStep(readNext(text, readSteps(before)))).toBe(text)
  })

  test.each([
    ['close 3', ['tcp ::', '-> ::1'], 'there is no step 3 before this one, which is step 3'],
    ['kill 2', ['tcp ::', '-> ::1'], 'step 2 opens no socket'],
    ['close 1', ['tcp ::', 'close 1'], 'step 2 closed the socket of step 1'],
    ['kill 2', ['tcp ::', 'udp :: in 1', 'kill 1'], 'step 3 ended the process of step 2'],
    ['tcp ::1 in 1', ['tcp ::', 'kill 1'], 'step 2 ended the process of step 1'],
  ])('%s may not follow %j: %s', (text, before, why) => {
    expect(mistakeOf(() => readNext(text, readSteps(before))).message).toBe(why)
  })

  test('stays on this machine', () => {
    expect(mistakeOf(() => readFitting('-> 192.0.2.1', firstTwo)).message).toContain('nothing is sent elsewhere')
    expect(formatStep(readFitting('-> 127.9.9.9', firstTwo))).toBe('-> 127.9.9.9')
    expect(formatStep(readFitting('tcp 192.0.2.1', firstTwo))).toBe('tcp 192.0.2.1')
  })

  test('has its mistake explained with a mark below it, and with the grammar', () => {
    const told = explained(
      mistakeOf(() => readStep('tcp :: ipv6only')),
      2,
    )
    expect(told).toContain('step 2: ')
    expect(told).toContain('\n  tcp :: ipv6only\n         ^^^^^^^^\n')
    expect(told).toContain('udp ADDRESS [ipv6Only] [reusePort] [reuseAddr]')
  })

  test('of great length has its mistake shown with what stands beside it, and nothing that moves a cursor', () => {
    const long = mistakeOf(() => readStep(`tcp ${':'.repeat(300)} \u001b[2J bound`))
    const { what, mark } = marked(long, 1, 40)
    expect(what.length).toBeLessThan(100)
    expect(Math.max(...mark.split('\n').map((line) => line.length))).toBeLessThanOrEqual(40)
    const wide = marked(
      mistakeOf(() => readStep('tcp :: \u30dd\u30fc\u30c8 \u001b')),
      1,
    )
    expect(wide.mark).toBe('  tcp :: \u30dd\u30fc\u30c8 \\u001b\n         ^^^^^^\n')
  })

  test('that the shell has taken apart is recognised', () => {
    expect(adviceOnQuotes(['tcp', '0.0.0.0'])).toContain('Put quotes round each step')
    expect(adviceOnQuotes(['tcp ::', '-'])).toContain('takes > for a file')
    expect(adviceOnQuotes(['- > ::1'])).toBeNull()
  })
})

describe('options', () => {
  test('stand among steps, which may begin with an arrow', () => {
    const options = readTryOptions(['tcp ::', '--port', '9000', '-> ::1', '--json', '->::1', '- > ::1', '--> x'], {})
    expect(options).toMatchObject({
      steps: ['tcp ::', '-> ::1', '->::1', '- > ::1', '--> x'],
      port: 9000,
      json: true,
      asLab: null,
    })
  })

  test.each([
    [['--prot', '1'], 'there is no option --prot; there are --json, --port, --as-lab, --color, --help'],
    [['--port', '0'], "--port takes a whole number from 1 to 65535, not '0'"],
    [['--port'], '--port needs a whole number'],
    [['--json=yes'], '--json takes no value'],
  ])('%j: %s', (words, what) => {
    expect(() => readTryOptions(words, {})).toThrow(what)
  })

  test('that npm kept for itself are asked for again', () => {
    const env = { npm_lifecycle_event: 'try', npm_config_port: 'true' }
    expect(() => readTryOptions(['tcp ::', '9000'], env)).toThrow('npm run try tcp :: -- --port 9000')
  })
})

describe('the tab key', () => {
  const before = readSteps(['tcp ::', 'udp ::', 'close 1', '-> ::1', 'tcp ::', 'kill 5'])

  test.each([
    ['t', ['tcp ', 'theories ', 'table ']],
    ['-', ['-> ']],
    ['tcp 127', ['127.0.0.1 ', '127.0.0.2 ']],
    ['-> 127.0.0.1 from ::1', ['::1 ']],
    ['udp :: reuse', ['reusePort ', 'reuseAddr ']],
    ['udp :: reuseAddr reuse', ['reusePort ']],
    ['close ', ['2 ']],
    ['kill ', ['1 ', '2 ']],
    ['tcp :: in ', ['1 ', '2 ']],
    ['tcp :: as n', ['nobody ']],
    ['-> :: ', ['udp ', 'from ']],
    ['help ', []],
  ])('offers for %j: %j', (line, words) => {
    expect(complete(line, before)).toEqual([words, line.split(' ').at(-1)])
  })
})
