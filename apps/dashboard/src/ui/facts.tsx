/** Names and values, each with a line on what it means where the name alone does not say it. */
import type { ReactNode } from 'react'
import './panels.css'

export interface FactProps {
  readonly name: string
  readonly why?: string | undefined
  readonly children: ReactNode
}

export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="facts">{children}</dl>
}

export function Fact({ name, why, children }: FactProps) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {children}
        {why !== undefined && <span className="fact-why">{why}</span>}
      </dd>
    </>
  )
}
