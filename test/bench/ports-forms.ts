/** Listings of any length, in the form of each tool. */

/** `first` and `last`: what stands before and after the rows. */
export type Made = { first?: readonly string[]; row: (number: number) => string; last?: readonly string[] }

/** Addresses of 10.0.0.0/8, each port many times. */
const address = (number: number) => `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`
const port = (number: number) => 1024 + (number % 60_000)
const hex = (number: number) => number.toString(16).toUpperCase()

export const FORMS: Readonly<Record<string, Made>> = {
  lsof: {
    first: ['COMMAND     PID USER   FD   TYPE DEVICE SIZE/OFF NODE NAME'],
    row: (n) =>
      `nginx     ${n} www     6u  IPv4 ${90_000 + n}      0t0  TCP 127.0.0.1:${port(n)}->${address(n)}:443 (ESTABLISHED)`,
  },
  'lsof-fields': {
    row: (n) => `p${n + 2}\ncnginx\nLwww\nf6\ntIPv4\nPTCP\nn127.0.0.1:${port(n)}->${address(n)}:443\nTST=ESTABLISHED`,
  },
  ss: {
    first: ['Netid State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess'],
    row: (n) =>
      `tcp   ESTAB  0      0      127.0.0.1:${port(n)} ${address(n)}:443  users:(("nginx",pid=${n + 2},fd=6))`,
  },
  'netstat-linux': {
    first: [
      'Active Internet connections (servers and established)',
      'Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name',
    ],
    row: (n) =>
      `tcp        0      0 127.0.0.1:${port(n)}         ${address(n)}:443            ESTABLISHED ${n + 2}/nginx`,
  },
  'netstat-bsd': {
    first: [
      'Active Internet connections (including servers)',
      'Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)',
    ],
    row: (n) => `tcp4       0      0  127.0.0.1.${port(n)}         ${address(n)}.443           ESTABLISHED`,
  },
  'netstat-windows': {
    first: ['', 'Active Connections', '', '  Proto  Local Address          Foreign Address        State           PID'],
    row: (n) => `  TCP    127.0.0.1:${port(n)}        ${address(n)}:443          ESTABLISHED     ${n + 2}`,
  },
  fstat: {
    first: ['USER     CMD          PID   FD MOUNT       INUM MODE         SZ|DV R/W'],
    row: (n) => `www      nginx    ${n + 2}    6* internet stream tcp 127.0.0.1:${port(n)} <-> ${address(n)}:443`,
  },
  proc: {
    first: ['  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'],
    row: (n) =>
      `   ${n}: 0100007F:${hex(port(n)).padStart(4, '0')} ${hex(n + 1).padStart(8, '0')}:01BB 01 00000000:00000000 00:00000000 00000000  1000        0 ${90_000 + n} 1 0000000000000000 20 4 30 10 -1`,
  },
  nmap: {
    first: ['Nmap scan report for 127.0.0.1', 'Host is up (0.0001s latency).', '', 'PORT      STATE SERVICE'],
    row: (n) => `${port(n)}/tcp open  unknown`,
    last: ['', 'Nmap done: 1 IP address (1 host up) scanned in 3.00 seconds'],
  },
  'nmap-grepable': {
    first: ['# Nmap 7.93 scan initiated Sun Nov 22 10:00:00 2026 as: nmap -oG - 10.0.0.0/8'],
    row: (n) => `Host: ${address(n)} ()\tPorts: ${port(n)}/open/tcp//unknown///`,
    last: ['# Nmap done at Sun Nov 22 10:00:03 2026 -- 100000 IP addresses (100000 hosts up) scanned in 3.00 seconds'],
  },
  'nmap-xml': {
    first: [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<nmaprun scanner="nmap" args="nmap -oX - 127.0.0.1" version="7.93" xmloutputversion="1.05">',
      '<host><status state="up" reason="localhost-response"/>',
      '<address addr="127.0.0.1" addrtype="ipv4"/>',
      '<ports>',
    ],
    row: (n) =>
      `<port protocol="tcp" portid="${port(n)}"><state state="open" reason="syn-ack" reason_ttl="64"/></port>`,
    last: ['</ports>', '</host>', '</nmaprun>'],
  },
  sockstat: {
    first: ['USER     COMMAND    PID   FD  PROTO  LOCAL ADDRESS         FOREIGN ADDRESS'],
    row: (n) => `www      nginx      ${n + 2} 6   tcp4   127.0.0.1:${port(n)}   ${address(n)}:443`,
  },
}

export function listingOf({ first = [], row, last = [] }: Made, rows: number): string {
  const lines = [...first]
  for (let number = 0; number < rows; number += 1) lines.push(row(number))
  return `${lines.concat(last).join('\n')}\n`
}
