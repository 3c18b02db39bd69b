/** The frame around every page of who is signed in: which server this is, how fresh the page is, where one can go. */
import { roleMay } from '@tandem/api-contract'
import type { Session } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Navigate, NavLink, Outlet, useLocation } from 'react-router'
import { LiveProvider, useLive } from '../../api/live.tsx'
import { relationshipsQuery, serverQuery, sessionQuery } from '../../api/queries.ts'
import { levelWords } from '../../components/headline.tsx'
import { PartnerConsoleLink } from '../../features/open-partner-console/partner-console-link.tsx'
import { Answer } from '../../features/show-answer/answer.tsx'
import { ShortcutsButton } from '../../features/shortcuts/shortcuts-button.tsx'
import { SignOutButton } from '../../features/sign-out/sign-out-button.tsx'
import { paths } from '../../paths.ts'
import { setServerTime } from '../../ui/clock.ts'
import { Icon } from '../../ui/icon.tsx'
import type { IconName } from '../../ui/icon.tsx'
import { Logo } from '../../ui/logo.tsx'
import { PageTitleContext } from '../../ui/page.tsx'
import { ThemeChoice } from '../../ui/theme-choice.tsx'
import { OwnPasswordDoor } from './own-password-door.tsx'
import { LiveMark, StaleBanner, useIsStale } from './freshness.tsx'
import { PrintedHead } from './printed-head.tsx'
import { SessionEndBanner } from './session-end-banner.tsx'
import { ServiceAnnouncer } from './service-announcer.tsx'
import './app-shell.css'

/** Nobody passes without a session. */
export function SignedInShell() {
  const session = useQuery(sessionQuery)
  const { pathname, search } = useLocation()
  return (
    <Answer to={session} what="your session">
      {(known) =>
        known === null ? (
          <Navigate to={`${paths.signIn()}?to=${encodeURIComponent(pathname + search)}`} replace />
        ) : known.passwordIsTemporary ? (
          <OwnPasswordDoor session={known} />
        ) : (
          <LiveProvider onServerTime={setServerTime}>
            <Shell session={known} />
          </LiveProvider>
        )
      }
    </Answer>
  )
}

function Shell({ session }: { readonly session: Session }) {
  const server = useQuery(serverQuery)
  const stale = useIsStale()
  const level = server.data?.headline.level
  const title = useMemo(
    () => ({
      before: stale ? '⚠ Stale – ' : level === undefined || level === 'ok' ? '' : `⚠ ${levelWords[level]} – `,
      after: `${session.serverName} – Tandem`,
    }),
    [stale, level, session.serverName],
  )
  return (
    <PageTitleContext value={title}>
      <div className="shell">
        <a className="skip button" href="#content">
          Skip to the content
        </a>
        <Bar session={session} />
        <Navigation session={session} />
        <main id="content" className="shell-main" tabIndex={-1} data-stale={stale ? '' : undefined}>
          <PrintedHead serverName={session.serverName} />
          <StaleBanner server={server.data} />
          <SessionEndBanner session={session} />
          <Outlet context={session} />
        </main>
        <ServiceAnnouncer headline={server.data?.headline} />
      </div>
    </PageTitleContext>
  )
}

function Bar({ session }: { readonly session: Session }) {
  const relationships = useQuery(relationshipsQuery)
  const { status } = useLive()
  const others = new Map(
    relationships.data?.flatMap(({ name, partnerName, partnerConsoleUrl }) =>
      partnerConsoleUrl === null ? [] : [[partnerName, { relationship: name, url: partnerConsoleUrl }] as const],
    ),
  )
  return (
    <header className="shell-bar">
      <NavLink to={paths.overview()} className="shell-brand">
        <Logo name="Tandem" />
        <span aria-hidden>Tandem</span>
      </NavLink>
      <div className="shell-here">
        <span>
          This console is <strong>{session.serverName}</strong>
        </span>
        {[...others].map(([name, to]) => (
          <PartnerConsoleLink key={name} partnerName={name} {...to} />
        ))}
      </div>
      <div className="shell-end">
        <LiveMark status={status} />
        <ShortcutsButton role={session.operator.role} />
        <ThemeChoice />
        <NavLink to={paths.account()} className="small" title="Your account">
          <span className="only-heard">Your account: </span>
          {session.operator.name} <span className="muted shell-role">· {session.operator.role}</span>
        </NavLink>
        <SignOutButton />
      </div>
    </header>
  )
}

function Navigation({ session }: { readonly session: Session }) {
  return (
    <nav className="shell-nav" aria-label="Pages">
      <ul>
        <Place to={paths.overview()} icon="overview" name="Overview" end />
        <Place to={paths.leases()} icon="leases" name="Leases" />
        <Place to={paths.pools()} icon="pools" name="Pools" />
        <Place to={paths.relationships()} icon="linked" name="Relationships" />
        <Place to={paths.decisions()} icon="decisions" name="Decisions" />
        <Place to={paths.checks()} icon="done" name="Checks" />
        {roleMay(session.operator.role, 'operators.manage') && (
          <Place to={paths.operators()} within={paths.access()} icon="people" name="Access" />
        )}
        {roleMay(session.operator.role, 'audit.read') && <Place to={paths.audit()} icon="audit" name="Audit" />}
        <li>
          <a href={paths.apiDocumentation()}>
            <Icon name="book" />
            API
          </a>
        </li>
      </ul>
    </nav>
  )
}

interface PlaceProps {
  readonly to: string
  readonly icon: IconName
  readonly name: string
  readonly end?: boolean
  /** Where it stands for several pages: what their paths begin with. */
  readonly within?: string
}

function Place({ to, icon, name, end = false, within }: PlaceProps) {
  const { pathname } = useLocation()
  const isWithin = within !== undefined && pathname.startsWith(within)
  return (
    <li>
      <NavLink to={to} end={end} {...(isWithin ? { 'aria-current': 'page' } : {})}>
        <Icon name={icon} />
        {name}
      </NavLink>
    </li>
  )
}
