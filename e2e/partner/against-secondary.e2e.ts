/** The independent partner plays the primary, rightly and wrongly, against a real secondary. */
import { playScenariosAgainst } from './play-scenarios.ts'

playScenariosAgainst('secondary', 70)
