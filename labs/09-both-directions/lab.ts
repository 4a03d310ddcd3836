/** How does one machine keep several services apart, and by which ports do the answers go back? */

import { act, defineLab } from '../../harness/lab.ts'
import type { Connected, Ran, Said, Started } from '../../harness/lab.ts'
import { acceptedRow, answerFrom, connectionsIn, visitsOf } from './ends.ts'

/** Whether this service had this client and no other one. */
function visitedBy(visits: Said, client: Connected | Started): 'its-own' | 'others-too' | 'nobody' {
  const ports = visitsOf(visits).map(({ client: { port } }) => port)
  if (ports.length === 0) return 'nobody'
  return ports.length === 1 && ports[0] === client.local?.port ? 'its-own' : 'others-too'
}

/** Whether the two rows that ss printed are one connection, seen from its two ends. */
function rowsOfBoth(printed: Ran): 'mirrored' | 'two-others' | 'one-row' | 'no-row' | 'other' {
  const [first, second, ...more] = connectionsIn(printed)
  if (!first) return 'no-row'
  if (!second) return 'one-row'
  if (more.length > 0) return 'other'
  return first.local === second.peer && first.peer === second.local ? 'mirrored' : 'two-others'
}

export default defineLab({
  id: '09-both-directions',
  acts: {
    threeServices: act({
      requires: ['ipv4-loopback', 'client-ports'],
      async experiment({ start, connect, ask, port, anotherPort }) {
        const [mailPort, webPort] = [await anotherPort(), await anotherPort()]
        const ftp = await start('service', '127.0.0.1', port, 'ftp')
        const mail = await start('service', '127.0.0.1', mailPort, 'mail')
        const web = await start('service', '127.0.0.1', webPort, 'web')
        const overFtp = await connect('127.0.0.1')
        const overMail = await connect('127.0.0.1', { port: mailPort })
        const browser = await start('talk', '127.0.0.1', webPort)
        const page = browser.error ? null : await ask(browser, 'GET / HTTP/1.0', 'heard')
        const visits = {
          ftp: await ask(ftp, 'who came', 'visits'),
          mail: await ask(mail, 'who came', 'visits'),
          web: await ask(web, 'who came', 'visits'),
        }
        return { ftp, mail, web, overFtp, overMail, browser, page, visits }
      },
      checks: {
        'one-machine-is-web-ftp-and-mail-server-at-once': {
          claims: { T20: 'all-three' },
          outcomes: ['all-three', 'not-all', 'mixed-up'],
          outcome({ overFtp, overMail, page }) {
            if (overFtp.heard === '' || overMail.heard === '' || !page) return 'not-all'
            const isOwn = overFtp.heard.startsWith('220 FTP') && overMail.heard.includes('ESMTP')
            return isOwn && page.value === 'HTTP/1.0 200 OK' ? 'all-three' : 'mixed-up'
          },
          expect: {
            posix: { outcome: 'all-three', source: 'RFC 9293, section 2.2' },
          },
          lie: 'another-port',
        },
        'service-gets-traffic-for-the-port-of-another': {
          claims: { Q1: 'its-own' },
          outcomes: ['its-own', 'others-too', 'nobody'],
          outcome({ overFtp, overMail, browser, visits: { ftp, mail, web } }) {
            const had = [visitedBy(ftp, overFtp), visitedBy(mail, overMail), visitedBy(web, browser)]
            return had.find((one) => one === 'others-too') ?? had.find((one) => one === 'nobody') ?? 'its-own'
          },
          expect: { posix: { outcome: 'its-own', source: 'RFC 9293, section 3.1: destination port; POSIX accept' } },
          lie: 'another-port',
        },
      },
    }),

    thereAndBack: act({
      requires: ['ipv4-loopback', 'client-ports'],
      async experiment({ start, said, list, has, run, ask, port, anotherPort }) {
        const service = await start('service', '127.0.0.1', port, 'ftp')
        const client = await start('talk', '127.0.0.1', port)
        const greeted = client.error ? null : await said(client, 'heard')
        const listed = await list('ss')
        const ofBoth = has('ss') ? await run('ss', '-tn', `sport = :${port} or dport = :${port}`) : null
        const receiver = await start('receiver', '127.0.0.1', await anotherPort())
        const asker = await start('asker', '127.0.0.1', receiver.local?.port ?? 0)
        return {
          service,
          client,
          greeted,
          listed,
          ofBoth,
          receiver,
          asker,
          answered: await ask(asker, 'timmy', 'answer from'),
        }
      },
      checks: {
        'tcp-answer-leaves-from-the-listening-port': {
          claims: { Q4: 'listening-port' },
          outcomes: ['listening-port', 'another-port', 'no-answer'],
          outcome({ service, client, greeted, listed }) {
            const [here, there] = [client.rows[0], acceptedRow(listed, client)]
            if (!greeted) return 'no-answer'
            if (!here || !there) return 'other'
            return [here.peer?.port, there.local.port].every((one) => one === service.local?.port)
              ? 'listening-port'
              : 'another-port'
          },
          expect: {
            posix: { outcome: 'listening-port', source: 'POSIX accept; RFC 9293, section 4: connection' },
          },
          lie: 'another-port',
        },
        'listing-shows-both-sockets-of-a-connection-as-mirror-images': {
          requires: ['ss'],
          claims: { Q4: 'mirrored' },
          outcomes: ['mirrored', 'two-others', 'one-row', 'no-row'],
          outcome: ({ ofBoth }) => (ofBoth ? rowsOfBoth(ofBoth) : 'other'),
          expect: { linux: { outcome: 'mirrored', source: 'ss(8); RFC 9293, section 4: connection' } },
          lie: 'another-port',
        },
        'udp-answer-leaves-from-the-port-that-was-asked': {
          claims: { Q4: 'same-port' },
          outcomes: ['same-port', 'another-port'],
          outcome: ({ receiver, answered }) =>
            answerFrom(answered).port === receiver.local?.port ? 'same-port' : 'another-port',
          expect: { posix: { outcome: 'same-port', source: 'RFC 768: source port' } },
          lie: 'answers-from-a-new-socket',
        },
      },
    }),
  },
})
