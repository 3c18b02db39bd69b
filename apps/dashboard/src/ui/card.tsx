/** A titled part of a page. */
import { useId } from 'react'
import type { ReactNode } from 'react'
import './panels.css'

export interface CardProps {
  readonly title: string
  /** Beside the title, at the end of the line. */
  readonly aside?: ReactNode
  readonly children: ReactNode
  /** Tables reach the edges of the card. */
  readonly bare?: boolean
}

export function Card({ title, aside, children, bare = false }: CardProps) {
  const id = useId()
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {bare ? children : <div className="card-body">{children}</div>}
    </section>
  )
}
