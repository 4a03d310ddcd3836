/** netstat of Linux as people paste it: in several languages, with names, cut short, sifted. */

import { describe, expect, it } from 'vitest'

import { readListings } from '../../harness/listing/recognise.ts'
import { readOne } from './brief.ts'

const TITLE = 'Active Internet connections (servers and established)'
const HEADING = 'Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name    '

describe('a listing of netstat that somebody pasted', () => {
  it('is known in German: title, remark, timers and states', () => {
    const { format, rows, left, blind, unread } = readOne(`
(Es konnten nicht alle Prozesse identifiziert werden; Informationen über
nicht-eigene Processe werden nicht angezeigt; Root kann sie anzeigen.)
Aktive Internetverbindungen (Nur Server)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name    Timer
tcp        0      0 127.0.0.1:631           0.0.0.0:*               LISTEN      -                   aus (0.00/0/0)
tcp        0      0 192.0.2.5:51544         192.0.2.7:443           VERBUNDEN   3149/chrome         ein (0,12/0/0)
udp        0      0 0.0.0.0:68              0.0.0.0:*                           700/dhclient        aus (0.00/0/0)
raw6       0      0 :::58                   :::*                    7           811/NetworkManager
Aktive Sockets in der UNIX-Domäne (Nur Server)
Proto RefZäh Flaggen     Typ        Zustand       I-Node Pfad
unix  2      [ ACC ]     STREAM     HÖRT          16236    /run/one
unix  2      [ ACC ]     STREAM     HÖRT          16237    /run/two
`)
    expect({ format, rows, left, unread }).toEqual({
      format: 'netstat-linux',
      rows: [
        'tcp 127.0.0.1:631 LISTEN',
        'tcp 192.0.2.5:51544 > 192.0.2.7:443 ESTABLISHED 3149/chrome',
        'udp 0.0.0.0:68 700/dhclient',
      ],
      left: { 'other-sockets': 1, 'unix-sockets': 2 },
      unread: [],
    })
    expect(blind).toContain('connections')
    expect(blind).toContain('some-processes')
  })

  it.each([
    [
      'French',
      'Connexions Internet actives (serveurs et établies)',
      'Proto Recv-Q Send-Q Adresse locale          Adresse distante        Etat',
    ],
    [
      'Japanese',
      '稼働中のインターネット接続 (サーバと確立)',
      'Proto 受信-Q 送信-Q 内部アドレス            外部アドレス            状態',
    ],
    [
      'Turkish',
      'Aktif internet bağlantıları (sunucular ve kurulmuş)',
      'Proto Recv-Q Send-Q Yerel Adres             Yabancı Adres           Durum',
    ],
    [
      'Spanish',
      'Conexiones activas de Internet (servidores y establecidos)',
      'Proto  Recib Enviad Dirección local         Dirección remota       Estado',
    ],
    ['without a title', '', 'Proto Recv-Q Send-Q Endereço Local          Endereço Remoto         Estado'],
    [
      'of busybox',
      'netstat: showing only processes with your user ID',
      'Active Internet connections (only servers)\nProto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name',
    ],
  ])('is known in its heading: %s', (_, title, columns) => {
    const rows = [
      'tcp        0      0 0.0.0.0:5901            0.0.0.0:*               LISTEN     ',
      'tcp6       0      0 :::22                   :::*                    LISTEN',
    ]
    expect(readOne([title, columns, ...rows].join('\n'))).toMatchObject({
      format: 'netstat-linux',
      rows: ['tcp 0.0.0.0:5901 LISTEN', 'tcp [::]:22 LISTEN'],
      unread: [],
    })
  })

  it('reads the states of Portuguese net-tools', () => {
    const states = ['OUÇA', 'ESTABELECIDA', 'ESPERANDO_FECHAR', 'ÚLTIMO_ACK', 'TIME_WAIT']
    const lines = states.map(
      (state) => `tcp        0      0 10.0.0.1:80             10.0.0.2:90             ${state}      -`,
    )
    expect(readOne(lines.join('\n')).full.map(({ state }) => state)).toEqual([
      'LISTEN',
      'ESTABLISHED',
      'CLOSE-WAIT',
      'LAST-ACK',
      'TIME-WAIT',
    ])
  })

  it('is known by its rows alone, as grep leaves them', () => {
    expect(
      readOne(
        'tcp        0      0 0.0.0.0:22   0.0.0.0:*   LISTEN      997/sshd: /usr/sbin\nudp6 0 0 fe80::1:546 :::* -',
      ).rows,
    ).toEqual(['tcp 0.0.0.0:22 LISTEN 997/sshd: /usr/sbin', 'udp [fe80::1]:546'])
  })

  it('keeps names of hosts and finds the numbers of services', () => {
    const { rows, unread } = readOne(`
tcp        0      0 localhost:ipp           0.0.0.0:*               LISTEN
tcp6       0      0 [::]:ssh                [::]:*                  LISTEN
tcp        0      0 0.0.0.0:no-such-service 0.0.0.0:*               LISTEN
`)
    expect(rows).toEqual(['tcp localhost:631 LISTEN', 'tcp [::]:22 LISTEN'])
    expect(unread).toEqual(['4: services(5) of this machine has no number for the port called "no-such-service"'])
  })

  it('marks an address for which its column has no room, unless -W gave it the room', () => {
    const cut = 'tcp6 0 0 2001:db8:1111:22::40321 2001:db8:5555:666::4443 ESTABLISHED -'
    const whole = 'tcp6 0 0 2001:db8:1111:2222:3333::4:40321 2001:db8:5555:666::4443 ESTABLISHED -'
    expect(readOne(cut).rows).toEqual(['tcp [2001:db8:1111:22:…]:40321 > [2001:db8:5555:666:…]:4443 ESTABLISHED'])
    const unreadable = readOne(`${whole}\n${cut}`)
    expect(unreadable.rows).toEqual([])
    expect(unreadable.unread).toHaveLength(2)
  })

  it('tells two calls apart, and the UNIX sockets of one call not', () => {
    const listing = `${TITLE}\n${HEADING}\ntcp 0 0 0.0.0.0:80 0.0.0.0:* LISTEN -\nActive UNIX domain sockets (servers and established)\nProto RefCnt Flags       Type       State         I-Node   Path\nunix  3      [ ]         STREAM     CONNECTED     645\n`
    const { listings } = readListings(listing + listing)
    expect(listings.map(({ rows, leftOut, lines }) => [rows.length, leftOut, lines])).toEqual([
      [1, [{ kind: 'unix-sockets', count: 1 }], { from: 1, to: 6 }],
      [1, [{ kind: 'unix-sockets', count: 1 }], { from: 7, to: 12 }],
    ])
  })

  it.each([
    ['tcp        0      0 0.0.0.0:22', 'it is no row of TCP or UDP, or it was cut short'],
    ['tcp        0      0 0.0.0.0:80 0.0.0.0:*', 'it shows no state: it was cut short'],
    ['tcp        0      0 0.0.0.0:80 0.0.0.0:* DOZING 1/x', 'DOZING is no state of TCP'],
    ['tcp        0      0 0.0.0.0:99999 0.0.0.0:* LISTEN 1/x', 'there is no port 99999'],
    ['tcp        0      0 300.0.0.1:80 0.0.0.0:* LISTEN 1/x', '"300.0.0.1" is no address of IPv4'],
    ['Kernel panic', 'it is no row of TCP or UDP, or it was cut short'],
  ])('says why it cannot read %j', (line, why) => {
    expect(readOne(`${TITLE}\n${HEADING}\n${line}`).unread).toEqual([`3: ${why}`])
  })
})
