/** Rights that this process lacks, found by trying. */

import type { Machine } from '../../domain/machine.ts'
import type { KnownCause } from './known-cause.ts'
import { allOf, asksAbout, failed, refused, restsOnAListing, says } from './symptoms.ts'

const RIGHT = { kind: 'right', ground: 'fits', reach: 'everywhere' } as const

function lacking(right: keyof Machine['rights'], what: string): KnownCause['found'] {
  return ({ rights }) => (rights[right].works ? null : `${what}: ${rights[right].how}`)
}

export const RIGHTS: readonly KnownCause[] = [
  {
    ...RIGHT,
    id: 'no-right-to-low-ports',
    symptom: refused(['EACCES'], { call: 'bind', at: ({ port }) => port !== null && port > 0 && port < 1024 }),
    found: lacking('privileged-ports', 'This user may not bind privileged ports'),
    explains: 'Ports below net.ipv4.ip_unprivileged_port_start want the capability CAP_NET_BIND_SERVICE.',
    remedy: 'Run as root, or: sysctl -w net.ipv4.ip_unprivileged_port_start=0',
    source: 'ip(7); capabilities(7)',
  },
  {
    ...RIGHT,
    id: 'no-network-of-its-own',
    symptom: says(/network namespace|second network|in a network of its own/),
    found: lacking('user-namespaces', 'No user namespace can be made'),
    explains:
      'A network of its own, or a second host, is made inside of one. Seccomp filters of containers and AppArmor forbid it.',
    remedy:
      'sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu), kernel.unprivileged_userns_clone=1 (Debian), or in a container: --security-opt seccomp=unconfined',
    source: 'user_namespaces(7); unshare(1)',
  },
  {
    ...RIGHT,
    id: 'no-right-to-filter',
    symptom: says(/\bnft\b|packet filter|Operation not permitted/),
    found: lacking('packet-filter', 'No packet filter can be set'),
    explains: 'A rule wants CAP_NET_ADMIN in its network, and a kernel with nf_tables.',
    remedy: 'modprobe nf_tables, or in a container: --cap-add NET_ADMIN',
    source: 'nft(8); capabilities(7)',
  },
  {
    ...RIGHT,
    id: 'no-other-user',
    symptom: says(/\bEPERM\b|setgroups|setuid/),
    found: lacking('another-user', 'No program can be started as another user'),
    explains: 'Only user 0 may become another user, and in a user namespace there may be none to become.',
    remedy: 'Run as root.',
    source: 'setuid(2); user_namespaces(7)',
  },
  {
    ...RIGHT,
    id: 'processes-are-hidden',
    symptom: allOf(failed, restsOnAListing, asksAbout(/process|holder|names?-|belongs/)),
    found: ({ runtime: { interposed } }) => {
      const hidden = interposed.find(({ name }) => name === 'hidepid')
      return hidden === undefined ? null : `/proc is mounted with hidepid=${hidden.value}`
    },
    explains: 'Listings read from /proc who holds a socket, and there the processes of other users are not shown.',
    remedy: 'mount -o remount,hidepid=0 /proc',
    source: 'proc(5), hidepid',
  },
]
