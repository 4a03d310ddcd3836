/**
 * The course of a scan: a port to each asker, a few at a time, until each has answered or fallen silent. Ports that
 * answer do so at once on this machine; one that does not must hold up no other.
 */

import { Inconclusive } from '../domain/inconclusive.ts'
import type { Scanned } from '../domain/observation.ts'

/** What was found. */
export type Tally = Pick<Scanned, 'open' | 'closed' | 'silent' | 'metItself'>

/** Asks one port at a time with a socket of its own, and may be told of the answer, or look for it. */
export type Asker = {
  /** Whether it sees by itself that nobody answers. Else silence is that nothing came for a stated time. */
  readonly seesSilence: boolean
  ask(port: number): void
  look(): void
  /** Asks the same port once more; for TCP the kernel does. */
  askAgain(): void
  /** Tells that the port is silent, and is idle. */
  giveUp(): void
  /** Leaves no socket, and tells nothing. */
  close(): void
}

/**
 * How a connection ends that was made to a listener. A RST leaves nobody in TIME-WAIT. A FIN is what servers are used to:
 * one that was written without a thought of errors ends at a RST.
 */
export type Ending = 'reset' | 'close'

/** What an asker tells of its port. It is free for another one when it says `idle`, and only then. */
export type Hear = {
  open(port: number): void
  /** A RST came, or ICMP port unreachable. */
  closed(port: number): void
  silent(port: number): void
  /** The asker had the very port that it asked, and asks again from another one. */
  metItself(port: number): void
  failed(port: number, code: string): void
  idle(): void
}

export type CourseOptions = {
  ports: Iterator<number>
  createAsker: (hear: Hear) => Asker
  mostSockets: number
  /** For how long nothing must come, half-way asked again, where an asker does not see silence. */
  silenceMs: number
  signal: AbortSignal
  onProgress: (done: number) => void
}

/** So many ports are asked before the first of them is heard. More would only cost memory. */
const AT_ONCE = 256
/** For so long at a time nothing else in this process gets its turn. */
const TURN_MS = 5
const TICK_MS = 20
/** An answer that takes longer than this is looked for less often. */
const SLOW_TICKS = 5
const PROGRESS_TICKS = 10

/** Something ran out that others may give back: open files, memory, port numbers. */
const RAN_OUT: ReadonlySet<string> = new Set('EMFILE ENFILE ENOBUFS ENOMEM EAGAIN EADDRNOTAVAIL EADDRINUSE'.split(' '))
const RAN_OUT_FOR_GOOD_MS = 5_000

/** An asker, since when it waits, and when it has asked again. */
type Place = { asker: Asker; sinceMs: number; tick: number; againMs: number | null }

/** @throws Inconclusive where a port answered with something that is neither open, closed nor silent. */
export function runScan(options: CourseOptions): Promise<Tally> {
  const { ports, createAsker, mostSockets, silenceMs, signal, onProgress } = options
  const { promise, resolve, reject } = Promise.withResolvers<Tally>()
  const tally: Tally = { open: [], closed: 0, silent: [], metItself: [] }
  // A Map keeps the order in which ports were asked: the oldest stand first.
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
  let asking = false
  let over = false

  const end = (settle: () => void) => {
    if (over) return
    over = true
    clearInterval(clock)
    signal.removeEventListener('abort', abort)
    for (const { asker } of [...idle, ...pending.values()]) asker.close()
    settle()
  }
  const abort = () => end(() => reject(signal.reason as Error))
  /** Nobody would catch what is thrown in a timer. */
  const guarded = (turn: () => void) => () => {
    try {
      if (!over) turn()
    } catch (error) {
      end(() => reject(error))
    }
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

  const failed = (port: number, code: string) => {
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
    end(() => reject(new Inconclusive(`the scan found no free socket or no free port to ask port ${port} (${code})`)))
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
      silent(port) {
        answered(port)
        tally.silent.push(port)
      },
      metItself(port) {
        tally.metItself.push(port)
      },
      failed,
      idle() {
        idle.push(place)
        goOn()
      },
    })
    const place: Place = { asker, sinceMs: nowMs, tick, againMs: null }
    return place
  }

  const askNext = (): boolean => {
    if (over || ranOut || pending.size >= most || pending.size - slow >= AT_ONCE) return false
    const port = postponed.pop() ?? ports.next().value
    if (port === undefined) {
      exhausted = true
      return false
    }
    const place = idle.pop() ?? createPlace()
    place.sinceMs = nowMs
    place.tick = tick
    place.againMs = null
    pending.set(port, place)
    place.asker.ask(port)
    return true
  }

  const goOn = guarded(() => {
    // An asker may be idle again before it has returned from `ask`: the loop below goes on with it.
    if (asking) return
    asking = true
    const untilMs = performance.now() + TURN_MS
    while (askNext()) {
      if (performance.now() < untilMs) continue
      setImmediate(goOn)
      break
    }
    asking = false
    if (exhausted && pending.size === 0 && postponed.length === 0) end(() => resolve(tally))
  })

  const lookAndWait = guarded(() => {
    for (const place of pending.values()) {
      if (over) return
      const { asker, sinceMs, againMs } = place
      if (asker.seesSilence || (againMs ?? sinceMs) + silenceMs / 2 > nowMs) {
        if (tick - place.tick <= SLOW_TICKS || tick % SLOW_TICKS === 0) asker.look()
      } else if (againMs === null) {
        place.againMs = nowMs
        asker.askAgain()
      } else {
        asker.look()
        asker.giveUp()
      }
    }
    goOn()
  })

  const clock = setInterval(() => {
    nowMs = performance.now()
    tick += 1
    slow = pending.size
    ranOut = false
    if (tick % PROGRESS_TICKS === 0) onProgress(tally.closed + tally.open.length + tally.silent.length)
    // What came while this process had no turn is heard first: Node reads its sockets between the timers and this.
    setImmediate(lookAndWait)
  }, TICK_MS)
  signal.addEventListener('abort', abort)
  goOn()
  return promise
}
