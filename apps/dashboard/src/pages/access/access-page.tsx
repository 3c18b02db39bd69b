/** The frame of the pages on access: who may sign in, which programs may come in, who is told, who is in. */
import type { ReactNode } from 'react'
import { NavLink } from 'react-router'
import { paths } from '../../paths.ts'
import { Page } from '../../ui/page.tsx'
import './access.css'

export interface AccessPageProps {
  readonly title: string
  readonly lead: string
  readonly acts?: ReactNode
  readonly children: ReactNode
}

export function AccessPage({ title, lead, acts, children }: AccessPageProps) {
  return (
    <Page title={title} lead={lead} acts={acts}>
      <nav className="sub-nav" aria-label="Access">
        <NavLink to={paths.operators()}>Operators</NavLink>
        <NavLink to={paths.apiTokens()}>API tokens</NavLink>
        <NavLink to={paths.webhooks()}>Webhooks</NavLink>
        <NavLink to={paths.sessions()}>Sessions</NavLink>
      </nav>
      {children}
    </Page>
  )
}
