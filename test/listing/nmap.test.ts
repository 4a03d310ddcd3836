/** What nmap prints, and what it saves with -oG and -oX, read into hosts and ports. */

import { describe, expect, it } from 'vitest'

import type { ScannedHost, ScannedPort } from '../../harness/domain/look.ts'
import { readNmap } from '../../harness/listing/nmap.ts'
import { readListings } from '../../harness/listing/recognise.ts'
import { portsView } from '../../harness/ports/view.ts'
import { readOne } from './brief.ts'

const port = ({ protocol, port, state, service, version }: ScannedPort) =>
  `${port}/${protocol} ${state} ${service ?? '-'}${version === undefined ? '' : ` (${version})`}`

const brief = ({ address, names, ports, notShown, isDown }: ScannedHost) => [
  [address, ...names].join(' ') + (isDown === true ? ', down' : ''),
  ...ports.map(port),
  ...notShown.map(({ state, count, protocol }) => `${count} ${state} ${protocol ?? 'ports'}`),
]

describe('for people', () => {
  it('reads several hosts, their names, and the ports that are only counted', () => {
    const { format, command, hosts, unread, blind } = readOne(`
me@vm:~$ sudo nmap -sU localhost 192.0.2.9
Starting Nmap 7.60 ( https://nmap.org ) at 2026-11-05 10:10 CET
Nmap scan report for localhost (127.0.0.1)
Host is up (0.0000050s latency).
Other addresses for localhost (not scanned): ::1
rDNS record for 127.0.0.1: vm.example
Not shown: 996 closed udp ports (port-unreach)
PORT     STATE         SERVICE
68/udp   open|filtered dhcpc
123/udp  open          ntp
9/udp    closed
5353/udp open|filtered zeroconf

Nmap scan report for 192.0.2.9
Host is up, received user-set (0.000079s latency).
All 1000 scanned ports on 192.0.2.9 are in ignored states.
Not shown: 995 filtered tcp ports (no-response), 5 closed tcp ports (conn-refused)

Nmap done: 2 IP addresses (2 hosts up) scanned in 2.75 seconds
           Raw packets sent: 77 (2.717KB) | Rcvd: 148 (6.974KB)
`)
    expect([format, command, unread, blind]).toEqual(['nmap', 'sudo nmap -sU localhost 192.0.2.9', [], []])
    expect(hosts.map(brief)).toEqual([
      [
        '127.0.0.1 localhost vm.example',
        '68/udp open|filtered dhcpc',
        '123/udp open ntp',
        '9/udp closed -',
        '5353/udp open|filtered zeroconf',
        '996 closed udp',
      ],
      ['192.0.2.9', '995 filtered tcp', '5 closed tcp'],
    ])
  })

  it('keeps versions apart from reasons, and passes over what scripts found', () => {
    const { hosts, unread } = readOne(`
Nmap scan report for fe80::1%eth0
Host is up.
PORT   STATE SERVICE    REASON         VERSION
22/tcp open  ssh        syn-ack ttl 64 OpenSSH 8.9p1 (Ubuntu Linux; protocol 2.0)
80/tcp open  ssl/http?  syn-ack ttl 64
| http-title: Site
|_  has no title
5/sctp open  rje
MAC Address: 08:00:27:00:00:01 (Oracle VirtualBox virtual NIC)
Service Info: OS: Linux; CPE: cpe:/o:linux:linux_kernel
`)
    expect(hosts.map(brief)).toEqual([
      ['fe80::1', '22/tcp open ssh (OpenSSH 8.9p1 (Ubuntu Linux; protocol 2.0))', '80/tcp open ssl/http'],
    ])
    expect(unread).toEqual([])
  })

  it.each([
    ['All 3 scanned ports on h (192.0.2.1) are closed', ['3 closed ports']],
    ['All 3 scanned ports on 192.0.2.1 are filtered because of 3 no-responses', ['3 filtered ports']],
    [
      'All 1000 scanned ports on h are closed (996) or open|filtered (4)',
      ['996 closed ports', '4 open|filtered ports'],
    ],
    ['Not shown: 65534 closed ports', ['65534 closed ports']],
    ['Not shown: 1 closed port', ['1 closed ports']],
    ['(The 1642 ports scanned but not shown below are in state: closed)', ['1642 closed ports']],
  ])('counts in %j', (line, counted) => {
    const [host] = readOne(`Interesting ports on 192.0.2.1:\n${line}`).hosts
    expect(host && brief(host)).toEqual(['192.0.2.1', ...counted])
  })

  it('reads rows that grep left: then nobody knows whose they are', () => {
    const { hosts } = readOne('80/tcp   open   http\n631/tcp open ipp\n')
    expect(hosts.map(brief)).toEqual([['', '80/tcp open http', '631/tcp open ipp']])
  })

  it.each([
    ['8080/tcp   ope', '"ope" is no state of a port: it was cut short, or the word is none of nmap\'s'],
    ['8080/tcp', 'it is no line of nmap that is known'],
    ['99999/tcp open x', 'there is no port 99999'],
    ['80/dccp open x', '"dccp" is neither TCP nor UDP'],
    ['Not shown: 12 clos', 'what it counts is no state of ports: it was cut short'],
    ['The moon is full', 'it is no line of nmap that is known'],
    ['rDNS record for 192.0.2.1: ', 'it tells no name of the host: it was cut short'],
    [`Nmap scan report for a [host down${'x'.repeat(600)}`, 'it is no line of nmap that is known'],
  ])('says why it cannot read %j', (line, why) => {
    expect(readOne(`Nmap scan report for 192.0.2.1\n${line}`).unread).toEqual([`2: ${why}`])
  })

  it('leaves out the protocols above IP, which have no ports', () => {
    const { hosts, left, unread } = readOne(`Nmap scan report for ::1
Not shown: 249 closed n/a protocols (proto-unreach)
PROTOCOL STATE         SERVICE
1        open          icmp
17       open|filtered udp`)
    expect([hosts.map(brief), left, unread]).toEqual([[['::1']], { 'other-sockets': 2 }, []])
  })

  it('finds nothing in a scan that found nothing', () => {
    const { hosts, unread, blind } = readOne('Starting Nmap 7.93 ( https://nmap.org )\nNote: Host seems down.\n')
    expect([hosts, unread, blind]).toEqual([[], [], []])
  })

  it('tells two runs apart', () => {
    const run = 'Starting Nmap 7.93 ( https://nmap.org )\nNmap scan report for ::1\n80/tcp open http\nNmap done: 1\n'
    expect(readListings(run + run).listings.map(({ lines, hosts }) => [lines, hosts.length])).toEqual([
      [{ from: 1, to: 4 }, 1],
      [{ from: 5, to: 8 }, 1],
    ])
  })

  it('reads lines that another program kept', () => {
    expect(readNmap(['80/tcp open http', 'Not shown: 3 closed ports']).hosts.map(brief)).toEqual([
      ['', '80/tcp open http', '3 closed ports'],
    ])
  })
})

describe('-oG', () => {
  it('reads the ports of a host from its lines', () => {
    const { format, command, hosts, left, unread } = readOne(
      [
        '# Nmap 7.93 scan initiated Sun Nov 22 08:46:39 2026 as: nmap -sT -sV -oG - localhost',
        '# Ports scanned: TCP(1000;1-1000) UDP(0;) SCTP(0;) PROTOCOLS(0;)',
        'Host: 127.0.0.1 (localhost)\tStatus: Up',
        'Host: 127.0.0.1 (localhost)\tPorts: 22/open/tcp//ssh//OpenSSH 8.9 (x, 9|y)/, 80/closed/tcp//http///, 9/open|filtered/udp//discard///, 36412/open/sctp//s1-control///\tIgnored State: closed (997)\tOS: Linux, 5',
        'Host: 2001:DB8::8 ()\tStatus: Down',
        '# Nmap done at Sun Nov 22 08:46:39 2026 -- 1 IP address (1 host up) scanned in 0.04 seconds',
      ].join('\n'),
    )
    expect([format, command, left, unread]).toEqual([
      'nmap-grepable',
      'nmap -sT -sV -oG - localhost',
      { 'other-sockets': 1 },
      [],
    ])
    expect(hosts.map(brief)).toEqual([
      [
        '127.0.0.1 localhost',
        '22/tcp open ssh (OpenSSH 8.9 (x, 9/y))',
        '80/tcp closed http',
        '9/udp open|filtered discard',
        '997 closed ports',
      ],
      ['2001:db8::8, down'],
    ])
  })

  it.each([
    ['Status: Unknown', []],
    ['Status: Timeout', []],
    ['Status: Smurf (3 responses)', []],
    ['Status: Do', ['1: its status is none of nmap: it was cut short']],
  ])('%s is not down', (status, why) => {
    const { hosts, unread } = readOne(`Host: 192.0.2.255 ()\t${status}`)
    expect([hosts.map(brief), unread]).toEqual([[['192.0.2.255']], why])
  })

  it('counts the last line of a host, and takes none that has ports for one that is down', () => {
    const { hosts } = readOne(
      [
        'Host: 192.0.2.1 ()\tStatus: Down',
        'Host: 192.0.2.1 ()\tStatus: Up',
        'Host: 192.0.2.2 ()\tPorts: 80/open/tcp//http///',
        'Host: 192.0.2.2 ()\tStatus: Down',
        'Host: 192.0.2.3 ()\tStatus: Up',
        'Host: 192.0.2.3 ()\tStatus: Down',
      ].join('\n'),
    )
    expect(hosts.map(brief)).toEqual([['192.0.2.1'], ['192.0.2.2', '80/tcp open http'], ['192.0.2.3, down']])
  })

  it('keeps a line once, however many of its ports it cannot read', () => {
    const { unread } = readOne('Host: 192.0.2.7 ()\tPorts: 1/op/tcp////, 2/open/tcp////, 3/op/tcp////, 4/op/tcp////')
    expect(unread).toEqual([
      '1: of "1/op/tcp////" it is said: "op" is no state of a port: it was cut short, or the word is none of nmap\'s, and 2 more of its parts cannot be read',
    ])
  })

  it('reads it where a terminal has made blanks of the tabs, and says what was cut', () => {
    const { hosts, unread } = readOne('Host: 192.0.2.7 (a.b)    Ports: 1/closed/tcp//tcpmux///, 2/clo')
    expect(hosts.map(brief)).toEqual([['192.0.2.7 a.b', '1/tcp closed tcpmux']])
    expect(unread).toEqual(['1: of "2/clo" it is said: it tells no state of a port: it was cut short'])
  })
})

describe('-oX', () => {
  const START = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<!-- Nmap 7.93 scan initiated as: nmap > -->
<nmaprun scanner="nmap" args="nmap -oX - a &amp; b" start="1">
`
  const HOST = `<host starttime="1"><status state="up" reason="user-set"/>
<address addr="08:00:27:00:00:01" addrtype="mac"/><address addr="2001:DB8:0::1" addrtype="ipv6"/>
<hostnames><hostname name='a&#x2e;b&unknown;' type="PTR"/>
<hostname name="a.b&unknown;"/></hostnames>
<ports><extraports state="filtered" count="10">
<extrareasons reason="no-response" count="6"/><extrareasons reason="host-unreach" count="4"/></extraports>
<extraports state="closed" count="8"><extrareasons reason="reset" count="5" proto="tcp"/><extrareasons reason="port-unreach" count="3" proto="udp"/></extraports>
<port protocol="tcp" portid="443"><state state="open"/><service name="http" product="A &gt; B" version="2.4" extrainfo="x" tunnel="ssl" method="probed"/><script id="t" output="1 > 0"/></port>
<port protocol="udp" portid="53"><state state="open|filtered"/></port>
<port protocol="sctp" portid="5"><state state="open"/></port>
</ports></host>
`

  it('reads the few elements that tell of ports', () => {
    const { format, command, hosts, left, unread } = readOne(`${START}${HOST}<runstats/>\n</nmaprun>\n`)
    expect([format, command, left, unread]).toEqual(['nmap-xml', 'nmap -oX - a & b', { 'other-sockets': 1 }, []])
    expect(hosts.map(brief)).toEqual([
      [
        '2001:db8::1 a.b&unknown;',
        '443/tcp open ssl/http (A > B 2.4 (x))',
        '53/udp open|filtered -',
        '10 filtered ports',
        '5 closed tcp',
        '3 closed udp',
      ],
    ])
  })

  it('says that a file was cut short, and keeps what it has of the host', () => {
    const cut = `${START}${HOST.slice(0, HOST.indexOf('<port protocol="udp"') + 12)}`
    const { hosts, unread } = readOne(cut)
    expect(hosts[0]?.ports.map(port)).toEqual(['443/tcp open ssl/http (A > B 2.4 (x))'])
    expect(unread).toEqual(['13: the file ends within this tag: it was cut short'])
    expect(readOne(START).unread).toEqual(['4: the file ends before </nmaprun>: it was cut short'])
  })

  it('says which port it cannot read', () => {
    const { unread } = readOne(
      `${START}<host>\n<port protocol="tcp" portid="1">\n<state state="ajar"/>\n</port>\n</host></nmaprun>`,
    )
    expect(unread).toEqual([`8: "ajar" is no state of a port: it was cut short, or the word is none of nmap's`])
  })
})

describe('-oX: what is no host and no port', () => {
  const run = (inside: string) => `<nmaprun scanner="nmap" args="nmap -oX -" version="7.93">\n${inside}\n</nmaprun>\n`
  const HINT =
    '<status state="up"/>\n<address addr="192.0.2.9" addrtype="ipv4"/>\n<hostnames>\n</hostnames>\n</hosthint>'
  const hostWith = (inside: string) =>
    `<host><status state="up"/>\n<address addr="192.0.2.1" addrtype="ipv4"/>\n<ports><port protocol="tcp" portid="80"><state state="open"/>${inside}</port>\n</ports></host>`
  const PORT = ['192.0.2.1', '80/tcp open -']

  it.each([
    ['a hint', run(`<hosthint>${HINT}\n${hostWith('')}`), [PORT]],
    ['a hint of which the beginning is missing', `${HINT.slice(21)}\n${hostWith('')}\n</nmaprun>`, [PORT]],
    ['a hint without an end', run(`<hosthint><address addr="192.0.2.9"/>\n${hostWith('')}`), [PORT]],
    ['a hint, where nothing else came', run(`<hosthint>${HINT}`), []],
  ])('%s', (_, text, hosts) => {
    const read = readOne(text)
    expect([read.hosts.map(brief), read.unread]).toEqual([hosts, []])
  })

  it.each([
    ['cpe', '<service name="x"><cpe>cpe:/a:x</cpe>\n<cpe>cpe:/o:y</cpe></service>'],
    [
      'elem',
      '<script id="a" output="b"><elem key="c">81/tcp open\nx</elem>\n<table>\n<elem>y</elem>\n</table>z\n</script>',
    ],
    ['script', '<script id="a" output="b">PORT STATE\nThe moon is full</script>'],
    ['owner', '<owner name="root"/>'],
  ])('the words of %s', (_, inside) => {
    const { hosts, unread } = readOne(run(`${hostWith(inside)}\n<output type="interactive">80/tcp open\nx</output>`))
    expect([hosts.map((host) => brief(host).slice(0, 1)), unread]).toEqual([[['192.0.2.1']], []])
    expect(hosts[0]?.ports.map((one) => one.port)).toEqual([80])
  })

  it('ends words whose own end is missing at a tag that cannot be among them', () => {
    const { unread } = readOne(run(`${hostWith('<service name="x"><cpe>cpe:/a\n</service>')}\nThe moon is full`))
    expect(unread).toEqual(['7: it stands between the tags, where nmap writes nothing'])
  })
})

describe('a host that is down, or was not asked for a port', () => {
  const looks: readonly [string, string][] = [
    [
      'for people',
      'Nmap scan report for a.example (192.0.2.8) [host down]\nNmap scan report for 192.0.2.7\nHost is up.\nNmap scan report for 192.0.2.9\n80/tcp open http\n',
    ],
    [
      '-oG',
      'Host: 192.0.2.8 (a.example)\tStatus: Down\nHost: 192.0.2.7 ()\tStatus: Up\nHost: 192.0.2.9 ()\tPorts: 80/open/tcp//http///',
    ],
    [
      '-oX',
      `<nmaprun><host><status state="down"/><address addr="192.0.2.8"/><hostnames><hostname name="a.example"/></hostnames></host>
<host><status state="up"/><address addr="192.0.2.7"/></host>
<host><status state="up"/><address addr="192.0.2.9"/>
<port protocol="tcp" portid="80"><state state="open"/><service name="http"/></port></host></nmaprun>`,
    ],
  ]

  it.each(looks)('is not among those of which a closed port is said: %s', (_, text) => {
    const { listings } = portsView(readListings(text))
    expect(listings.flatMap(({ hosts }) => hosts.map(brief))).toEqual([
      ['192.0.2.8 a.example, down'],
      ['192.0.2.7'],
      ['192.0.2.9', '80/tcp open http'],
    ])
    const asked = listings[0]?.explained.find(({ topic }) => topic === 'nmap-one-address')
    expect(asked?.examples).toEqual(['192.0.2.9'])
  })

  it('is down with the reason for it too', () => {
    const { hosts } = readOne('Nmap scan report for 192.0.2.8 [host down, received no-response]\n')
    expect(hosts.map(brief)).toEqual([['192.0.2.8, down']])
  })
})

describe('remarks', () => {
  it.each([
    '1   0.01 ms 192.0.2.2',
    '2   ...',
    '3   ... 30',
    '2 services unrecognized despite returning data. If you know the service/version, please submit the following fingerprints at https://nmap.org/cgi-bin/submit.cgi?new-service :',
    '==============NEXT SERVICE FINGERPRINT (SUBMIT INDIVIDUALLY)==============',
    'SF-Port8080-TCP:V=7.93%I=7%D=11/22%Time=6B03EFA5%P=x86_64-pc-linux-gnu%r(',
    'SF:GetRequest,4D,"HTTP/1\\.1\\x20200\\x20OK")%r(NULL,2,"hi");',
    'Skipping host 192.0.2.2 due to host timeout',
    'Host seems to be a subnet broadcast address (returned 3 extra pings). Note -- the actual IP also responded.',
  ])('knows %j', (remark) => {
    const { hosts, unread } = readOne(`Nmap scan report for 192.0.2.2\nHost is up.\n${remark}\n`)
    expect([hosts.map(brief), unread]).toEqual([[['192.0.2.2']], []])
  })

  it('knows the one that nmap prints of its own rate, and takes it for no port', () => {
    const remark = 'Some closed ports may be reported as filtered due to --defeat-rst-ratelimit'
    const text = `Nmap scan report for 192.0.2.7\nHost is up.\n${remark}\nPORT   STATE SERVICE\n80/tcp open  http\n`
    expect(readListings(text)).toMatchObject({ listings: [{ unread: [] }], unread: [] })
  })
})

describe('time', () => {
  const host = 'Nmap scan report for ::1\n'
  const xml = '<nmaprun><host>\n'
  it.each<[string, string]>([
    ['a line that says many times what all ports are', `All 1 scanned ports on a${' are a'.repeat(80_000)}\u2028x`],
    ['a host that is down many times', `Nmap scan report for a${' [host down'.repeat(50_000)}x`],
    [
      'many names of one host',
      host + Array.from({ length: 60_000 }, (_, n) => `rDNS record for ::1: n${n}`).join('\n'),
    ],
    ['many names in XML', xml + Array.from({ length: 60_000 }, (_, n) => `<hostname name="n${n}"/>`).join('\n')],
    ['a field many times', `Host: ::1 () Status: Up ${'Ports: '.repeat(400_000)}`],
  ])('does not grow with the square of %s', (_, text) => {
    // Each takes many seconds where the square of it counts.
    const before = process.threadCpuUsage()
    readListings(text)
    const { user, system } = process.threadCpuUsage(before)
    expect((user + system) / 1e6).toBeLessThan(3)
  })

  it.each<[string, string, number]>([
    ['counts', `${host}Not shown: ${'1 closed ports,'.repeat(300_000)}1 closed ports`, 0],
    ['ports that cannot be read', `Host: ::1 ()\tPorts: ${'1/op/tcp////, '.repeat(300_000)}`, 1],
  ])('a line may hold any number of %s', (_, text, unread) => {
    expect(readOne(text).unread).toHaveLength(unread)
  })
})
