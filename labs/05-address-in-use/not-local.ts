/** An address that is none of this machine's, and the reasons for which a program may all the same have it. */

import { readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'

import type { Started } from '../../harness/lab.ts'

/** In TEST-NET-3, which RFC 5737 keeps for use in documents. */
export const NOT_LOCAL = '203.0.113.1'

/**
 * Why a program has this address: `own-address`, somebody gave it to this machine; `setting`, ip_nonlocal_bind is 1
 * (ip(7)). `null` where it has it without a reason, or does not have it.
 */
export async function whyAllowed({ local }: Started): Promise<'setting' | 'own-address' | null> {
  if (local?.address !== NOT_LOCAL) return null
  const isOwn = Object.values(networkInterfaces()).some((one) => one?.some(({ address }) => address === NOT_LOCAL))
  if (isOwn) return 'own-address'
  const setting = await readFile('/proc/sys/net/ipv4/ip_nonlocal_bind', 'utf8').catch(() => '0')
  return setting.trim() === '1' ? 'setting' : null
}
