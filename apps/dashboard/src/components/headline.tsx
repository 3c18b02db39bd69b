/** How things stand, in one sentence, and whether clients are being answered: level word, icon and colour together. */
import type { ClientsNow, Headline, Server } from '@tandem/api-contract'
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
}

export function HeadlineBanner({ headline, clientsNow, traffic }: HeadlineBannerProps) {
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
      {traffic !== undefined && <Traffic traffic={traffic} />}
    </section>
  )
}

function Traffic({ traffic }: { readonly traffic: Server['traffic'] }) {
  const window = durationWords(traffic.windowSeconds * 1000)
  return (
    <div className="headline-traffic">
      <div className="figure">
        <span className="figure-number">
          <CountText count={traffic.answered} />
        </span>
        <span className="figure-name">answers, last {window}</span>
      </div>
      <div className="figure">
        <span className="figure-number">
          <CountText count={traffic.unanswered} />
        </span>
        <span className="figure-name">unanswered</span>
      </div>
    </div>
  )
}
