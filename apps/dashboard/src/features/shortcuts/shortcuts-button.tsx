/** The keys of the console: `?` or a button shows them, and there they can be switched off (WCAG 2.2, 2.1.4). */
import type { Role } from '@tandem/api-contract'
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { paths } from '../../paths.ts'
import { AlertDialog } from '../../ui/alert-dialog.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { shortcutOf, shortcutsFor } from './shortcuts.ts'
import type { Pressed, Shortcut } from './shortcuts.ts'
import './shortcuts.css'

const KEY = 'tandem-shortcuts'

export function ShortcutsButton({ role }: { readonly role: Role }) {
  const [isShown, show] = useState(false)
  const [areOn, switchOn] = useState(wereOn)
  const shortcuts = useMemo(() => shortcutsFor(role), [role])
  useShortcuts(areOn ? shortcuts : [], () => show(true))
  return (
    <>
      <Button size="icon" aria-label="Keyboard shortcuts" onPress={() => show(true)}>
        <Icon name="keyboard" />
      </Button>
      {isShown && (
        <AlertDialog title="Keyboard shortcuts" icon="keyboard" role="dialog" close={() => show(false)}>
          <div className="dialog-body">
            <table className="table shortcuts-table">
              <thead className="only-heard">
                <tr>
                  <th scope="col">Keys</th>
                  <th scope="col">What they do</th>
                </tr>
              </thead>
              <tbody>
                {shortcuts.map(({ keys, name }) => (
                  <tr key={keys.join(' ')}>
                    <th scope="row">
                      {keys.map((key, at) => (
                        <span key={key}>
                          {at > 0 && ' then '}
                          <kbd>{key}</kbd>
                        </span>
                      ))}
                    </th>
                    <td>{name}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            <label className="shortcuts-switch">
              <input
                type="checkbox"
                checked={areOn}
                onChange={({ target }) => {
                  keep(target.checked)
                  switchOn(target.checked)
                }}
              />{' '}
              Use them in this browser
            </label>
          </div>
          <div className="dialog-acts">
            <Button autoFocus onPress={() => show(false)}>
              Close
            </Button>
          </div>
        </AlertDialog>
      )}
    </>
  )
}

function useShortcuts(shortcuts: readonly Shortcut[], help: () => void): void {
  const before = useRef<Pressed | undefined>(undefined)
  const navigate = useNavigate()
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isForSomethingElse(event.target))
      return
    const pressed = { key: event.key, atMs: event.timeStamp }
    const found = shortcutOf(shortcuts, before.current, pressed)
    before.current = found === 'waiting' ? pressed : undefined
    if (found === undefined || found === 'waiting') return
    event.preventDefault()
    if (found.act.kind === 'help') help()
    else if (found.act.kind === 'go') void navigate(found.act.to)
    else if (!focusSearch()) void navigate(paths.leases())
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => press(event)
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}

/** Whoever types means letters, and an open dialog has the keys to itself. */
function isForSomethingElse(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"], [role="alertdialog"]') !== null) return true
  return target instanceof Element && target.closest('input, select, textarea, [contenteditable="true"]') !== null
}

function focusSearch(): boolean {
  const field = document.querySelector<HTMLElement>('[role="search"] input, [role="search"] select')
  field?.focus()
  return field !== null
}

function wereOn(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off'
  } catch {
    return true
  }
}

function keep(areOn: boolean): void {
  try {
    if (areOn) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, 'off')
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}
