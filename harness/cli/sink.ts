/** Where a report goes: standard output, or a file that appears whole or not at all. */

import { closeSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

import { UsageError } from './usage.ts'

export type Sink = {
  write(text: string): Promise<void>
  /** Makes a file appear under its name. */
  finish(): void
  /** Leaves nothing behind. */
  discard(): void
}

/** Opens a file to be written. @throws UsageError where that cannot be. */
export function openFile(file: string): Sink {
  const special = isSpecial(file)
  try {
    const target = special ? file : throughLinks(file)
    // Beside the target, because a rename is atomic only within one file system.
    const path = special ? file : join(dirname(target), `.${basename(target)}.${process.pid}.tmp`)
    const descriptor = openSync(path, special ? 'w' : 'wx')
    let open = true
    const shut = () => {
      if (open) closeSync(descriptor)
      open = false
    }
    return {
      async write(text) {
        writeSync(descriptor, text)
      },
      finish() {
        shut()
        if (!special) renameSync(path, target)
      },
      discard() {
        shut()
        if (!special) rmSync(path, { force: true })
      },
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UsageError(`cannot write ${file}: ${code === 'EISDIR' ? 'it is a folder' : (code ?? String(error))}`)
  }
}

/** `/dev/null`, a terminal or a pipe is written to as it is: renaming over it would replace it. */
function isSpecial(file: string): boolean {
  const there = statSync(file, { throwIfNoEntry: false })
  if (there?.isDirectory()) throw new UsageError(`cannot write ${file}: it is a folder`)
  return there !== undefined && !there.isFile()
}

function throughLinks(file: string): string {
  return statSync(file, { throwIfNoEntry: false }) ? realpathSync(file) : file
}

/** Standard output. `onBroken` is called once when the reader has gone, as `| head` does. */
export function standardOutput(stdout: NodeJS.WriteStream, onBroken: () => void): Sink {
  let broken = false
  // EPIPE where a pipe was closed, EIO where the terminal is gone: either way nobody reads any more.
  stdout.on('error', () => {
    if (!broken) onBroken()
    broken = true
  })
  return {
    write(text) {
      if (broken || text === '') return Promise.resolve()
      return new Promise((resolve) => {
        stdout.write(text, () => resolve())
      })
    },
    finish() {},
    discard() {},
  }
}
