/**
 * One thread's share of a scan: a port to each asker, a few at a time, until all have answered or fallen silent.
 * Ports that answer do so at once on this machine; one that does not must hold up no other.
 */

import { Inconclusive } from '../domain/inconclusive.ts'
import type { Tally } from './scan-ports.ts'

/** Asks one port at a time with a socket of its own. */
export type Asker = {
  ask(port: number): void
  /** Asks the same port once more; TCP leaves that to the kernel. */
  askAgain(): void
  /** Nobody answered: ends the asking. */
  giveUp(): void
  close(): void
}

/** What an asker tells. It is free for another port when it says `idle`, and only then. */
export type Hear = {
  open(port: number): void
  /** A RST came, or ICMP port unreachable. */
  closed(port: number): void
  /** The asker had the very port that it asked, and asks again from another one. */
  metItself(port: number): void
  failed(port: number, code: string): void
  idle(): void
}

export type Silence = {
  /** How long nothing must have come where nobody can see the kernel ask again. */
  ms: number
  /** The ports to which the kernel has sent its SYN again; absent where no table tells. */
  retransmitted?: () => Promise<readonly number[]>
}

export type ShareOptions = {
  ports: Iterator<number>
  createAsker: (hear: Hear) => Asker
  mostSockets: number
  silence: Silence
}

/** So many ports are asked before the first of them is heard. More would only cost memory. */
const AT_ONCE = 64
const TICK_MS = 20
/** TCP sends its SYN again after one second (RFC 6298, section 2). */
const FIRST_RETRANSMISSION_MS = 1_000
const LOOK_EVERY_MS = 250

/** Something ran out that others may give back: open files, memory, port numbers. */
const RAN_OUT: ReadonlySet<string> = new Set(
  'EMFILE ENFILE ENOBUFS ENOMEM EAGAIN EADDRNOTAVAIL EADDRINUSE'.split(' '),
)
const RAN_OUT_FOR_GOOD_MS = 5_000

/** An asker, and what it is at. */
type Place = { asker: Asker; sinceMs: number; tick: number; askedAgain: boolean }

/** @throws Inconclusive where a port answered with something that is neither open, closed nor silent. */
export function scanShare({ ports, createAsker, mostSockets, silence }: ShareOptions): Promise<Tally> {
  const { promise, resolve, reject } = Promise.withResolvers<Tally>()
  const tally: Tally = { open: [], closed: 0, silent: [], metItself: [] }
  const pending = new Map<number, Place>()
  const idle: Place[] = []
  const postponed: number[] = []
  let most = mostSockets
  let nowMs = performance.now()
  let tick = 0
  // Pending ports that have seen a tick go by: they are being waited for, and others may be asked meanwhile.
  let slow = 0
  let exhausted = false
  // Until the next tick nobody asks for what has just run out.
  let ranOut = false
  let ranOutSinceMs: number | null = null
  let lookedMs = 0
  let over = false

  const end = (settle: () => void) => {
    over = true
    clearInterval(clock)
    for (const { asker } of [...idle, ...pending.values()]) asker.close()
    settle()
  }

  const goOn = () => {
    while (!over && !ranOut && pending.size < most && pending.size - slow < AT_ONCE) {
      const port = postponed.pop() ?? ports.next().value
      if (port === undefined) {
        exhausted = true
        break
      }
      const place = idle.pop() ?? createPlace()
      place.sinceMs = nowMs
      place.tick = tick
      place.askedAgain = false
      pending.set(port, place)
      place.asker.ask(port)
    }
    if (!over && exhausted && pending.size === 0 && postponed.length === 0) end(() => resolve(tally))
  }

  const leave = (port: number) => {
    const place = pending.get(port)
    pending.delete(port)
    if (place && place.tick < tick) slow -= 1
  }

  const answered = (port: number) => {
    leave(port)
    ranOutSinceMs = null
  }

  const createPlace = (): Place => {
    const asker = createAsker({
      open(port) {
        answered(port)
        tally.open.push(port)
      },
      closed(port) {
        answered(port)
        tally.closed += 1
      },
      metItself(port) {
        tally.metItself.push(port)
      },
      failed(port, code) {
        if (over) return
        if (!RAN_OUT.has(code)) {
          const why = `port ${port} answered the scan with ${code}, which is neither open, closed nor silent`
          end(() => reject(new Inconclusive(why)))
          return
        }
        leave(port)
        postponed.push(port)
        ranOut = true
        most = Math.max(1, Math.min(most, pending.size))
        ranOutSinceMs ??= nowMs
        if (nowMs - ranOutSinceMs < RAN_OUT_FOR_GOOD_MS) return
        end(() => reject(new Inconclusive(`the scan of port ${port} found no free socket or port (${code})`)))
      },
      idle() {
        idle.push(place)
        goOn()
      },
    })
    const place: Place = { asker, sinceMs: nowMs, tick, askedAgain: false }
    return place
  }

  const fallSilent = (port: number) => {
    const place = pending.get(port)
    if (!place) return
    answered(port)
    tally.silent.push(port)
    place.asker.giveUp()
  }

  const waitByTheClock = () => {
    // A Map keeps the order in which ports were asked: the oldest stand first.
    for (const [port, place] of pending) {
      const ageMs = nowMs - place.sinceMs
      if (ageMs < silence.ms / 2) break
      if (ageMs >= silence.ms) fallSilent(port)
      else if (!place.askedAgain) {
        place.askedAgain = true
        place.asker.askAgain()
      }
    }
  }

  const waitByTheTables = async (retransmitted: () => Promise<readonly number[]>) => {
    const [oldest] = pending.values()
    if (!oldest || nowMs - oldest.sinceMs < FIRST_RETRANSMISSION_MS || nowMs - lookedMs < LOOK_EVERY_MS) return
    lookedMs = nowMs
    for (const port of await retransmitted()) fallSilent(port)
  }

  const clock = setInterval(() => {
    nowMs = performance.now()
    tick += 1
    slow = pending.size
    ranOut = false
    if (silence.retransmitted) waitByTheTables(silence.retransmitted).catch((error) => end(() => reject(error)))
    else waitByTheClock()
    goOn()
  }, TICK_MS)
  goOn()
  return promise
}
