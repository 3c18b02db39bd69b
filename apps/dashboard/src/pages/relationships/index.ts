/** The pages of relationships, read together. */
export { RelationshipPage } from './relationship-page.tsx'
export { RelationshipsPage } from './relationships-page.tsx'
export { TimelinePage } from './timeline/timeline-page.tsx'
