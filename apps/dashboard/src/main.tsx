/** Starts the console. */
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createBrowserRouter, RouterProvider } from 'react-router'
import * as z from 'zod'
import { createQueryClient } from './api/query-client.ts'
import { serverQuery } from './api/queries.ts'
import { fetchPagesForEmergencies, routes } from './routes.tsx'
import { setServerTime } from './ui/clock.ts'
import './ui/tokens.css'
import './ui/base.css'
import './ui/print.css'

// Compiled schemas would need eval, which the content security policy refuses.
z.config({ jitless: true })

/** By then the first screen has what it needs. */
const PAGES_AFTER_MS = 2000

const cache = createQueryClient()
cache.getQueryCache().subscribe(({ type }) => {
  const server = type === 'updated' ? cache.getQueryData(serverQuery.queryKey) : undefined
  if (server !== undefined) setServerTime(server.now)
})
const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no place for the console')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={cache}>
      <RouterProvider router={createBrowserRouter(routes)} />
    </QueryClientProvider>
  </StrictMode>,
)
setTimeout(fetchPagesForEmergencies, PAGES_AFTER_MS)
