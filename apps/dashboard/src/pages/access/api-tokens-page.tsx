/** Which programs may come in, how far, and until when. */
import type { ApiToken, Session } from '@tandem/api-contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useOutletContext } from 'react-router'
import { api } from '../../api/api.ts'
import { apiTokensQuery } from '../../api/queries.ts'
import { ActDialog } from '../../features/act-dialog/act-dialog.tsx'
import { Answer } from '../../features/show-answer/answer.tsx'
import { Button } from '../../ui/button.tsx'
import { useNow } from '../../ui/clock.ts'
import { Empty } from '../../ui/empty.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Badge } from '../../ui/notice.tsx'
import { AccessPage } from './access-page.tsx'
import { NewTokenDialog } from './new-token-dialog.tsx'
import { SharingNotices } from './sharing-notices.tsx'
import { scopeWords } from './scope-words.ts'
import { tokenStateOf } from './token-end.ts'

export function ApiTokensPage() {
  const tokens = useQuery(apiTokensQuery)
  const { serverName } = useOutletContext<Session>()
  const [isMaking, setIsMaking] = useState(false)
  const [revoking, setRevoking] = useState<ApiToken | undefined>()
  const make = (
    <Button look="primary" onPress={() => setIsMaking(true)}>
      Make a token…
    </Button>
  )
  return (
    <AccessPage
      title="API tokens"
      lead={`For programs that use the API of ${serverName}`}
      acts={tokens.data !== undefined && make}
    >
      <SharingNotices />
      <div className="card">
        <Answer to={tokens} what="the API tokens">
          {(all) =>
            all.length === 0 ? (
              <Empty icon="key" title="No program has a token">
                <p>Monitoring, route injectors and scripts sign in with one instead of a password.</p>
              </Empty>
            ) : (
              <TokensTable tokens={all} revoke={setRevoking} />
            )
          }
        </Answer>
      </div>
      {isMaking && <NewTokenDialog close={() => setIsMaking(false)} />}
      {revoking !== undefined && <RevokeDialog of={revoking} close={() => setRevoking(undefined)} />}
    </AccessPage>
  )
}

interface TokensTableProps {
  readonly tokens: readonly ApiToken[]
  readonly revoke: (token: ApiToken) => void
}

function TokensTable({ tokens, revoke }: TokensTableProps) {
  return (
    <div className="table-frame" role="region" aria-label="API tokens" tabIndex={0}>
      <table className="table table-cards">
        <thead>
          <tr>
            <th scope="col">For</th>
            <th scope="col">May</th>
            <th scope="col">Last used</th>
            <th scope="col">Ends</th>
            <th scope="col">Made</th>
            <th scope="col">
              <span className="only-heard">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <tr key={token.id}>
              <th scope="row">{token.name}</th>
              <td data-name="May">
                <span>
                  {token.unknownRole ?? token.role}
                  <span className="fact-why">
                    {token.unknownRole !== null
                      ? 'nothing: this version does not know the role'
                      : token.scope === null
                        ? 'all that the role may'
                        : `only: ${token.scope.map((permission) => scopeWords[permission].toLowerCase()).join('; ')}`}
                  </span>
                </span>
              </td>
              <td data-name="Last used" className="nowrap">
                {token.lastUsedAt === null ? (
                  <span className="muted">never</span>
                ) : (
                  <Moment at={token.lastUsedAt} show="ago" />
                )}
              </td>
              <td data-name="Ends" className="nowrap">
                <TokenEnd at={token.expiresAt} />
              </td>
              <td data-name="Made">
                <span>
                  <Moment at={token.createdAt} show="ago" />
                  <span className="fact-why">by {token.createdBy}</span>
                </span>
              </td>
              <td className="acts">
                <Button
                  size="small"
                  look="danger-quiet"
                  aria-label={`Revoke the token for ${token.name}`}
                  onPress={() => revoke(token)}
                >
                  Revoke…
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function TokenEnd({ at }: { readonly at: string | null }) {
  const now = useNow()
  if (at === null) return <span className="muted">never</span>
  const state = tokenStateOf(at, now)
  if (state === 'expired') return <Badge tone="down">Expired</Badge>
  const moment = <Moment at={at} show="until" />
  return state === 'ends-soon' ? <Badge tone="degraded">{moment}</Badge> : moment
}

function RevokeDialog({ of: token, close }: { readonly of: ApiToken; readonly close: () => void }) {
  const cache = useQueryClient()
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => api.revokeApiToken({ params: { id: token.id } }),
    onSuccess: close,
    onSettled: () => cache.invalidateQueries({ queryKey: apiTokensQuery.queryKey }),
  })
  return (
    <ActDialog
      title={`Revoke the token for ${token.name}?`}
      isDanger
      act="Revoke for good"
      acting="Revoking…"
      isPending={isPending}
      error={error}
      submit={() => mutate()}
      close={close}
    >
      <p>
        {token.lastUsedAt === null ? (
          'It was never used.'
        ) : (
          <>
            It was last used <Moment at={token.lastUsedAt} show="ago" />.
          </>
        )}{' '}
        Programs that have it are refused from now on, and their live connections close. It cannot be brought back.
      </p>
    </ActDialog>
  )
}
