/** Copies a value and says so. */
import { useEffect, useState } from 'react'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'

export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'refused' | undefined>()
  useEffect(() => {
    if (outcome === undefined) return undefined
    const timer = setTimeout(() => setOutcome(undefined), 2000)
    return () => clearTimeout(timer)
  }, [outcome])
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('refused'),
    )
  }
  return (
    <>
      <Button look="plain" size="icon" aria-label={`Copy ${what}`} onPress={copy}>
        <Icon name={outcome === 'copied' ? 'done' : outcome === 'refused' ? 'down' : 'copy'} />
      </Button>
      <span role="status" className="only-heard">
        {outcome === 'copied' && `Copied ${what}`}
        {outcome === 'refused' && 'The browser does not let this page copy'}
      </span>
    </>
  )
}
