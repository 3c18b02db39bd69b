/** A remark that must not be missed: icon, words and colour. */
import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'
import type { IconName } from './icon.tsx'
import './panels.css'

export type Tone = 'ok' | 'degraded' | 'at-risk' | 'down' | 'idle' | 'accent'

export interface NoticeProps {
  readonly tone: Tone
  readonly icon?: IconName
  /** `alert` interrupts a screen reader, `status` waits. */
  readonly role?: 'alert' | 'status'
  readonly children: ReactNode
}

const usual: Readonly<Record<Tone, IconName>> = {
  ok: 'ok',
  degraded: 'degraded',
  'at-risk': 'at-risk',
  down: 'down',
  idle: 'information',
  accent: 'information',
}

export function Notice({ tone, icon = usual[tone], role, children }: NoticeProps) {
  return (
    <div className={`notice tone-${tone}`} role={role}>
      <Icon name={icon} />
      <div className="notice-text">{children}</div>
    </div>
  )
}

export function Badge({ tone, icon, told = false, title, children }: BadgeProps) {
  return (
    <span className={`badge tone-${tone}${told ? ' badge-told' : ''}`} title={title}>
      <Icon name={icon ?? usual[tone]} />
      {children}
    </span>
  )
}

export interface BadgeProps {
  readonly tone: Tone
  readonly icon?: IconName
  /** Second-hand: what the partner last said. */
  readonly told?: boolean
  readonly title?: string
  readonly children: ReactNode
}
