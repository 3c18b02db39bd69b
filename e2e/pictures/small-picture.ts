/** A picture as WebP without loss, which is half of the PNG. Chromium's own WebP without loss is larger than its PNG. */
import { execFileSync } from 'node:child_process'

/** Of 9; what follows takes four times as long for a few octets less. */
const EFFORT = '6'

export function smallPicture(png: Buffer): Buffer {
  return execFileSync('cwebp', ['-quiet', '-lossless', '-z', EFFORT, '-o', '-', '--', '-'], { input: png })
}
