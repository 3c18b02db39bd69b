/** Holds rows in place, and lets them go on. */
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import type { Hold } from './use-hold.ts'

export function HoldButton({ hold: { isPaused, pause } }: { readonly hold: Hold }) {
  return (
    <Button size="small" aria-pressed={isPaused} onPress={() => pause(!isPaused)}>
      <Icon name={isPaused ? 'play' : 'pause'} />
      {isPaused ? 'Go on' : 'Hold rows'}
    </Button>
  )
}
