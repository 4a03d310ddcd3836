/** Writes what was read of a text as the corpus does: a line for each listing, socket and port, and the lines not read. */

import type { ReadListing, ReadText, ScannedHost, UnreadLine } from '../../../harness/domain/look.ts'
import type { Holder, SocketRow } from '../../../harness/domain/socket-row.ts'

export function told({ listings, unread }: ReadText): string[] {
  return [...listings.flatMap(toldListing), ...toldUnread('outside', unread)]
}

function toldListing({ format, command, lines, rows, hosts, unread, leftOut, blind }: ReadListing): string[] {
  return [
    `${format} ${lines?.from}-${lines?.to}${command === null ? '' : `: ${command}`}`,
    ...(blind.length === 0 ? [] : [`blind: ${blind.join(', ')}`]),
    ...(leftOut.length === 0 ? [] : [`left out: ${leftOut.map(({ kind, count }) => `${count} ${kind}`).join(', ')}`]),
    ...rows.map(toldRow),
    ...hosts.flatMap(toldHost),
    ...toldUnread('unread', unread),
  ]
}

/**
 * `tcp6 LISTEN [::]:80 dual-stack | nginx 902/6 root | q=0/511 inode=24410 uid=33`: protocol, state (behind a `/` as it
 * is printed, where that is another word), addresses, `%device`; each holder with number, descriptor and user; and what
 * else is told. What the listing does not say is left out.
 */
export function toldRow(row: SocketRow): string {
  const { protocol, family, local, peer, device, takesIPv4, holders } = row
  const words = [
    `${protocol}${family === 'IPv4' ? 4 : 6}`,
    toldState(row),
    endpoint(local),
    device === null ? '' : `%${device}`,
    peer === null ? '' : `-> ${endpoint(peer)}`,
    takesIPv4 === null ? '' : takesIPv4 ? 'dual-stack' : 'ipv6-only',
  ]
  const others = [
    row.receiveQueue === null && row.sendQueue === null ? '' : `q=${row.receiveQueue ?? '-'}/${row.sendQueue ?? '-'}`,
    row.inode === null ? '' : `inode=${row.inode}`,
    row.uid === null ? '' : `uid=${row.uid}`,
    row.retransmits === null ? '' : `again=${row.retransmits}`,
  ]
  return [joined(words), ...holders.map(toldHolder), joined(others)].filter((part) => part !== '').join(' | ')
}

const joined = (words: readonly string[]) => words.filter((word) => word !== '').join(' ')

function endpoint({ address, port }: SocketRow['local']): string {
  return /^[0-9a-f.]*:[0-9a-f:.]*$/.test(address) ? `[${address}]:${port}` : `${address}:${port}`
}

function toldState({ state, stateAsPrinted }: SocketRow): string {
  if (stateAsPrinted === (state ?? '')) return state ?? '-'
  return `${state ?? '-'}/${stateAsPrinted}`
}

function toldHolder({ pid, command, fd, user }: Holder): string {
  const name = command === null ? '?' : word(command)
  return joined([name, `${pid}${fd === null ? '' : `/${fd}`}`, user === undefined ? '' : word(user)])
}

/** Between quotes, with escapes, where there is more in it than letters. */
function word(text: string): string {
  return /^[\w.+-]+$/.test(text) ? text : JSON.stringify(text)
}

export function toldHost({ address, names, ports, notShown, isDown }: ScannedHost): string[] {
  const counts = notShown.map(({ count, state, protocol }) => joined([`${count} ${state}`, protocol ?? '']))
  return [
    `host ${joined([address === '' ? '?' : address, ...names])}${isDown === true ? ', down' : ''}`,
    ...ports.map(({ port, protocol, state, service, version }) => {
      const about = joined([service ?? '', version === undefined ? '' : `(${version})`])
      return `  ${joined([`${port}/${protocol}`, state, about])}`
    }),
    ...(counts.length === 0 ? [] : [`  not shown: ${counts.join(', ')}`]),
  ]
}

function toldUnread(kind: 'unread' | 'outside', unread: readonly UnreadLine[]): string[] {
  return unread.length === 0 ? [] : [`${kind} ${unread.map(({ line }) => line).join(' ')}`]
}
