/** The console's icons, drawn here: shapes differ, so that no meaning rests on colour alone. */
import type { ReactNode } from 'react'

const drawings = {
  ok: (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="m8 12.4 2.8 2.8L16.2 9.6" />
    </>
  ),
  degraded: (
    <>
      <path d="M12 3.6 21.4 20H2.6Z" />
      <path d="M12 10v4.2M12 17v.1" />
    </>
  ),
  'at-risk': (
    <>
      <path d="M12 2.6 21.4 12 12 21.4 2.6 12Z" />
      <path d="M12 7.6v5.2M12 16v.1" />
    </>
  ),
  down: (
    <>
      <path d="M8.2 3h7.6L21 8.2v7.6L15.8 21H8.2L3 15.8V8.2Z" />
      <path d="m9 9 6 6M15 9l-6 6" />
    </>
  ),
  idle: (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="M8 12h8" />
    </>
  ),
  waiting: (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="M12 7v5.4l3.4 2" />
    </>
  ),
  information: (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="M12 11v5.4M12 7.6v.1" />
    </>
  ),
  linked: (
    <path d="M9.5 14.5 14.5 9.5M8 11l-2.6 2.6a3.7 3.7 0 0 0 5.2 5.2L13 16.4M11 7.6l2.4-2.4a3.7 3.7 0 0 1 5.2 5.2L16 13" />
  ),
  unlinked: (
    <path d="M8 11l-2.6 2.6a3.7 3.7 0 0 0 5.2 5.2L13 16.4M11 7.6l2.4-2.4a3.7 3.7 0 0 1 5.2 5.2L16 13M4 4l16 16" />
  ),
  lock: (
    <>
      <rect x="5" y="11" width="14" height="9" rx="2" />
      <path d="M8 11V8a4 4 0 0 1 8 0v3" />
    </>
  ),
  unlocked: (
    <>
      <rect x="5" y="11" width="14" height="9" rx="2" />
      <path d="M8 11V8a4 4 0 0 1 7.6-1.7" />
    </>
  ),
  copy: (
    <>
      <rect x="9" y="9" width="11" height="11" rx="2" />
      <path d="M5.5 15H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1h9a1 1 0 0 1 1 1v.5" />
    </>
  ),
  done: <path d="m5 12.6 4.4 4.4L19 7.4" />,
  out: <path d="M14 5h5v5M19 5l-8.5 8.5M17 14v4a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1h4" />,
  download: <path d="M12 4v10.5M7.5 10.5 12 15l4.5-4.5M5 19.5h14" />,
  keyboard: (
    <>
      <rect x="3" y="6" width="18" height="12" rx="2" />
      <path d="M7 10h.1M11 10h.1M15 10h.1M17.5 10h.1M8.5 14.5h7" />
    </>
  ),
  forward: <path d="M5 12h14M13 6l6 6-6 6" />,
  pause: <path d="M8.5 5v14M15.5 5v14" />,
  play: <path d="M8 5.5v13l10.5-6.5Z" />,
  search: (
    <>
      <circle cx="11" cy="11" r="6.4" />
      <path d="m16 16 4.4 4.4" />
    </>
  ),
  sun: (
    <>
      <circle cx="12" cy="12" r="4.2" />
      <path d="M12 2.6v2M12 19.4v2M2.6 12h2M19.4 12h2M5.4 5.4l1.4 1.4M17.2 17.2l1.4 1.4M5.4 18.6l1.4-1.4M17.2 6.8l1.4-1.4" />
    </>
  ),
  moon: <path d="M19.6 14.6A8 8 0 0 1 9.4 4.4a8 8 0 1 0 10.2 10.2Z" />,
  screen: (
    <>
      <rect x="3.5" y="5" width="17" height="11.5" rx="1.6" />
      <path d="M9 20h6M12 16.5V20" />
    </>
  ),
  overview: <path d="M4 13h6V4H4ZM14 20h6v-9h-6ZM4 20h6v-3H4ZM14 7h6V4h-6Z" />,
  leases: <path d="M8.5 6H20M8.5 12H20M8.5 18H20M4 6h.1M4 12h.1M4 18h.1" />,
  pools: <path d="M4 19.5h16M6.5 16V9M12 16V4.5M17.5 16v-4" />,
  audit: (
    <path d="M7 3.5h7.5L19 8v12a.9.9 0 0 1-1 .9H7a.9.9 0 0 1-1-.9V4.4a.9.9 0 0 1 1-.9ZM9.5 12h6M9.5 16h6M9.5 8h2" />
  ),
  people: (
    <>
      <circle cx="9.5" cy="8.5" r="3.6" />
      <path d="M3 20a6.5 6.5 0 0 1 13 0M15.4 5.2a3.6 3.6 0 0 1 0 6.6M17.6 14.4A6.5 6.5 0 0 1 21 20" />
    </>
  ),
  key: (
    <>
      <circle cx="8" cy="15" r="4.4" />
      <path d="m11.2 11.8 8.3-8.3M16 7l3 3M13.2 9.8l2 2" />
    </>
  ),
  decisions: <path d="M12 20.5v-7.8L6 6.5M12 12.7l6-6.2M5 10.5V5.5h5M14 5.5h5v5" />,
  book: <path d="M5 19V5.6A1.6 1.6 0 0 1 6.6 4H19v13H6.7A1.7 1.7 0 0 0 5 18.7 1.8 1.8 0 0 0 6.7 20.5H19V17" />,
} as const satisfies Record<string, ReactNode>

export type IconName = keyof typeof drawings

/** Beside words it says nothing of its own; alone it needs a label. */
export function Icon({ name, label }: { readonly name: IconName; readonly label?: string }) {
  const heard = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label }
  return (
    <svg
      {...heard}
      className="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {drawings[name]}
    </svg>
  )
}
