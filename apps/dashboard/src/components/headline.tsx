/** How things stand, in one sentence, and whether clients are being answered: level word, icon and colour together. */
import type { ClientsNow, Headline, Server } from '@tandem/api-contract'
import type { ReactNode } from 'react'
import { Icon } from '../ui/icon.tsx'
import type { IconName } from '../ui/icon.tsx'
import type { Tone } from '../ui/notice.tsx'
import { durationWords } from '../ui/time-words.ts'
import { CountText } from './count.tsx'
import './headline.css'

export const levelWords: Readonly<Record<Headline['level'], string>> = {
  ok: 'OK',
  degraded: 'Degraded',
  'at-risk': 'At risk',
  down: 'Down',
}

/** The server begins its sentence with the level word; the page sets it apart. */
export function sentenceWithoutLevel({ level, sentence }: Headline): string {
  const prefix = `${levelWords[level]} — `
  return sentence.startsWith(prefix) ? sentence.slice(prefix.length) : sentence
}

const clientsLook: Readonly<Record<ClientsNow['answered'], { readonly tone: Tone; readonly icon: IconName }>> = {
  all: { tone: 'ok', icon: 'ok' },
  some: { tone: 'accent', icon: 'information' },
  none: { tone: 'down', icon: 'down' },
}

export interface HeadlineBannerProps {
  readonly headline: Headline
  readonly clientsNow: ClientsNow
  readonly traffic?: Server['traffic']
  /** Addresses and prefixes that clients hold now. */
  readonly leased?: string | undefined
  /** How the answers were lately, drawn. */
  readonly trend?: ReactNode
}

export function HeadlineBanner({ headline, clientsNow, traffic, leased, trend }: HeadlineBannerProps) {
  const { tone, icon } = clientsLook[clientsNow.answered]
  return (
    <section className={`headline tone-${headline.level}`} aria-label="How things stand">
      <Icon name={headline.level} />
      <div>
        <p className="headline-sentence">
          <span className="headline-level">{levelWords[headline.level]}</span> — {sentenceWithoutLevel(headline)}
        </p>
        <p className={`headline-clients tone-${tone}`}>
          <Icon name={icon} />
          <span>
            <span className="only-heard">Are clients being answered? </span>
            {clientsNow.sentence}
          </span>
        </p>
      </div>
      {traffic !== undefined && <Figures traffic={traffic} leased={leased} trend={trend} />}
    </section>
  )
}

interface FiguresProps {
  readonly traffic: Server['traffic']
  readonly leased: string | undefined
  readonly trend: ReactNode
}

function Figures({ traffic, leased, trend }: FiguresProps) {
  const window = durationWords(traffic.windowSeconds * 1000)
  return (
    <div className="headline-traffic">
      {leased !== undefined && <Figure count={leased} name="leased now" />}
      <Figure count={traffic.answered} name={`answers, last ${window}`} trend={trend} />
      <Figure count={traffic.unanswered} name="unanswered" />
    </div>
  )
}

interface FigureProps {
  readonly count: string
  readonly name: string
  readonly trend?: ReactNode
}

function Figure({ count, name, trend }: FigureProps) {
  return (
    <div className="figure">
      <span className="figure-number">
        <CountText count={count} />
        {trend}
      </span>
      <span className="figure-name">{name}</span>
    </div>
  )
}
