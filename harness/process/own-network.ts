/** Starts a process of the harness itself in a network of its own, with a channel for messages between the two. */

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'

import { inOwnNetwork, NETWORK_MADE, waysToOwnNetwork, whyNoUnshare, whyNotMade } from '../host/own-network.ts'
import { MARKER_VARIABLE } from './marker.ts'

export type OwnNetworkProcess = {
  child: ChildProcess
  /** The last lines that it printed: why it ended, where it ended early. */
  printed: string[]
}

/** `why` says why no such network can be made here. */
export type OwnNetworkStart = OwnNetworkProcess | { why: string }

/** The way that worked last: the others are not tried again. */
let knownWay: readonly string[] | undefined

export async function startInOwnNetwork(file: string, marker: string): Promise<OwnNetworkStart> {
  let first: OwnNetworkStart | undefined
  for (const way of knownWay ? [knownWay] : waysToOwnNetwork()) {
    const start = await startBy(way, file, marker)
    if ('child' in start) {
      knownWay = way
      return start
    }
    first ??= start
  }
  return first ?? { why: 'this system has no network namespaces' }
}

const KEPT_LINES = 5

async function startBy(way: readonly string[], file: string, marker: string): Promise<OwnNetworkStart> {
  const [command, args] = inOwnNetwork(way, [process.execPath, '--disable-warning=ExperimentalWarning', file])
  // The fourth descriptor is Node's channel; unshare(1) and sh(1) pass it on. A session of its own keeps Ctrl-C away.
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
    env: { ...process.env, [MARKER_VARIABLE]: marker },
  })
  const printed: string[] = []
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
    printed.push(...piece.slice(0, 2000).split('\n').filter((line) => line.trim() !== ''))
    printed.splice(0, printed.length - KEPT_LINES)
  })
  return await new Promise((resolve) => {
    child.on('error', (error: NodeJS.ErrnoException) => resolve({ why: whyNoUnshare(error.code ?? error.message) }))
    child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      if (piece.includes(NETWORK_MADE)) resolve({ child, printed })
    })
    child.once('close', (code) => resolve({ why: whyNotMade(printed.join('\n'), `it ended with exit code ${code}`) }))
  })
}
