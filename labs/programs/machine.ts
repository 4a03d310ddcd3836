/**
 * machine: tells what this machine knows of networks: interfaces, resolver, default route, localhost.
 * By hand: npm run program machine   (then type: interfaces, resolver, route, or localhost)
 * It asks nobody outside. Of addresses other than loopback it tells only how many there are.
 */

import { getServers } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { existsSync, readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { createInterface } from 'node:readline'

import { say } from '../../harness/program.ts'

process.title = 'machine'

const isLoopback = (address: string) => /^(127\.|::1$)/.test(address)
const others = (all: string[]) => all.filter((address) => !isLoopback(address)).length
const sorted = (all: string[]) => ({ loopback: all.filter(isLoopback), others: others(all) })

const ROUTES = '/proc/net/route'
/** The default route is the one to destination 0 with the mask 0 (proc(5)). */
const DEFAULT = /^\S+\t0{8}\t(\S+\t){5}0{8}\t/gm

const tell: Record<string, () => void> = {
  interfaces() {
    const all = Object.entries(networkInterfaces())
    say.saw(
      'interfaces',
      all.map(([name, list = []]) => ({ name, ...sorted(list.map(({ address }) => address)) })),
    )
  },
  resolver: () => say.saw('resolver', sorted(getServers())),
  route: () =>
    say.saw('route', existsSync(ROUTES) ? (readFileSync(ROUTES, 'latin1').match(DEFAULT)?.length ?? 0) : null),
  async localhost() {
    try {
      const found = await lookup('localhost', { all: true })
      say.saw(
        'localhost',
        found.map(({ address }) => address),
      )
    } catch (error) {
      say.saw('localhost', (error as NodeJS.ErrnoException).code ?? 'unknown')
    }
  },
}

say.running()
createInterface({ input: process.stdin }).on('line', (line) => tell[line.trim()]?.())
