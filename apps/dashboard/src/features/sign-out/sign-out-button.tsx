/** Ends the session here; what the cache holds is of that session and goes with it. */
import { signOut } from '@tandem/api-contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { callApi } from '../../api/call-api.ts'
import { queryKeys } from '../../api/queries.ts'
import { Button } from '../../ui/button.tsx'

export function SignOutButton() {
  const cache = useQueryClient()
  const { mutate, isPending, isError } = useMutation({
    mutationFn: () => callApi(signOut),
    onSuccess: () => {
      cache.setQueryData(queryKeys.session, null)
      cache.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== queryKeys.session[0] })
    },
  })
  return (
    <Button size="small" onPress={() => mutate()} isDisabled={isPending}>
      {isError ? 'Sign out again' : 'Sign out'}
    </Button>
  )
}
