/** Where released outputs go: what the driver asks of the adapters. */
import type {
  CommandResult,
  DialStream,
  SecureStream,
  SendDatagram,
  SendFrame,
  CloseStream,
  Notice,
} from '@tandem/engine'

export interface Outlets {
  sendDatagram(output: SendDatagram): void
  dial(output: DialStream): void
  secure(output: SecureStream): void
  sendFrame(output: SendFrame): void
  closeStream(output: CloseStream): void
  /** At once and without `stream-closed`: the engine learns of it by the gap in time. */
  closeAllStreams(reason: string): void
  answerCommand(commandId: string, result: CommandResult): void
  tell(commitNumber: number, notices: readonly Notice[]): void
}
