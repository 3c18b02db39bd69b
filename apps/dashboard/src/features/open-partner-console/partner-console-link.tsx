/** To the partner's console: signed in there too where the servers share accounts, else to its sign-in page. */
import { useMutation } from '@tanstack/react-query'
import type { MouseEvent } from 'react'
import { api } from '../../api/api.ts'
import { Icon } from '../../ui/icon.tsx'

export interface PartnerConsoleLinkProps {
  readonly relationship: string
  readonly partnerName: string
  readonly url: string
}

export function PartnerConsoleLink({ relationship, partnerName, url }: PartnerConsoleLinkProps) {
  const { mutate, isPending } = useMutation({
    mutationFn: () => api.createSignInCode({ body: { relationship } }),
    onSuccess: (made) => location.assign(made.url),
    onError: () => location.assign(url),
  })
  const open = (event: MouseEvent): void => {
    // In a new tab or window it is an ordinary link: the code is for this click alone.
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    if (!isPending) mutate()
  }
  return (
    <a href={url} onClick={open} aria-busy={isPending}>
      Open {partnerName}’s console <Icon name="out" />
    </a>
  )
}
