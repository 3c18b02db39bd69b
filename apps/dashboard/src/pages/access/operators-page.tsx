/** Who may sign in, and as what. */
import type { Operator, Session } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useOutletContext } from 'react-router'
import { operatorsQuery } from '../../api/queries.ts'
import { Answer } from '../../features/show-answer/answer.tsx'
import { Button } from '../../ui/button.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Badge } from '../../ui/notice.tsx'
import { AccessPage } from './access-page.tsx'
import { AddOperatorDialog } from './add-operator-dialog.tsx'
import { SharingNotices } from './sharing-notices.tsx'
import { ChangeAccessDialog, RemoveOperatorDialog, ResetPasswordDialog } from './operator-dialogs.tsx'

type Act = 'change' | 'reset' | 'remove'

const dialogs = { change: ChangeAccessDialog, reset: ResetPasswordDialog, remove: RemoveOperatorDialog } as const

export function OperatorsPage() {
  const operators = useQuery(operatorsQuery)
  const session = useOutletContext<Session>()
  const [isAdding, setIsAdding] = useState(false)
  const [acting, setActing] = useState<{ readonly act: Act; readonly of: Operator } | undefined>()
  const ActingDialog = acting === undefined ? undefined : dialogs[acting.act]
  const add = (
    <Button look="primary" onPress={() => setIsAdding(true)}>
      Add an operator…
    </Button>
  )
  return (
    <AccessPage
      title="Operators"
      lead={`People who may sign in to ${session.serverName}`}
      acts={operators.data !== undefined && add}
    >
      <SharingNotices />
      <div className="card">
        <Answer to={operators} what="the operators">
          {(all) => (
            <OperatorsTable operators={all} ownName={session.operator.name} act={(act, of) => setActing({ act, of })} />
          )}
        </Answer>
      </div>
      {isAdding && <AddOperatorDialog close={() => setIsAdding(false)} />}
      {acting !== undefined && ActingDialog !== undefined && (
        <ActingDialog
          of={acting.of}
          isOwn={acting.of.name === session.operator.name}
          close={() => setActing(undefined)}
        />
      )}
    </AccessPage>
  )
}

interface OperatorsTableProps {
  readonly operators: readonly Operator[]
  readonly ownName: string
  readonly act: (act: Act, of: Operator) => void
}

function OperatorsTable({ operators, ownName, act }: OperatorsTableProps) {
  return (
    <div className="table-frame" role="region" aria-label="Operators" tabIndex={0}>
      <table className="table table-cards">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Role</th>
            <th scope="col">State</th>
            <th scope="col">Last sign-in</th>
            <th scope="col">Added</th>
            <th scope="col">
              <span className="only-heard">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {operators.map((operator) => (
            <tr key={operator.id}>
              <th scope="row">
                {operator.name} {operator.name === ownName && <Badge tone="accent">You</Badge>}
              </th>
              <td data-name="Role">{operator.unknownRole ?? operator.role}</td>
              <td data-name="State">
                <OperatorState of={operator} />
              </td>
              <td data-name="Last sign-in" className="nowrap">
                {operator.lastSignInAt === null ? (
                  <span className="muted">never</span>
                ) : (
                  <Moment at={operator.lastSignInAt} show="ago" />
                )}
              </td>
              <td data-name="Added" className="nowrap">
                <Moment at={operator.createdAt} show="ago" />
              </td>
              <td className="acts">
                <span className="acts-row">
                  <Button
                    size="small"
                    aria-label={`Change the access of ${operator.name}`}
                    onPress={() => act('change', operator)}
                  >
                    Change…
                  </Button>
                  <Button
                    size="small"
                    aria-label={`Reset the password of ${operator.name}`}
                    onPress={() => act('reset', operator)}
                  >
                    Password…
                  </Button>
                  <Button
                    size="small"
                    look="danger-quiet"
                    aria-label={`Remove ${operator.name}`}
                    onPress={() => act('remove', operator)}
                  >
                    Remove…
                  </Button>
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function OperatorState({ of: { disabled, unknownRole, passwordIsTemporary } }: { readonly of: Operator }) {
  if (unknownRole !== null) return <Badge tone="degraded">Role not known here: may not sign in</Badge>
  if (disabled) return <Badge tone="idle">Disabled</Badge>
  if (passwordIsTemporary) return <Badge tone="degraded">Temporary password</Badge>
  return <Badge tone="ok">May sign in</Badge>
}
