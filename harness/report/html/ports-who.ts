/** Who has a port, as a page. */

import type { Who } from '../../domain/ports-who.ts'
import { mapWords, portsWords } from '../../words/html-ports.en.ts'
import {
  connectionInWords,
  elsewhereInWords,
  nobodyInWords,
  noSocketTime,
  portInWords,
  processInWords,
  processLines,
  socketInWords,
  timeWaitInWords,
  whoHeadings,
} from '../../words/ports-who.en.ts'
import { adviceOn } from '../ports-who.ts'
import { list, section } from './boxes.ts'
import { isNothing, markup, NOTHING } from './markup.ts'
import { portsMap } from './ports-map.ts'
import type { Seen } from './ports-page.ts'
import { items, portsPage } from './ports-page.ts'
import { socketsOfWho } from './ports-sockets.ts'

export function whoHtml(who: Who, now: Date, seen: Seen): string {
  const { port, usualNames, sockets, processes, connections, timeWait, elsewhere } = who
  const others = [
    ...(timeWait.count > 0 ? [timeWaitInWords(timeWait.count, timeWait.longestMs)] : []),
    ...elsewhere.map(elsewhereInWords),
  ]
  const knowsTime = processes.some(({ startedAt }) => startedAt !== null)
  const isHeld = sockets.length > 0
  const map = portsMap(mapWords.heading, socketsOfWho(who))
  return portsPage({
    about: portInWords(port, usualNames),
    headline: isHeld ? portsWords.held(port) : portsWords.free(port),
    kind: isHeld ? 'noted' : 'pass',
    lead: isHeld ? portsWords.sockets(sockets.length) : nobodyInWords(port),
    seen,
    main: markup`${isNothing(map) ? NOTHING : section('page.map', mapWords.heading, map)}${items('sockets', portsWords.who, sockets, (socket) => [socketInWords(socket, port)])}${items(
      'processes',
      whoHeadings.processes,
      processes,
      (one) => [processInWords(one), ...processLines(one, now)],
    )}${knowsTime ? markup`<p class="fine">${noSocketTime}</p>\n` : NOTHING}${items(
      'connections',
      whoHeadings.connections,
      connections,
      (one) => [connectionInWords(one)],
    )}${items('others', portsWords.others, others, (line) => [line])}${section(
      'page.advice',
      isHeld ? whoHeadings.inUse : whoHeadings.free,
      markup`<div class="prose">${list(adviceOn(who))}</div>`,
    )}`,
  })
}
