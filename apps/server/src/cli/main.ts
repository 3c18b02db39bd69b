/** The command line: names, options and help; each command's work is in a file of its own, read only when it is asked for. */
import { Command, CommanderError } from 'commander'
import type { SimulateOptions } from './simulate/simulate-command.ts'
import { addOperatorCommands, addTokenCommands } from './access-commands.ts'
import { errorCode, UserError } from './user-error.ts'
import { productVersion } from './version.ts'

async function commandLine(): Promise<Command> {
  // What stands behind the name of a command is of that command alone: `pools` and `pools drain` have options of one name.
  const program = new Command('tandem')
    .enablePositionalOptions()
    .description('Two DHCPv6 servers that serve as one (RFC 8156 failover)')
    .exitOverride()
    .showHelpAfterError('("tandem --help" lists the commands)')
  program
    .command('serve')
    .description('run one server in the foreground; SIGTERM stops it in order')
    .requiredOption('--config <file>', 'configuration (YAML)')
    .option('--log <format>', 'text or json', 'text')
    .option('--stop-with-input', 'stop in order when standard input ends, for a parent process that may die', false)
    .action(async (options: { config: string; log: string; stopWithInput: boolean }) => {
      const { serveCommand } = await import('./serve-command.ts')
      await serveCommand({ file: options.config, logFormat: options.log, stopWithInput: options.stopWithInput })
    })
  program
    .command('check')
    .description('check a configuration: prints ok, or every problem with its line, field and remedy')
    .argument('<file>', 'configuration (YAML)')
    .action(async (file: string) => {
      const { checkCommand } = await import('./check-command.ts')
      checkCommand(file)
    })
  program
    .command('demo')
    .description('start two servers with simulated clients on this machine')
    .option('--fresh', 'begin anew: removes what the demo made before', false)
    .option('--folder <folder>', 'where it keeps its files', './demo-data')
    .option('--port-offset <number>', 'added to every port', '0')
    .option('--clients <number>', 'simulated clients', '48')
    .action(async (options: { fresh: boolean; folder: string; portOffset: string; clients: string }) => {
      const { demoCommand, parseClientCount, parsePortOffset } = await import('../demo/demo-command.ts')
      const { fresh, folder } = options
      const portOffset = parsePortOffset(options.portOffset)
      await demoCommand({ folder, fresh, portOffset, clients: parseClientCount(options.clients) })
    })
  program
    .command('certificates')
    .description('make a private authority and a certificate for each server of a pair')
    .requiredOption('--folder <folder>', 'where to write them')
    .option('--names <names>', 'names of the servers, with commas', 'alpha,beta')
    .action(async (options: { folder: string; names: string }) => {
      const { certificatesCommand } = await import('./certificates-command.ts')
      await certificatesCommand(
        options.folder,
        options.names.split(',').map((name) => name.trim()),
      )
    })
  program
    .command('console-certificate')
    .description('tell the fingerprint of the certificate of the console, to compare it with what a browser shows')
    .requiredOption('--config <file>', 'configuration of the server (YAML)')
    .action(async (options: { config: string }) => {
      const { consoleCertificateCommand } = await import('./console-certificate-command.ts')
      consoleCertificateCommand(options.config)
    })
  addTokenCommands(program)
  addOperatorCommands(program)
  await addCtlCommand(program)
  addSimulateCommand(program)
  addBackupCommands(program)
  program
    .command('version')
    .description('print the version')
    .action(() => {
      process.stdout.write(`tandem ${productVersion()} (Node ${process.versions.node})\n`)
    })
  return program
}

async function addCtlCommand(program: Command): Promise<void> {
  const ctl = program.command('ctl').description('ask and command a running server over its API: status, pools, leases')
  if (process.argv[2] !== 'ctl') return
  const { addCtlCommands } = await import('./ctl/ctl-command.ts')
  addCtlCommands(ctl)
}

function addSimulateCommand(program: Command): void {
  program
    .command('simulate')
    .description('run simulated pairs of servers through faults, each from its seed, and check what RFC 8156 promises')
    .option('--seeds <number>', 'how many seeds to run')
    .option('--seed <number>', 'the first of them; without --seeds the only one, told line by line')
    .option('--resume <file>', 'keep what is finished in this file, and go on from it')
    .option('--threads <number>', 'how many at a time (all processors)')
    .option('--report <file>', 'write the figures of the whole run as a page')
    .action(async (options: Partial<SimulateOptions>) => {
      const { simulateCommand } = await import('./simulate/simulate-command.ts')
      const { seeds, seed, resume, threads, report } = options
      await simulateCommand({ seeds, seed, resume, threads, report })
    })
}

function addBackupCommands(program: Command): void {
  program
    .command('backup')
    .description('copy the database of a server, which may be running or not')
    .requiredOption('--config <file>', 'configuration of the server (YAML)')
    .requiredOption('--to <file>', 'where to; must not exist')
    .action(async (options: { config: string; to: string }) => {
      const { backupCommand } = await import('./backup-command.ts')
      backupCommand({ file: options.config, to: options.to })
    })
  program
    .command('restore')
    .description('mark a database that came back from a backup or snapshot as a lost one; the server must not run')
    .requiredOption('--config <file>', 'configuration of the server (YAML)')
    .option('--from <file>', 'backup to put into place; absent: it is in place already')
    .action(async (options: { config: string; from?: string }) => {
      const { restoreCommand } = await import('./restore-command.ts')
      await restoreCommand({ file: options.config, from: options.from })
    })
}

async function run(): Promise<void> {
  try {
    const program = await commandLine()
    await program.parseAsync(process.argv)
  } catch (error) {
    // Commander has said what it wants; help and version are no failures.
    if (error instanceof CommanderError) process.exitCode = error.exitCode
    else if (error instanceof UserError) complain(error.message)
    // A reader that went away, as in `tandem check FILE | head`.
    else if (errorCode(error) === 'EPIPE') process.exitCode = 1
    else complain(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
}

function complain(text: string): void {
  process.stderr.write(`${text}\n`)
  process.exitCode = 1
}

/** To a pipe, output is written behind the program's back; what has not left yet would be lost with the process. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve())
  })
}

await run()
await Promise.all([written(process.stdout), written(process.stderr)])
// Standard input or a database library may still hold the loop, but all work is done.
process.exit()
