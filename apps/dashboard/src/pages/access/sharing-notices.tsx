/** With whom the accounts are shared, and whether they are in step. */
import { useQuery } from '@tanstack/react-query'
import { accountSharingQuery } from '../../api/queries.ts'
import { Notice } from '../../ui/notice.tsx'
import { sharingWords } from './sharing-words.ts'

export function SharingNotices() {
  const sharing = useQuery(accountSharingQuery)
  return sharing.data?.map((each) => {
    const { tone, text } = sharingWords(each)
    return (
      <Notice key={each.relationship} tone={tone}>
        {text}
      </Notice>
    )
  })
}
