/**
 * Has the kernel end this process where its own code computes for ever. While JavaScript computes no timer fires and no
 * signal is heard, so that no limit of ours counts, nor Ctrl-C: setitimer(2) counts the processor time, and its signal,
 * SIGVTALRM, ends a process that does not handle it. The guardian then ends the programs. A process that is stopped, or
 * waits, uses no processor time. Where Node has no node:ffi there is no such limit.
 */

/** The same on Linux, macOS and the BSDs. */
const ITIMER_VIRTUAL = 1

const CALLS = { setitimer: { arguments: ['i32', 'pointer', 'pointer'], return: 'i32' } } as const

/** More than anything here takes that is not stuck, on a slow machine too. */
const LIMIT_S = 60
/** So often the count begins anew: a process that gets to do this is not stuck. */
const ANEW_MS = 2_000

export async function endWhenStuck(limitS = LIMIT_S): Promise<void> {
  if (process.platform === 'win32' || !['x64', 'arm64'].includes(process.arch)) return
  // Node says once of each experimental module that it is one. Nobody who runs a lab has asked for this one.
  const { emitWarning } = process
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (rest[0] !== 'ExperimentalWarning') Reflect.apply(emitWarning, process, [warning, ...rest])
  }
  try {
    const { dlopen, getRawPointer } = await import('node:ffi')
    const { setitimer } = dlopen(null, CALLS).functions
    // struct itimerval: the interval, which is 0 for a single signal, then the value; seconds and microseconds each.
    const timer = new BigInt64Array([0n, 0n, BigInt(limitS), 0n])
    const begin = () => void setitimer(ITIMER_VIRTUAL, getRawPointer(timer.buffer), 0n)
    begin()
    setInterval(begin, ANEW_MS).unref()
  } catch {
    // Then a lab that never ends is for a person to end.
  } finally {
    process.emitWarning = emitWarning
  }
}
