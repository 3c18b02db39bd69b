/** Each command on a relationship: what it does, and whether it is allowed now or why not. */
import type { CommandAllowance, Relationship } from '@tandem/api-contract'
import type { ReactNode } from 'react'
import { DeclarePartnerDownButton } from '../../features/declare-partner-down/declare-partner-down-button.tsx'
import { commandWords } from '../../features/service-command/command-words.ts'
import { ServiceCommandButton } from '../../features/service-command/service-command-button.tsx'
import type { ServiceCommandName } from '../../features/service-command/use-service-command.ts'
import { Card } from '../../ui/card.tsx'
import { Badge } from '../../ui/notice.tsx'

type CommandName = keyof Relationship['commands']

interface CommandWords {
  readonly title: (of: Relationship) => string
  readonly effect: (of: Relationship) => string
  readonly act: (of: Relationship) => ReactNode
}

/** A full record: a command of the API that is not shown here does not compile. */
const commands: Readonly<Record<CommandName, CommandWords>> = {
  declarePartnerDown: {
    title: ({ partnerName }) => `Declare ${partnerName} down`,
    effect: ({ serverName, partnerName }) =>
      `${serverName} serves alone from then on, with full lease times, and after the MCLT delegates the prefixes too that ` +
      `${partnerName} held free. Nothing happens before you have said why and typed the relationship’s name.`,
    act: (of) => <DeclarePartnerDownButton of={of} sayWhy />,
  },
  handOver: serviceCommand('handOver'),
  takeBack: serviceCommand('takeBack'),
  resync: serviceCommand('resync'),
  rebalance: serviceCommand('rebalance'),
}

function serviceCommand(command: ServiceCommandName): CommandWords {
  return {
    title: (of) => commandWords(command, of).title,
    effect: (of) => commandWords(command, of).effect,
    act: (of) => <ServiceCommandButton command={command} of={of} />,
  }
}

export function CommandCard({ of }: { readonly of: Relationship }) {
  // The keys of the record are the commands.
  const names = Object.keys(commands) as CommandName[]
  return (
    <Card title="Commands">
      <ul className="commands">
        {names.map((name) => (
          <li key={name} className="command">
            <div className="row">
              <h3>{commands[name].title(of)}</h3>
              <AllowanceBadge of={of.commands[name]} />
            </div>
            <p className="small">{commands[name].effect(of)}</p>
            {commands[name].act(of)}
          </li>
        ))}
      </ul>
    </Card>
  )
}

function AllowanceBadge({ of: { allowed, needsForce } }: { readonly of: CommandAllowance }) {
  if (!allowed) {
    return (
      <Badge tone="idle" icon="idle">
        not now
      </Badge>
    )
  }
  return needsForce ? <Badge tone="at-risk">by force only</Badge> : <Badge tone="accent">allowed</Badge>
}
