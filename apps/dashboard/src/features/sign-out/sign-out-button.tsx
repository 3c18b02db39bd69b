/** Ends the session here; what the cache holds is of that session and goes with it. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { queryKeys } from '../../api/queries.ts'
import { Button } from '../../ui/button.tsx'

export function SignOutButton() {
  const cache = useQueryClient()
  const { mutate, isPending, isError } = useMutation({
    mutationFn: () => api.signOut(),
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
