/** The addresses of rows as the tool that listed them spells them, for examples that are found again in the listing. */

import type { Endpoint } from '../domain/endpoint.ts'
import { isWildcard, unmapped } from '../domain/endpoint.ts'
import type { ListingFormat } from '../domain/look.ts'
import type { SocketRow } from '../domain/socket-row.ts'

export function spelt({ family, local, takesIPv4, device }: SocketRow, format: ListingFormat): string {
  const { address, port } = local
  const isSix = family === 'IPv6'
  const isStar = isWildcard(address)
  const bracketed = isSix ? `[${address}]` : address
  const zone = device === null ? '' : `%${device}`
  switch (format) {
    case 'lsof':
    case 'lsof-fields':
    case 'fstat':
      return `${isStar ? '*' : isSix ? `[${address}]` : address}:${port === 0 ? '*' : port}`
    case 'ss':
      return isStar && isSix && takesIPv4 === null ? `:::${port}` : `${takesIPv4 ? '*' : bracketed}${zone}:${port}`
    case 'sockstat':
      return `${isStar ? '*' : address}${zone}:${port === 0 ? '*' : port}`
    case 'netstat-linux':
      return `${unmapped(address)}${zone}:${port}`
    case 'netstat-bsd':
      return `${isStar ? '*' : address}${zone}.${port}`
    case 'proc':
      return isSix ? `port ${hexadecimal(port)}` : hexadecimalIPv4(local)
    case 'sock-diag':
    case 'netstat-windows':
    case 'nmap':
    case 'nmap-grepable':
    case 'nmap-xml':
      return `${bracketed}${zone}:${port}`
  }
}

const hexadecimal = (port: number) => port.toString(16).toUpperCase().padStart(4, '0')

/** The kernel prints the four bytes as one number of the machine: on most machines that turns them round. */
function hexadecimalIPv4({ address, port }: Endpoint): string {
  const bytes = address.split('.').map((byte) => Number(byte).toString(16).toUpperCase().padStart(2, '0'))
  return `${bytes.toReversed().join('')}:${hexadecimal(port)}`
}
