/** netstat of Windows, in several languages, with and without the names of programs. */

import { expect, test } from 'vitest'

import { readListings } from '../../harness/listing/recognise.ts'
import { readOne } from './brief.ts'

const GERMAN = `C:\\Users\\me>netstat -ano\r
\r
Aktive Verbindungen\r
\r
  Proto  Lokale Adresse         Remoteadresse          Status           PID\r
  TCP    0.0.0.0:135            0.0.0.0:0              ABHÖREN         1004\r
  TCP    [::]:135               [::]:0                 ABH™REN         1004\r
  TCP    192.0.2.4:49720        192.0.2.9:443          HERGESTELLT     4120\r
  TCP    [fe80::1%5]:49721      [fe80::2%5]:445        WARTEND         0\r
  TCP    192.0.2.4:49722        192.0.2.9:443          SCHLIESSEN_WARTEN 4120\r
  UDP    0.0.0.0:5353           *:*                                    2204\r
  UDP    [::1%5]:1900           *:*                                    2204\r
`

test('German, with letters that the terminal spoilt: a listener has the peer port 0', () => {
  const { format, command, rows, unread, full } = readOne(GERMAN)
  expect([format, command, unread]).toEqual(['netstat-windows', 'netstat -ano', []])
  expect(rows).toEqual([
    'tcp 0.0.0.0:135 LISTEN 1004/',
    'tcp [::]:135 LISTEN 1004/',
    'tcp 192.0.2.4:49720 > 192.0.2.9:443 ESTABLISHED 4120/',
    'tcp [fe80::1]:49721%5 > [fe80::2]:445 TIME-WAIT',
    'tcp 192.0.2.4:49722 > 192.0.2.9:443 CLOSE-WAIT 4120/',
    'udp 0.0.0.0:5353 2204/',
    'udp [::1]:1900%5 2204/',
  ])
  expect(full[0]).toMatchObject({ stateAsPrinted: 'ABHÖREN', receiveQueue: null, sendQueue: null, takesIPv4: null })
})

test('a connection in a state that is not known by its word is a row without a state', () => {
  const { full } = readOne('  TCP    192.0.2.4:49722        192.0.2.9:443          YHTEYS     4120')
  expect(full).toMatchObject([{ state: null, stateAsPrinted: 'YHTEYS', peer: { port: 443 } }])
})

test.each([
  ['アクティブな接続', '  プロトコル  ローカル アドレス      外部アドレス           状態            PID'],
  ['Активные подключения', '  Имя    Локальный адрес        Внешний адрес          Состояние       PID'],
  ['Connexions actives', '  Proto  Adresse locale         Adresse distante       État            PID'],
  ['Etkin Bağlantılar', '  İl.Kr. Yerel Adres            Yabancı Adres          Durum           PID'],
])('under the title %s', (title, columns) => {
  const row = '  TCP    127.0.0.1:631          0.0.0.0:0              LISTENING       888'
  expect(readOne(`\n${title}\n\n${columns}\n${row}\n`)).toMatchObject({
    format: 'netstat-windows',
    rows: ['tcp 127.0.0.1:631 LISTEN 888/'],
    unread: [],
  })
})

test('with -b the program stands under its row, or why it cannot be told', () => {
  const { rows, unread } = readOne(`
Active Connections

  Proto  Local Address          Foreign Address        State           PID
  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       1004
  RpcSs
 [svchost.exe]
  TCP    0.0.0.0:445            0.0.0.0:0              LISTENING       4
 Can not obtain ownership information
  TCP    127.0.0.1:9222         0.0.0.0:0              LISTENING       77            InHost
 [my program.exe]
`)
  expect([rows, unread]).toEqual([
    [
      'tcp 0.0.0.0:135 LISTEN 1004/svchost.exe',
      'tcp 0.0.0.0:445 LISTEN 4/',
      'tcp 127.0.0.1:9222 LISTEN 77/my program.exe',
    ],
    [],
  ])
})

test('without numbers of processes the names of programs are pointed out', () => {
  const { rows, unread } = readOne(`
Active Connections

  Proto  Local Address          Foreign Address        State
  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING
 [svchost.exe]
  TCP    MYPC:49722             server:https           ESTABLISHED
`)
  expect(rows).toEqual(['tcp 0.0.0.0:135 LISTEN', 'tcp MYPC:49722 > server:443 ESTABLISHED'])
  expect(unread).toEqual(['6: it names the program of port 135 without its process: netstat -anob tells both'])
})

test.each([
  ['  TCP    0.0.0.0:13', 'it is no row of TCP or UDP, or it was cut short'],
  ['  TCP    0.0.0.0:135            0.0.0.0:0', 'it shows no state: it was cut short'],
  ['  TCP    0.0.0.0:70000          0.0.0.0:0   LISTENING  1', 'there is no port 70000'],
  ['  TCP    1.2.3:80               0.0.0.0:0   LISTENING  1', '"1.2.3" is no address of IPv4'],
  [
    '  TCP    0.0.0.0:80             0.0.0.0:0   LISTENING  1 two words',
    'what stands behind its addresses is no state and no process',
  ],
  ['Press any key to continue . . .', 'it is no row of TCP or UDP, or it was cut short'],
])('says why it cannot read %j', (line, why) => {
  expect(readOne(`Active Connections\n\n${line}`).unread).toEqual([`3: ${why}`])
})

test('rows that findstr left are known by themselves, and not taken for those of Linux', () => {
  const windows = '  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       1004'
  const linux = 'tcp        0      0 0.0.0.0:135             0.0.0.0:*               LISTEN      1004/x'
  expect(readListings(`${windows}\n${linux}\n`).listings.map(({ format }) => format)).toEqual([
    'netstat-windows',
    'netstat-linux',
  ])
})
