/** The lines of nmap that are understood and say nothing of a port. */

const REMARKS: readonly RegExp[] = [
  /^(?:# )?(?:Starting [Nn]map|[Nn]map .* scan initiated|Nmap done|Nmap finished|Nmap run completed)\b/,
  /^Host (?:is up|seems (?:down|to be a subnet broadcast address))|^Skipping host \S+ .*due to host timeout$|^Note: Host seems down|^Host \S+ .*appears to be up/,
  /^All \d+ scanned (?:ports|protocols) on .* are in ignored states\.$/,
  /^(?:Other addresses for|Not scanned:|Reason: \d|Scanned at|MAC Address:|Network Distance:)/,
  // Progress, with -v.
  /^(?:Initiating|Completed|Scanning|Discovered open port|Stats:|Increasing send delay|Retrying)/,
  /^(?:[\w-]+(?: [\w-]+){0,4}) Timing: About /,
  /^(?:NSE|NSOCK|NPING|Overall sending rates|Loaded \d+ scripts|Happy \d|Read data files from|Raw packets sent|\s+Raw packets sent)/,
  /^(?:adjust_timeouts|RTTVAR has grown|Warning: Hit PCRE|WARNING|Warning:|Unable to|Failed to resolve|Nothing to do|Illegal)/,
  /^Some closed ports may be reported as filtered due to --defeat-rst-ratelimit$/,
  // Which operating system, and which programs.
  /^(?:Service Info|Device type|Running|OS CPE|OS details|OS and Service|OS detection|Service detection|Aggressive OS|No exact OS|No OS matches|Too many fingerprints|Uptime|Uptime guess|TCP Sequence|TCP Sequence Prediction|IP ID Sequence|IPID|Service scan)/,
  /^(?:OS fingerprint|TCP\/IP fingerprint|OS:|SF[-:]|SInfo|={5,}NEXT SERVICE|\d+ services? unrecognized|Remote operating system guess|Remote OS guesses)/,
  // What scripts and the trace of the route found.
  /^(?:\||Host script results:|Pre-scan script results:|Post-scan script results:|TRACEROUTE|HOP\s+RTT|-\s+Hop)/,
  // A hop of that route, or several from which no answer came.
  /^\d{1,3}\s+(?:\d+\.\d\d ms|\.{3}(?: \d+)?)(?:\s|$)/,
  /^(?:QUITTING|caught SIG|Please report any incorrect results|Use the --|If you believe|Try )/,
]

/** Looked for at the beginning of the line only: scripts print lines of any length. */
const BEGINNING = 200

export function isNmapRemark(line: string): boolean {
  const beginning = line.slice(0, BEGINNING)
  return REMARKS.some((remark) => remark.test(beginning))
}
