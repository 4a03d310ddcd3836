/** An address that is none of this machine's, and the reasons for which a machine may all the same let a program bind it. */

import { readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'

/** In TEST-NET-3, which RFC 5737 keeps for use in documents. */
export const NOT_LOCAL = '203.0.113.1'

/** `setting`: ip_nonlocal_bind is 1 here, see ip(7). `own-address`: somebody gave this machine the address. */
export async function whyAllowed(): Promise<'setting' | 'own-address' | null> {
  const isOwn = Object.values(networkInterfaces()).some((one) => one?.some(({ address }) => address === NOT_LOCAL))
  if (isOwn) return 'own-address'
  const setting = await readFile('/proc/sys/net/ipv4/ip_nonlocal_bind', 'utf8').catch(() => '0')
  return setting.trim() === '1' ? 'setting' : null
}
