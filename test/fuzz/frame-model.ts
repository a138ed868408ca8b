import { FRAME_HEADER_BYTES, type FromWorker } from '../../runtime/contract/guest-protocol.ts';
import type { Limits } from '../../runtime/contract/limits.ts';

/** The frames of a whole stream, read by one who has all of it at hand. */
export function cutFrames(
  bytes: Buffer,
  cap: number,
): { readonly frames: readonly Buffer[]; readonly isViolated: boolean } {
  const frames: Buffer[] = [];
  for (let at = 0; at + FRAME_HEADER_BYTES <= bytes.length; ) {
    const length = bytes.readUInt32LE(at);
    if (length > cap) return { frames, isViolated: true };
    const end = at + FRAME_HEADER_BYTES + length;
    if (end > bytes.length) break;
    frames.push(bytes.subarray(at + FRAME_HEADER_BYTES, end));
    at = end;
  }
  return { frames, isViolated: false };
}

/** How a run must end, by the protocol's own words. `open`: nothing that came has ended it. */
export type ExpectedEnd =
  | 'returned'
  | 'threw'
  | 'RESULT_TOO_LARGE'
  | 'RESULT_NOT_JSON'
  | 'PROTOCOL_VIOLATION'
  | 'open';

/**
 * How a run ends that is sent these frames at once, so that no call is answered in between.
 * @param frames undefined where the bytes are no frame
 */
export function predictEnd(
  frames: readonly (FromWorker | undefined)[],
  run: number,
  limits: Limits,
): ExpectedEnd {
  let last = 0;
  let calls = 0;
  let lines = 0;
  let logBytes = 0;
  for (const frame of frames) {
    if (frame === undefined || frame.t === 'ready' || frame.run > run) return 'PROTOCOL_VIOLATION';
    if (frame.run < run) continue;
    if (frame.t === 'done') return endOf(frame.end);
    // No call waits for a person, so nobody has asked.
    if (frame.t === 'rest') return 'PROTOCOL_VIOLATION';
    if (frame.t === 'calls') {
      for (const { call } of frame.calls) {
        calls += 1;
        if (call <= last || calls > limits.calls) return 'PROTOCOL_VIOLATION';
        last = call;
      }
    } else {
      for (const { text } of frame.lines) {
        lines += 1;
        logBytes += Buffer.byteLength(text);
        if (lines > limits.logLines || logBytes > limits.logBytes) return 'PROTOCOL_VIOLATION';
      }
    }
  }
  return 'open';
}

function endOf(end: Extract<FromWorker, { t: 'done' }>['end']): ExpectedEnd {
  if ('error' in end) return 'threw';
  return 'refused' in end ? end.refused : 'returned';
}
