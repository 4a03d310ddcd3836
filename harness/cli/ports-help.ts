/** What `npm run ports -- --help` prints. */

export const PORTS_HELP = `Lists the ports of this machine, or of a listing that you hand in, and explains what it means.

  npm run ports                        this machine: what is open, who has it, who can reach it
  ss -ltunp | npm run ports            reads a listing of lsof, ss, netstat, fstat, sockstat, nmap or /proc/net
  npm run ports -- FILE...             reads files; - is standard input
  npm run ports -- --who 8080          who has this port, and what to do about EADDRINUSE

Options stand after a --, because npm keeps for itself what stands before it:

  --snapshot FILE        keeps what is open now
  --diff FILE            what has opened, closed or changed since; FILE is a snapshot or a listing
  --expect FILE          whether what is open is what FILE says should be; docs/ports.md has its form
  --watch [--for SECONDS]  tells changes as they happen
  --scan [ADDRESS] [--ports 1-1024]  this machine seen from outside, beside its own listing
  --from SOURCE          kernel, proc, ss, lsof, netstat, fstat or sockstat, instead of the best that is here
  --connections          every connection, instead of the first ones of each kind
  --json, --markdown     for programs, and for a page; docs/ports.md describes them
  --report html=FILE     a page to look at as well; --report html writes it instead of the text
  --color, --no-color    colour, whatever the terminal is
  --help                 this text

Exit codes: 0 all was said, 1 --expect found something else, 2 wrong usage, 3 nothing could be seen or recognised,
130, 143, 129 after SIGINT, SIGTERM, SIGHUP.
`
