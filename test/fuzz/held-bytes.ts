import { setFlagsFromString } from 'node:v8';
import vm from 'node:vm';
import { FRAME_HEADER_BYTES } from '../../runtime/contract/guest-protocol.ts';
import type { Decoder } from './frames.ts';

const CAP = 1024 * 1024;
const DECODERS = 8;
/** A decoder's own objects, and what the measurement itself leaves behind. */
const SLACK = 64 * 1024;
const PIECE = 4_096;
const BEYOND = 4;

/**
 * Measures what decoders hold that were sent all of a large frame but its last byte, in small pieces of large
 * buffers, or far more bytes than the cap allows. Answers what is wrong with it, if anything is.
 */
export function findHoarding(Decoder: Decoder): string | undefined {
  try {
    return measure(Decoder);
  } catch (error) {
    return `it threw ${error}`;
  }
}

function measure(Decoder: Decoder): string | undefined {
  for (const [what, announced, sent] of [
    ['a frame that never ends', CAP, CAP - 1],
    ['a frame beyond the cap', 2 ** 32 - 1, BEYOND * CAP],
  ] as const) {
    const before = heldBytes();
    const decoders = Array.from({ length: DECODERS }, () => fill(new Decoder(CAP), announced, sent));
    const each = Math.round((heldBytes() - before) / decoders.length);
    const allowed = CAP + FRAME_HEADER_BYTES + SLACK;
    if (each > allowed) return `of ${what} a decoder holds ${each} bytes, where ${allowed} are allowed`;
  }
  return undefined;
}

function fill(decoder: InstanceType<Decoder>, announced: number, sent: number): InstanceType<Decoder> {
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  header.writeUInt32LE(announced);
  // Byte by byte, as the least that can arrive.
  for (let at = 0; at < header.length; at += 1) decoder.push(header.subarray(at, at + 1));
  for (let left = sent; left > 0; left -= PIECE) {
    decoder.push(Buffer.alloc(4 * PIECE, 0xff).subarray(0, Math.min(left, PIECE)));
  }
  return decoder;
}

/** What is reachable: in the heap, and outside of it. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = vm.runInNewContext('gc');
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
