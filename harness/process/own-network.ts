/** Starts a process of the harness itself in a network of its own, with a channel for messages between the two. */

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'

import { inOwnNetwork, NETWORK_MADE, waysToOwnNetwork, whyNoUnshare, whyNotMade } from '../host/own-network.ts'
import { whenDrained } from './drained.ts'
import { MARKER_VARIABLE } from './marker.ts'

const RESOLVE = join(import.meta.dirname, '../command/resolve.cjs')

export type OwnNetworkProcess = {
  child: ChildProcess
  /** Settled when the process is gone and its last message has come: how it ended, and what it printed last. */
  gone: Promise<string>
}

/** `why` says why no such network can be made here. */
export type OwnNetworkStart = OwnNetworkProcess | { why: string }

/** The way that worked last: the others are not tried again. */
let knownWay: readonly string[] | undefined

export async function startInOwnNetwork(
  file: string,
  marker: string,
  ways: readonly (readonly string[])[] = knownWay ? [knownWay] : waysToOwnNetwork(),
): Promise<OwnNetworkStart> {
  let first: OwnNetworkStart | undefined
  for (const way of ways) {
    const start = await startBy(way, file, marker)
    if ('child' in start) {
      if (waysToOwnNetwork().some((one) => one.join() === way.join())) knownWay = way
      return start
    }
    first ??= start
  }
  return first ?? { why: 'this system has no network namespaces' }
}

const KEPT_LINES = 5
const MOST_KEPT = 10_000

async function startBy(way: readonly string[], file: string, marker: string): Promise<OwnNetworkStart> {
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', '--require', RESOLVE]
  const [command, args] = inOwnNetwork(way, [...node, file])
  // The fourth descriptor is Node's channel; unshare(1) and sh(1) pass it on. A session of its own keeps Ctrl-C away.
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
    env: { ...process.env, [MARKER_VARIABLE]: marker },
  })
  let text = ''
  // A tool may write a line piece by piece: it is cut into lines at the end only.
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => (text = (text + piece).slice(-MOST_KEPT)))
  const printed = () => {
    const lines = text.split('\n').map((line) => line.trim())
    return lines.filter((line) => line !== '').slice(-KEPT_LINES)
  }
  const gone = waitForEnd(child)
  return await new Promise((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      // A machine that is out of processes or descriptors does not lack the tool.
      if (error.code === 'ENOENT' || error.code === 'EACCES') resolve({ why: whyNoUnshare(error.code) })
      else reject(error)
    })
    child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      const told = gone.then((how) => [how, ...printed()].join(' / '))
      if (piece.includes(NETWORK_MADE)) resolve({ child, gone: told })
    })
    void gone.then((how) => {
      // The same goes for one that somebody killed.
      if (child.signalCode === null) resolve({ why: whyNotMade(printed().join('\n'), how) })
      else reject(new Error(how))
    })
  })
}

/**
 * Not `close`: Node never gives it where this side closes the channel. See docs/notes/node/close-and-channels.md.
 *
 * The end of a process may be told before its last message is read, and by a clock one cannot know how much later that
 * will be. The end of the channel comes behind every message. Nobody else holds it: Node marks what it inherited as
 * close-on-exec. Standard error may be held by a descendant, and counts until it is empty.
 */
async function waitForEnd(child: ChildProcess): Promise<string> {
  const disconnected = new Promise<void>((resolve) => child.once('disconnect', resolve))
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ? `it ended by ${signal}` : `it ended with exit code ${code}`))
  })
  const how = await ended
  await disconnected
  const { stderr } = child
  if (stderr !== null && !stderr.closed) {
    await new Promise<void>((resolve) => {
      stderr.once('close', resolve)
      whenDrained(stderr, resolve)
    })
  }
  return how
}
