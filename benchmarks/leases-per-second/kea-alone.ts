/** One kea-dhcp6 with memfile. */
import type { Contestant } from './contestant.ts'
import { startKea } from './kea-server.ts'

export const keaAlone: Contestant = {
  key: 'kea-alone',
  name: 'kea-dhcp6 alone, memfile',
  async start(link, folder, serves) {
    const { program } = await startKea({ namespace: link.one, folder, serves })
    return {
      processes: [{ name: 'kea-dhcp6', program }],
      // All that an answer asks for is done before it is sent.
      settle: () => Promise.resolve(0),
      stop: async () => void (await program.stop()),
    }
  },
}
