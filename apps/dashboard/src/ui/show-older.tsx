/** The end of a list that is read page by page: a button for the next page, as long as there is one. */
import { Button } from './button.tsx'

export interface ShowOlderProps {
  /** Of an infinite query, what this needs. */
  readonly of: {
    readonly hasNextPage: boolean
    readonly isFetchingNextPage: boolean
    readonly fetchNextPage: () => Promise<unknown>
  }
}

export function ShowOlder({ of: { hasNextPage, isFetchingNextPage, fetchNextPage } }: ShowOlderProps) {
  if (!hasNextPage) return null
  return (
    <div className="card-body">
      <Button size="small" isDisabled={isFetchingNextPage} onPress={() => void fetchNextPage()}>
        {isFetchingNextPage ? 'Asking…' : 'Show older'}
      </Button>
    </div>
  )
}
