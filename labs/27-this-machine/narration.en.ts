import { formatEndpoint } from '../../harness/lab.ts'
import type { Narration, Said } from '../../harness/lab.ts'
import { DYNAMIC, interfacesOf, localhostOf, nameOf, portsOf, resolverOf, routesOf } from './lab.ts'
import type lab from './lab.ts'

const count = (number: number, one: string, many = `${one}s`) =>
  number === 0 ? `no ${one}` : number === 1 ? `1 ${one}` : `${number} ${many}`

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

const network = (interfaces: Said, resolver: Said, route: Said) => {
  const found = interfacesOf(interfaces).map(({ name, loopback, others }) => {
    const own = loopback.length > 0 ? `with ${loopback.join(' and ')}` : `with ${count(others, 'address', 'addresses')}`
    return `${name} ${own}`
  })
  const servers = resolverOf(resolver)
  const routes = routesOf(route)
  const names = `${count(servers.loopback.length + servers.others, 'name server')} in the resolver's list`
  const ways = routes === null ? 'no table of routes to read' : `${count(routes, 'default route')} for IPv4`
  return `Interfaces: ${found.join(', ') || 'none'}. ${sentence(names)}, ${ways}.`
}

const looked = (localhost: Said) => {
  const addresses = localhostOf(localhost)
  return typeof addresses === 'string'
    ? `The name localhost has no address here: ${addresses}.`
    : `The name localhost leads to ${addresses.join(' and ')}.`
}

/** `In the services database TCP 21 is ftp, TCP 23 is telnet.` */
const names = (services: Said, ports: number[]) =>
  `In the services database ${ports.map((port) => `TCP ${port} is ${nameOf(services, port) ?? 'not there'}`).join(', ')}.`

const size = (services: Said) => {
  const ports = portsOf(services)
  const above = ports.filter((port) => port >= DYNAMIC)
  const which = above.length > 0 && above.length < 6 ? `: ${above.join(', ')}` : ''
  return `The file has names for ${ports.length} ports. ${above.length || 'None'} of these numbers ${above.length > 1 ? 'are' : 'is'} ${DYNAMIC} or above${which}.`
}

const DATABASE =
  'The file /etc/services is the list of names for ports on this machine, called the services database. lsof and netstat take from it the names that they print in the place of numbers. The names follow the registry that IANA keeps.'

const CONVENTION =
  'It is a convention. The kernel never reads this file, and no program has to keep to it. Clients try the number that the registry gives to a service, so servers listen there.'

const OTHERWISE = 'This machine has another list than the registry. Listings on it show other names.'

export default {
  title: 'What this machine says of itself',
  summary: 'Before the ports: which interfaces, resolver, route and names for ports has this machine?',
  acts: {
    whatItKnows: {
      title: 'Interfaces, resolver, route, names',
      intro:
        'The document checklist begins before the ports, with four other things: interfaces, resolver, name lookup, default route. An interface is where packets go in and out. The resolver turns names into addresses by asking a name server. The default route is the way of the packets for which no other route fits. A program asks this machine for them, and nobody outside. It tells the loopback addresses, by which the machine talks to itself. Of others it tells only how many there are. Last come the names for ports.',
      checks: {
        'machine-has-interfaces-a-resolver-and-a-default-route': {
          question: 'What does this machine have: an interface beside loopback, a name server, a default route?',
          outcomes: {
            all: {
              choice: 'All of them.',
              seen: ({ interfaces, resolver, route }) => network(interfaces, resolver, route),
              why: 'With all three this machine can reach others by their names, and perhaps be reached. Only interfaces that are up and have an address are counted. Where /etc/resolv.conf names no name server, Node counts 127.0.0.1 as one, whether one is there or not.',
            },
            some: {
              choice: 'Some of them.',
              seen: ({ interfaces, resolver, route }) => network(interfaces, resolver, route),
              why: 'There is an interface beside loopback, and at least one of the other two was not found. Without a default route for IPv4 the machine reaches over IPv4 only its neighbours, and without a name server only addresses. The labs do not need either. They stay inside the machine.',
            },
            'loopback-only': {
              choice: 'Only loopback: no interface leads out.',
              seen: ({ interfaces, resolver, route }) => network(interfaces, resolver, route),
              why: 'The loopback interface, lo, is the way of a machine to itself. Without another one nobody outside can reach any port of this machine. Containers and network namespaces often begin so.',
            },
            'no-interface': {
              choice: 'None of them, and no loopback either.',
              seen: ({ interfaces, resolver, route }) => network(interfaces, resolver, route),
              why: 'A client reached 127.0.0.1 before this act began, so there is a loopback interface. A list without it is not the list of this machine.',
              expectedBecause: 'A machine without a network card seems to have no interface. Loopback needs no card.',
            },
          },
        },
        'localhost-is-a-loopback-address': {
          question: 'To which address does the name localhost lead?',
          outcomes: {
            loopback: {
              choice: 'To a loopback address.',
              seen: ({ localhost }) => looked(localhost),
              why: 'A name lookup usually reads the file /etc/hosts first, and localhost stands there. Whether it leads to 127.0.0.1, to ::1 or to both differs between machines. So a client of localhost may try IPv6, while the server listens on IPv4 only.',
            },
            elsewhere: {
              choice: 'To an address outside.',
              seen: ({ localhost }) => looked(localhost),
              why: 'RFC 6761 asks for a loopback address at this name. Somebody gave it another one, and programs that trust the name talk to a stranger.',
              expectedBecause: 'It looks like a name for any name server. RFC 6761 advises against asking one for it.',
            },
            unknown: {
              choice: 'To none: the name is unknown.',
              seen: ({ localhost }) => looked(localhost),
              why: 'There is no /etc/hosts with this name, as in a very small container. Programs must use 127.0.0.1 or ::1 there.',
            },
          },
        },
        'services-database-names-web-and-ssh': {
          question: 'Do 80, 443 and 22 have the names http, https and ssh here?',
          outcomes: {
            'as-said': {
              choice: 'Yes.',
              seen: ({ services }) => names(services, [80, 443, 22]),
              why: `${DATABASE} ${CONVENTION}`,
            },
            otherwise: {
              choice: 'No, other names.',
              seen: ({ services }) => names(services, [80, 443, 22]),
              why: OTHERWISE,
            },
          },
        },
        'services-database-names-ftp-telnet-mail-and-web': {
          question: 'And 21, 23, 25 and 80: are they ftp, telnet, smtp and http?',
          outcomes: {
            'as-said': {
              choice: 'Yes.',
              seen: ({ services }) => names(services, [21, 23, 25, 80]),
              why: 'The document tuple names these four, and the list agrees. SMTP is the protocol by which mail is sent.',
            },
            otherwise: {
              choice: 'No, other names.',
              seen: ({ services }) => names(services, [21, 23, 25, 80]),
              why: OTHERWISE,
            },
          },
        },
        'services-database-calls-8080-http-alt': {
          question: 'In the document cafe a listing shows http-alt in the place of 8080. Is that the name here?',
          outcomes: {
            'as-said': {
              choice: 'Yes.',
              seen: ({ services }) => names(services, [8080]),
              why: 'The name means: HTTP, the alternative port. lsof prints it unless it is told not to, by -P. No HTTP has to be behind it. In the document cafe it is a program that knows nothing of HTTP.',
            },
            'another-name': {
              choice: 'No, it has another name.',
              seen: ({ services }) => names(services, [8080]),
              why: 'The makers of this list prefer another name, such as webcache. The registry of IANA has http-alt, and so has the list on the machine of the document.',
            },
            'no-name': {
              choice: 'No, it has no name.',
              seen: ({ services }) => names(services, [8080]),
              why: OTHERWISE,
            },
          },
        },
        'services-database-has-a-few-dozen-ports-below-49152': {
          question: 'For how many ports has this list a name, and how high do they go?',
          outcomes: {
            'a-few-dozen': {
              choice: 'For a few dozen, none above 49151.',
              seen: ({ services }) => size(services),
              why: 'The document tuple says that a few dozen ports are in common use, and that none above 49151 should be. This list is as short as that.',
            },
            more: {
              choice: 'For more, none above 49151.',
              seen: ({ services }) => size(services),
              why: 'The document tuple says that a few dozen ports are in common use. A list of names is longer than what is in use. The registry of IANA has thousands. From 49152 on it has none: RFC 6335 keeps these numbers for clients and private use.',
            },
            'no-web': {
              choice: 'For others, but not for port 80.',
              seen: ({ services }) => size(services),
              why: 'A list of services without http is not the usual one, so nothing follows from its length.',
            },
            'more-and-some-above': {
              choice: 'For some above 49151.',
              seen: ({ services }) => size(services),
              why: 'The document tuple says that a few dozen ports are in common use, and that none above 49151 should be. RFC 6335 agrees to the second: nobody can register such a port. The makers of this list have written some down all the same, because programs use them. How many ports are in common use no list can tell. It has a line for each that was thought worth one.',
            },
          },
        },
      },
    },

    portEighty: {
      title: 'Another service on port 80',
      intro:
        'Port 80 is a well-known port, the one of HTTP. The document tuple says that such a port has no other purpose. In a network of its own a program may open any port. So a listener takes port 80. It greets its clients with a line of plain text, which is not HTTP.',
      checks: {
        'another-service-than-http-listens-on-port-80': {
          question: 'A server that knows no HTTP is started on port 80. What does a client find there?',
          outcomes: {
            'another-answers': {
              choice: 'The other service: its greeting.',
              seen: ({ listener, client }) =>
                `${listener.program} (process ${listener.pid}) answered on ${formatEndpoint(client.to)}: ${JSON.stringify(client.heard.trim())}.`,
              why: 'To the kernel 80 is a number. It does not look into the bytes, and it has no list of services. What the number means is agreed between people. The document tuple says that 80 is always HTTP. Here it is not. Only to open a port below 1024 takes a right.',
            },
            'http-answers': {
              choice: 'HTTP, as always on port 80.',
              seen: ({ client }) => `The answer began with ${JSON.stringify(client.heard.slice(0, 20))}.`,
              why: 'A server that speaks HTTP answered.',
              expectedBecause:
                'The name http stands beside 80 in every listing. It is printed from a list, whatever listens there.',
            },
            refused: {
              choice: 'Nothing: the system does not let it listen there.',
              seen: ({ listener }) => `${listener.program} (process ${listener.pid}) was refused: ${listener.outcome}.`,
              why: 'The system refused for lack of a right, not because of the service. It does not know what a program is going to speak.',
              expectedBecause:
                'Port 80 is privileged: below 1024 a right is needed. In a network of its own this program has it.',
            },
          },
        },
      },
    },
  },
  remember: [
    'First interfaces, resolver, lookup and route. Then the ports.',
    'The name beside a port is looked up in a list. It does not say what answers.',
    'Any program with the right to open a port may speak on it what it likes.',
  ],
} satisfies Narration<typeof lab>
