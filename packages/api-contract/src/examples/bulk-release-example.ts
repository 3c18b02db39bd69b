/** A bulk release under way, and the preview that it was decided on, as examples of what the API answers. */
import type { BulkRelease, BulkReleasePreview } from '../resources/bulk-releases.ts'

export const bulkReleasePreviewExample: BulkReleasePreview = {
  found: { count: '431', exact: true },
  active: { count: '412', exact: true },
  releasable: '409',
  refused: [{ refusal: 'client-just-heard', count: '3' }],
  at: '2026-11-27T02:59:41.007Z',
  asOf: '9071223-1795748381007',
}

export const bulkReleaseExample: BulkRelease = {
  id: '5b0f6f3c1c0e4a7d9b8a2f4e6d7c8b9a',
  state: 'running',
  filter: { subnet: 'offices', relay: 'port-7/' },
  reason: 'the switch on floor 7 is gone',
  startedBy: 'ada',
  startedAt: '2026-11-27T03:00:02.120Z',
  endedBy: null,
  endedAt: null,
  problem: null,
  leases: '412',
  released: '160',
  refused: [
    { refusal: 'client-just-heard', count: '3' },
    { refusal: 'changed-since-preview', count: '2' },
  ],
  left: '247',
}
