/** A relationship whose server is handed over for maintenance, and one that is taken back. */
import type { Relationship } from '@tandem/api-contract'
import { notInNormal, permission } from './commands.ts'
import { normal } from './relationships.ts'

export function handedOver(relationship: Relationship, operator: string, reason: string): Relationship {
  const { commands } = relationship
  return {
    ...relationship,
    headline: { level: 'degraded', sentence: 'Degraded — alpha was handed over by ann 0 s ago; beta serves alone.' },
    clientsNow: {
      answered: 'none',
      sentence: 'alpha answers no client until it is taken back; beta was left to serve.',
    },
    answers: 'nobody',
    communicationsOk: false,
    handedOver: { since: new Date().toISOString(), operator, reason },
    commands: {
      ...commands,
      ...notInNormal,
      takeBack: permission('This server looks for its partner, and then serves again.'),
    },
  }
}

export function takenBack(relationship: Relationship): Relationship {
  return { ...normal, name: relationship.name }
}
