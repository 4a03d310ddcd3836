/**
 * sampler: connects to a TCP server and stays. A typed number, such as 300, makes it dial as many addresses of
 * 127.0.0.0/8, spread evenly over the block, one after the other, and say what they came to.
 * By hand: npm run program sampler 127.0.0.1 8080
 */

import { createConnection } from 'node:net'

import { host, port, say } from '../../harness/program.ts'

process.title = 'sampler'

/** Steps of 2^24 divided by the golden ratio, the same in every run. */
function sampled(index: number): string {
  const number = (6 + index * 10_368_889) % 2 ** 24
  return `127.${number >> 16}.${(number >> 8) & 255}.${number & 255}`
}

/** Hears one piece and ends with a reset: otherwise each connection would stay in TIME-WAIT for a minute. */
const dial = (address: string) =>
  new Promise<string>((resolve) => {
    const client = createConnection({ host: address, port, autoSelectFamily: false })
    client.once('data', () => client.resetAndDestroy() && resolve('connected'))
    client.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'))
  })

async function sample(size: number): Promise<void> {
  const addresses = Array.from({ length: size }, (_, index) => sampled(index))
  const outcomes: Record<string, number> = {}
  for (const one of addresses) {
    const outcome = await dial(one)
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  }
  say.saw('sampled', { dialled: size, first: addresses[0] ?? '', last: addresses.at(-1) ?? '', outcomes })
}

const first = createConnection({ host, port }, () => say.connected(first.resume()))
first.on('error', say.refused)
first.on('close', () => process.stdin.destroy())
process.stdin.once('data', (line) => void sample(Number(line)))
