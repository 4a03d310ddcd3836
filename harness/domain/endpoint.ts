/** The words for where a packet comes from and goes to: protocol, address family, endpoint. */

export type Protocol = 'tcp' | 'udp'

export type AddressFamily = 'IPv4' | 'IPv6'

/** An address and a port. `address` is written without brackets and without a zone: `127.0.0.1`, `::1`. */
export type Endpoint = { address: string; port: number }

/** The family that an address literal belongs to. A colon occurs in every IPv6 address and in no IPv4 address. */
export function addressFamily(address: string): AddressFamily {
  return address.includes(':') ? 'IPv6' : 'IPv4'
}

/** `127.0.0.1:8080` or `[::1]:8080`: the brackets keep the colons of an IPv6 address apart from the port's (RFC 3986). */
export function formatEndpoint({ address, port }: Endpoint): string {
  return addressFamily(address) === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`
}

/** Whether an address is the wildcard address of its family: `0.0.0.0` or `::`. */
export function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::'
}

const MAPPED_PREFIX = '::ffff:'

/** `127.0.0.1` for the IPv4-mapped IPv6 address `::ffff:127.0.0.1` (RFC 4291, section 2.5.5.2); any other address as it is. */
export function unmapped(address: string): string {
  const rest = address.toLowerCase().startsWith(MAPPED_PREFIX) ? address.slice(MAPPED_PREFIX.length) : ''
  return rest.includes('.') ? rest : address
}
