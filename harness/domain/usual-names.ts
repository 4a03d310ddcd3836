/** What services(5) calls a number. A machine's own file goes first; this table is for a machine without one. */

import type { Protocol } from './endpoint.ts'

const TCP =
  '20 ftp-data 21 ftp 22 ssh 23 telnet 25 smtp 43 whois 70 gopher 79 finger 80 http 88 kerberos 110 pop3 113 auth ' +
  '119 nntp 139 netbios-ssn 143 imap2 179 bgp 389 ldap 443 https 445 microsoft-ds 465 submissions 512 exec 513 login ' +
  '514 shell 515 printer 587 submission 636 ldaps 873 rsync 989 ftps-data 990 ftps 993 imaps 995 pop3s 1080 socks ' +
  '1433 ms-sql-s 1883 mqtt 3128 squid 3306 mysql 3389 ms-wbt-server 5222 xmpp-client 5432 postgresql 5900 vnc ' +
  '6000 x11 6379 redis 6667 ircd 8080 http-alt 9418 git'

const UDP =
  '67 bootps 68 bootpc 69 tftp 123 ntp 137 netbios-ns 138 netbios-dgm 161 snmp 162 snmp-trap 443 https 500 isakmp ' +
  '514 syslog 520 route 546 dhcpv6-client 547 dhcpv6-server 1194 openvpn 1900 ssdp 3478 stun 4500 ipsec-nat-t ' +
  '5353 mdns 5355 llmnr'

const BOTH =
  '7 echo 9 discard 13 daytime 19 chargen 37 time 53 domain 111 sunrpc 631 ipp 2049 nfs 5060 sip 11211 memcache'

const NAMES = new Map([...pairs(TCP, 'tcp'), ...pairs(UDP, 'udp'), ...pairs(BOTH, 'tcp'), ...pairs(BOTH, 'udp')])

function pairs(text: string, protocol: Protocol): [string, string][] {
  return [...text.matchAll(/(\d+) (\S+)/g)].map(([, port = '', name = '']) => [`${port}/${protocol}`, name])
}

/** The name of a number over the first of these protocols that has one. Keys of `known` are such as `80/tcp`. */
export function usualName(
  port: number,
  protocols: readonly Protocol[],
  known: ReadonlyMap<string, string> | null,
): string | null {
  const keys = protocols.map((protocol) => `${port}/${protocol}`)
  const own = known === null ? undefined : keys.find((key) => known.has(key))
  const key = own ?? keys.find((one) => NAMES.has(one)) ?? ''
  return known?.get(key) ?? NAMES.get(key) ?? null
}
