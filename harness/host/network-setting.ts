/** The settings of this machine's network on which it depends whether a socket may be bound. Null: not known here. */

import { readFileSync } from 'node:fs'

import type { LocalAddresses } from './local-addresses.ts'
import { readLocalAddresses } from './local-addresses.ts'

export type NetworkSetting = LocalAddresses & {
  /** `net.ipv6.bindv6only`: whether an IPv6 socket takes IPv6 only, unless it says otherwise. */
  bindV6Only: boolean | null
  /** `ip_nonlocal_bind`, where it is the same for both IP versions. */
  nonlocalBind: boolean | null
  /** `net.ipv4.ip_unprivileged_port_start`: it is for IPv6 as well. */
  firstOpenPort: number | null
}

export function readNetworkSetting(): NetworkSetting {
  const [overIPv4, overIPv6] = [readNumber('ipv4/ip_nonlocal_bind'), readNumber('ipv6/ip_nonlocal_bind')]
  const nonlocal = overIPv6 === null || overIPv6 === overIPv4 ? overIPv4 : null
  const v6Only = readNumber('ipv6/bindv6only')
  return {
    bindV6Only: v6Only === null ? null : v6Only === 1,
    nonlocalBind: nonlocal === null ? null : nonlocal === 1,
    ...readLocalAddresses(),
    firstOpenPort: readNumber('ipv4/ip_unprivileged_port_start'),
  }
}

function readNumber(name: string): number | null {
  try {
    return Number(readFileSync(`/proc/sys/net/${name}`, 'utf8'))
  } catch {
    return null
  }
}
