/** Small listings of every form, written for these tests, which together hold everything that is explained. */

import { readFileSync } from 'node:fs'

import type { About } from '../../harness/domain/about.ts'
import type { ListingView } from '../../harness/domain/ports-view.ts'
import { readListings } from '../../harness/listing/recognise.ts'
import { portsView } from '../../harness/ports/view.ts'

export function viewsOf(text: string, about?: About): ListingView[] {
  return portsView(readListings(text), about).listings
}

export function viewOf(text: string, about?: About): ListingView {
  const [view, ...more] = viewsOf(text, about)
  if (!view || more.length > 0) throw new Error(`${more.length + (view ? 1 : 0)} listings were read`)
  return view
}

/** The equivalents of the documents' listings: `lsof`, `ss`, `nmap`; that of fstat is in lab 16. */
export function worked(name: 'lsof' | 'ss' | 'nmap' | 'fstat'): string {
  const file = name === 'fstat' ? '../../labs/16-inside-view/fstat.txt' : `./worked/${name}.txt`
  return readFileSync(new URL(file, import.meta.url), 'utf8')
}

export const LSOF = `COMMAND   PID  USER   FD   TYPE DEVICE SIZE/OFF NODE NAME
sshd      700  root    3u  IPv4  10001      0t0  TCP *:22 (LISTEN)
sshd      912  root    4u  IPv4  10400      0t0  TCP 192.0.2.20:22->198.51.100.7:50514 (ESTABLISHED)
nodejs    950 alice   21u  IPv4  10500      0t0  TCP pier:81 (LISTEN)
avahi     960 avahi   12u  IPv4  10501      0t0  UDP 224.0.0.251:5353
`

export const LSOF_FIELDS = `p700
csshd
f3
tIPv4
d10001
PTCP
n*:22
TST=LISTEN
`

export const SS = `Netid State      Recv-Q Send-Q Local Address:Port  Peer Address:Port Process
tcp   LISTEN     0      511          0.0.0.0:3000       0.0.0.0:*     users:(("node",pid=40,fd=20))
tcp   LISTEN     0      511          0.0.0.0:3000       0.0.0.0:*     users:(("node",pid=41,fd=20))
tcp   LISTEN     2      128                *:9229             *:*     users:(("node",pid=40,fd=22))
tcp   ESTAB      0      0         192.0.2.20:3000  198.51.100.7:50514 users:(("node",pid=40,fd=24))
tcp   TIME-WAIT  0      0         192.0.2.20:3000  198.51.100.7:50515
tcp   CLOSE-WAIT 1      0         192.0.2.20:41800 198.51.100.9:443   users:(("curl",pid=44,fd=5))
udp   UNCONN     0      0            0.0.0.0:45121      0.0.0.0:*     users:(("dig",pid=45,fd=8))
`

export const SS_DEVICES = `State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process
LISTEN 0      128         0.0.0.0%lo:9000       0.0.0.0:*    users:(("node",pid=40,fd=20))
LISTEN 0      128       0.0.0.0%eth0:9001       0.0.0.0:*    users:(("node",pid=41,fd=20))
LISTEN 0      128     [fe80::1]%eth0:9002          [::]:*    users:(("node",pid=42,fd=20))
LISTEN 0      128       [fe80::1]%lo:9003          [::]:*    users:(("node",pid=43,fd=20))
`

/** As ss wrote it before 2018. */
export const OLD_SS = `Netid  State      Recv-Q Send-Q     Local Address:Port       Peer Address:Port
tcp    LISTEN     0      128                    *:22                    *:*
tcp    LISTEN     0      128                   :::80                   :::*
`

export const NETSTAT = `Active Internet connections (only servers)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name
tcp        0      0 0.0.0.0:22              0.0.0.0:*               LISTEN      -
tcp6       0      0 :::80                   :::*                    LISTEN      911/apache2
udp        0      0 0.0.0.0:68              0.0.0.0:*                           688/dhclient
`

export const BSD_NETSTAT = `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
tcp4       0      0  *.22                   *.*                    LISTEN
tcp46      0      0  *.80                   *.*                    LISTEN
udp4       0      0  *.*                    *.*
udp6       0      0  *.5353                 *.*
`

export const WINDOWS_NETSTAT = `
Active Connections

  Proto  Local Address          Foreign Address        State           PID
  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       1016
  TCP    [::]:445               [::]:0                 LISTENING       4
  UDP    0.0.0.0:5353           *:*                                    2044
`

export const FSTAT = `USER     CMD          PID   FD MOUNT       INUM MODE         SZ|DV R/W
root     sshd         412    4* internet stream tcp c2c411b8 *:22
root     sshd         500    4* internet stream tcp c2c41300 192.0.2.10:22 <-- 198.51.100.7:50514
`

export const SOCKSTAT = `USER     COMMAND    PID   FD PROTO  LOCAL ADDRESS         FOREIGN ADDRESS
root     sshd       812   3  tcp6   *:22                  *:*
root     sshd       812   4  tcp4   *:22                  *:*
ntpd     ntpd       800   21 udp4   127.0.0.1:123         *:*
`

export const PROC = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 31415 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F91 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 31416 1 0000000000000000 100 0 0 10 0
`

export const NMAP = `Starting Nmap 7.93 ( https://nmap.org ) at 2026-03-02 10:14 CET
Nmap scan report for 192.0.2.20
Host is up (0.00040s latency).
Not shown: 997 closed tcp ports (reset)
PORT    STATE      SERVICE
22/tcp  open       ssh
25/tcp  filtered   smtp
80/tcp  unfiltered http

Nmap done: 1 IP address (1 host up) scanned in 1.12 seconds
`

const WRITTEN = [
  LSOF,
  LSOF_FIELDS,
  SS,
  SS_DEVICES,
  OLD_SS,
  NETSTAT,
  BSD_NETSTAT,
  WINDOWS_NETSTAT,
  FSTAT,
  SOCKSTAT,
  PROC,
  NMAP,
]

export const ALL = [...WRITTEN, ...(['lsof', 'ss', 'nmap', 'fstat'] as const).map(worked)]
