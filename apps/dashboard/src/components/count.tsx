/** A count on the page: readable at once, exact in its title and for a screen reader. */
import { countWords, groupedDigits } from './count-words.ts'

export function CountText({ count }: { readonly count: string }) {
  const words = countWords(count)
  const exact = groupedDigits(count)
  if (words === exact) return <>{exact}</>
  return (
    <span title={exact}>
      <span aria-hidden>{words}</span>
      <span className="only-heard">{exact}</span>
    </span>
  )
}
