/** A shell's prompt with the command typed at it, where a paste has them. */

/** `lists`: whether the command is one whose output is read here. An empty command is a prompt alone. */
export type Prompted = { command: string; lists: boolean }

/** Prompts and commands are looked for at the beginning of a line only, so that a long line costs no more than a short one. */
const LONGEST_PROMPT = 120

const LISTS =
  /^(?:(?:sudo|doas)\s+(?:-\S+\s+)*)?(?:(?:\S*\/)?busybox\s+)?(?:(?:\S*[\\/])?(?:lsof|ss|netstat|fstat|sockstat|nmap)(?:\.exe)?(?:\s|$)|\S+\s.*\/proc\/(?:\w+\/)?net\/(?:[*{]|(?:tcp|udp|raw|udplite|icmp)6?\b))/i

/** Typed without a prompt: only with an option, or alone, since a sentence may begin with the name of a tool. */
const BARE =
  /^(?:(?:sudo|doas)\s+)?(?:busybox\s+)?(?:(?:lsof|ss|netstat|fstat|sockstat|nmap)(?:\s+-.*|\s*\|.*)?|(?:cat|grep|head)\s.*\/proc\/(?:\w+\/)?net\/(?:[*{]|(?:tcp|udp|raw|udplite|icmp)6?\b).*)$/

/** `$ `, `me@host:~$ `, `[me@host ~]# `, `host% `, `C:\>`, `PS C:\Users\me> `. */
const PROMPT =
  /^(?:(?:\([\w.-]+\) )?(?:\[?[\w.-]+@[\w.-]+[^$#%>]*[$#%>]|[$#%❯➜])(?: |$)|(?:PS )?[A-Za-z]:\\[^>]*>|\w[\w.-]*[#%$>] )\s*/

/** What `nmap -oN` and `-oG` put on top of a file: it looks like root's prompt, and tells the command. */
const SAVED = /^# [Nn]map \S{1,20} scan initiated .{1,60}? as: (\S.*)$/

/** What was typed in this line, or `null` where it is no prompt. */
export function promptedCommand(line: string): Prompted | null {
  const saved = line.startsWith('# ') ? SAVED.exec(line)?.[1] : undefined
  if (saved !== undefined) return { command: saved, lists: true }
  const start = line.slice(0, LONGEST_PROMPT).trimStart()
  const prompt = PROMPT.exec(start)?.[0]
  if (prompt === undefined) return BARE.test(start) ? { command: line.trim(), lists: true } : null
  const command = line.trimStart().slice(prompt.length).trim()
  return { command, lists: LISTS.test(command.slice(0, LONGEST_PROMPT)) }
}
