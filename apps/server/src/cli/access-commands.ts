/** `tandem operator ...` and `tandem token ...`: names, options and help. Both go to the database of the server, which may run or not. */
import type { Command } from 'commander'

const CONFIG = ['--config <file>', 'configuration of the server (YAML)'] as const
const ROLES = 'viewer, operator or administrator'

interface OfConfig {
  readonly config: string
}

export function addTokenCommands(program: Command): void {
  const token = program.command('token').description('API tokens')
  token
    .command('create')
    .description('make an API token and print it once; the server may be running or not')
    .requiredOption(...CONFIG)
    .requiredOption('--role <role>', ROLES)
    .option('--name <name>', 'what it is for', 'command line')
    .option('--expires <duration>', 'how long it is good, for example 90d; absent: for ever')
    .option('--scope <permissions>', 'only some of what the role may, with commas: leases.read,status.read')
    .action(async (options: OfConfig & { role: string; name: string; expires?: string; scope?: string }) => {
      const { createTokenCommand } = await import('./token-command.ts')
      const { config, role, name, expires, scope } = options
      await createTokenCommand({ file: config, role, name, expires, scope })
    })
  token
    .command('list')
    .description('list all API tokens, without their secrets')
    .requiredOption(...CONFIG)
    .action(async ({ config }: OfConfig) => {
      const { listTokensCommand } = await import('./token-command.ts')
      await listTokensCommand(config)
    })
  token
    .command('revoke')
    .description('revoke an API token for good')
    .argument('<id>', 'as "tandem token list" shows it')
    .requiredOption(...CONFIG)
    .action(async (id: string, { config }: OfConfig) => {
      const { revokeTokenCommand } = await import('./token-command.ts')
      await revokeTokenCommand(config, id)
    })
}

export function addOperatorCommands(program: Command): void {
  const operator = program.command('operator').description('people who may sign in; for when nobody can any more')
  operator
    .command('list')
    .description('list all operators')
    .requiredOption(...CONFIG)
    .action(async ({ config }: OfConfig) => {
      const { listOperatorsCommand } = await import('./operator-command.ts')
      await listOperatorsCommand(config)
    })
  operator
    .command('create')
    .description('add an operator; prints a password that has to be replaced at the first sign-in')
    .argument('<name>')
    .requiredOption(...CONFIG)
    .requiredOption('--role <role>', ROLES)
    .action(async (name: string, { config, role }: OfConfig & { role: string }) => {
      const { createOperatorCommand } = await import('./operator-command.ts')
      await createOperatorCommand(config, name, role)
    })
  operator
    .command('reset-password')
    .description('print a new password, which has to be replaced at the next sign-in; all sessions end')
    .argument('<name>')
    .requiredOption(...CONFIG)
    .action(async (name: string, { config }: OfConfig) => {
      const { resetPasswordCommand } = await import('./operator-command.ts')
      await resetPasswordCommand(config, name)
    })
  operator
    .command('change')
    .description('change the role, or disable or enable; all sessions end')
    .argument('<name>')
    .requiredOption(...CONFIG)
    .option('--role <role>', ROLES)
    .option('--disable', 'cannot sign in until enabled again')
    .option('--enable', 'may sign in again')
    .action(async (name: string, options: OfConfig & { role?: string; disable?: true; enable?: true }) => {
      const { changeOperatorCommand } = await import('./operator-command.ts')
      const { config, role, disable, enable } = options
      await changeOperatorCommand(config, name, { role, disable: disable === true, enable: enable === true })
    })
  operator
    .command('remove')
    .description('remove an operator for good; all sessions end')
    .argument('<name>')
    .requiredOption(...CONFIG)
    .action(async (name: string, { config }: OfConfig) => {
      const { removeOperatorCommand } = await import('./operator-command.ts')
      await removeOperatorCommand(config, name)
    })
}
