/** Light, dark, or as the operating system has it; kept in this browser and applied by /theme.js before the first paint. */
import { useState } from 'react'
import { Icon } from './icon.tsx'
import type { IconName } from './icon.tsx'
import './controls.css'

const themes = [
  { theme: 'system', icon: 'screen', label: 'Follow the system' },
  { theme: 'light', icon: 'sun', label: 'Light' },
  { theme: 'dark', icon: 'moon', label: 'Dark' },
] as const satisfies readonly { readonly theme: string; readonly icon: IconName; readonly label: string }[]

type Theme = (typeof themes)[number]['theme']

const KEY = 'tandem-theme'

function chosenTheme(): Theme {
  const chosen = document.documentElement.dataset['theme']
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system'
}

function choose(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
  try {
    if (theme === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, theme)
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

export function ThemeChoice() {
  const [current, setCurrent] = useState(chosenTheme)
  return (
    <div className="choice" role="group" aria-label="Theme">
      {themes.map(({ theme, icon, label }) => (
        <button
          key={theme}
          type="button"
          aria-pressed={theme === current}
          aria-label={label}
          title={label}
          onClick={() => {
            choose(theme)
            setCurrent(theme)
          }}
        >
          <Icon name={icon} />
        </button>
      ))}
    </div>
  )
}
