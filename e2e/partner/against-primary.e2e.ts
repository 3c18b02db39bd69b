/** The independent partner plays the secondary, rightly and wrongly, against a real primary. */
import { playScenariosAgainst } from './play-scenarios.ts'

playScenariosAgainst('primary', 70)
