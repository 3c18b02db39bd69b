/** The frame of a page: its heading takes the focus after a change of page, and the title of the window carries the state. */
import { createContext, useContext, useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { useLocation } from 'react-router'
import './panels.css'

/** What stands before and after the page's own name in the window's title. */
export const PageTitleContext = createContext<{ readonly before: string; readonly after: string }>({
  before: '',
  after: 'Tandem',
})

export interface PageProps {
  readonly title: string
  readonly lead?: ReactNode
  readonly acts?: ReactNode
  readonly children: ReactNode
}

export function usePageTitle(title: string): void {
  const { before, after } = useContext(PageTitleContext)
  useEffect(() => {
    document.title = `${before}${title} – ${after}`
  }, [before, title, after])
}

export function Page({ title, lead, acts, children }: PageProps) {
  usePageTitle(title)
  const heading = useRef<HTMLHeadingElement>(null)
  const { key } = useLocation()
  useEffect(() => {
    // On the first page the browser begins at the top by itself; it has no key of its own.
    if (key !== 'default') heading.current?.focus()
    // Only when the page is entered: another filter in its address leaves the focus where it is.
  }, [])
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead !== undefined && <div className="page-lead">{lead}</div>}
        </div>
        {acts !== undefined && <div className="row">{acts}</div>}
      </div>
      {children}
    </div>
  )
}
