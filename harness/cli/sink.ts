/** Where a report goes: standard output, or a file that appears whole or not at all. */

import * as fs from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import { UsageError } from './usage.ts'

export type Sink = {
  /** @throws UsageError where it cannot be written; a reader that has gone is no error. */
  write(text: string): Promise<void>
  /** Makes a file appear under its name. */
  finish(): void
  /** Leaves nothing behind. */
  discard(): void
}

/** Whether a file is the one that standard output goes to already, as /dev/stdout is. */
export function isStandardOutput(file: string): boolean {
  const there = whatIsThere(file)
  if (!there || there.isDirectory()) return false
  try {
    const own = fs.fstatSync(1)
    return own.dev === there.dev && own.ino === there.ino
  } catch {
    return false // Standard output was closed by whoever started us.
  }
}

/** What is the same for two names of one file, also of one that is not there yet. */
export function identityOf(file: string): string {
  const there = whatIsThere(file)
  if (there) return `${there.dev} ${there.ino}`
  try {
    const target = throughLink(resolve(file))
    return join(fs.realpathSync(dirname(target)), basename(target))
  } catch {
    return resolve(file) // Without its folder it cannot be opened anyhow, and that says why.
  }
}

/** A name that is too long, a circle of links, or a file in the place of a folder: nothing is there either. */
function whatIsThere(file: string): fs.Stats | undefined {
  try {
    return fs.statSync(file, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

/** Opens a file to be written. @throws UsageError where that cannot be. */
export function openFile(file: string): Sink {
  try {
    const there = fs.statSync(file, { throwIfNoEntry: false })
    return there && !there.isFile() ? openSpecial(file, there) : openRegular(file, throughLink(file), there?.mode)
  } catch (error) {
    throw refusal(file, error)
  }
}

/** `/dev/null`, a terminal or a pipe is written to as it is: renaming over it would replace it. */
function openSpecial(file: string, there: fs.Stats): Sink {
  if (there.isDirectory()) throw new UsageError(`cannot write ${file}: it is a folder`)
  // Without O_NONBLOCK the open of a pipe that nobody reads would stop this whole process until somebody does.
  const descriptor = fs.openSync(file, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK)
  const shut = shutter(descriptor)
  return { write: (text) => writeAll(file, descriptor, text), finish: shut, discard: shut }
}

function openRegular(file: string, target: string, mode: number | undefined): Sink {
  // Beside the target, because a rename is atomic only within one file system.
  // A process id alone comes again: in a container a run that was killed has left a file with the id of the next one.
  const path = join(dirname(target), `.${basename(target)}.${process.pid}-${process.hrtime.bigint().toString(36)}.tmp`)
  const descriptor = fs.openSync(path, 'wx')
  const shut = shutter(descriptor)
  if (mode !== undefined) fs.fchmodSync(descriptor, mode & 0o777)
  return {
    write: (text) => writeAll(file, descriptor, text),
    finish() {
      shut()
      fs.renameSync(path, target)
    },
    discard() {
      shut()
      fs.rmSync(path, { force: true })
    },
  }
}

function shutter(descriptor: number): () => void {
  let open = true
  return () => {
    if (open) fs.closeSync(descriptor)
    open = false
  }
}

/** The file that a symbolic link names, also one that is not there yet. */
function throughLink(file: string): string {
  const isLink = fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
  return isLink ? resolve(dirname(file), fs.readlinkSync(file)) : file
}

/** write(2) may take a part only, and a full pipe takes nothing for a while. */
async function writeAll(file: string, descriptor: number, text: string): Promise<void> {
  const length = Buffer.byteLength(text)
  let written = 0
  while (written < length) {
    try {
      // Mostly at once, and then without a copy, which V8 would keep for a while: of a large class there are thousands.
      if (written === 0) written = fs.writeSync(descriptor, text)
      else written += fs.writeSync(descriptor, Buffer.from(text).subarray(written))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EPIPE') return
      if (code !== 'EAGAIN') throw refusal(file, error)
      await delay(5)
    }
  }
}

function refusal(file: string, error: unknown): UsageError {
  if (error instanceof UsageError) return error
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENXIO') return new UsageError(`cannot write ${file}: it is a pipe that nobody reads`)
  return new UsageError(`cannot write ${file}: ${code ?? String(error)}`)
}

/**
 * Standard output. `onBroken` is called once: without a reason when the reader has gone, as `| head` does (EPIPE) or a
 * terminal that was closed (EIO), else with the error's code.
 */
export function standardOutput(stdout: NodeJS.WriteStream, onBroken: (why: string | null) => void): Sink {
  let broken = false
  stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (!broken) onBroken(code === 'EPIPE' || code === 'EIO' ? null : (code ?? 'an unknown error'))
    broken = true
  })
  return {
    write(text) {
      if (broken || text === '') return Promise.resolve()
      return new Promise((resolve_) => {
        stdout.write(text, () => resolve_())
      })
    },
    finish() {},
    discard() {},
  }
}
