/** Words and commands about networks that an act makes for itself. */

/** What a reader must know of an act with a network of its own. */
export const OWN_NETWORK = 'This act has a network of its own, with nothing in it but the loopback interface.'

/** What stands before a command that is typed on the second host. */
export const NEIGHBOUR_PROMPT = 'neighbour$'

const shellIn = (way: string) => `unshare ${way} sh -c 'ip link set lo up; echo $$; exec sh'`

/** A terminal's way into a network that another terminal has made; `pid` is what was printed there. */
const enter = (pid: string) => `nsenter -t ${pid} -U -n --preserve-credentials`

/** The commands with which a person makes the networks, and enters them from further terminals. */
export const networkCommands = {
  make: `${shellIn('-rn')} # prints PID`,
  enter: enter('PID'),
  makeNeighbour: `${enter('PID')} ${shellIn('-n')} # prints PID2`,
  enterNeighbour: enter('PID2'),
  joinHere: [
    'ip link add veth0 type veth peer name veth1 netns PID2',
    'ip addr add 192.0.2.1/24 dev veth0; ip link set veth0 up',
  ],
  joinThere: ['ip addr add 192.0.2.2/24 dev veth1; ip link set veth1 up'],
} as const

/** The same for IPv6; without `nodad` an address may not be used for the first second. */
export const networkCommandsOverIPv6 = {
  joinHere: ['ip addr add 2001:db8::1/64 dev veth0 nodad'],
  joinThere: ['ip addr add 2001:db8::2/64 dev veth1 nodad'],
} as const
