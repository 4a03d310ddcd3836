/** A snapshot that was written, in English. */

import { inThousands } from './phrases.en.ts'

export function keptInWords(sockets: number, file: string): string {
  const what = sockets === 1 ? '1 open socket is' : `${inThousands(sockets)} open sockets are`
  return `${what} kept in ${file}. What has changed since:`
}
