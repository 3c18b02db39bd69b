/** The rows of the leases table as they are to be drawn now: held or not, and which of them are fresh. */
import type { Lease } from '@tandem/api-contract'
import { useEffect, useRef, useState } from 'react'
import { changedKeys, rowsNow } from './held-rows.ts'
import type { Rows } from './held-rows.ts'

const FRESH_MS = 4000

/** `question` names the filter and page: another one begins anew and highlights nothing. */
export function useLiveRows(
  newest: readonly Lease[],
  question: string,
  held: boolean,
): Rows & { readonly fresh: ReadonlySet<string> } {
  const [shown, setShown] = useState({ question, leases: newest })
  const sameQuestion = shown.question === question
  const rows = rowsNow(shown.leases, newest, held && sameQuestion)
  if (shown.question !== question || (!held && shown.leases !== newest)) setShown({ question, leases: newest })
  return { ...rows, fresh: useFresh(newest, question) }
}

function useFresh(newest: readonly Lease[], question: string): ReadonlySet<string> {
  const last = useRef({ question, leases: newest })
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set())
  useEffect(() => {
    const before = last.current
    last.current = { question, leases: newest }
    if (before.question !== question) return undefined
    const changed = changedKeys(before.leases, newest)
    if (changed.length === 0) return undefined
    setFresh((known) => new Set([...known, ...changed]))
    const timer = setTimeout(() => {
      setFresh((known) => new Set([...known].filter((key) => !changed.includes(key))))
    }, FRESH_MS)
    timers.current.add(timer)
    return undefined
  }, [newest, question])
  const timers = useRef(new Set<ReturnType<typeof setTimeout>>())
  useEffect(() => {
    const running = timers.current
    return () => {
      for (const timer of running) clearTimeout(timer)
    }
  }, [])
  return fresh
}
