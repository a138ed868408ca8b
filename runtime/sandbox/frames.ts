import { FRAME_HEADER_BYTES } from '../contract/guest-protocol.ts';

/** What a decoder says of one chunk: the frames it completed, and whether the stream has gone wrong. */
export interface Decoded {
  readonly frames: readonly Uint8Array[];
  /** Set once a frame announces more bytes than the cap; nothing after it is read. */
  readonly violation?: string;
}

/** A frame of which a part has come. */
interface Part {
  readonly bytes: Uint8Array;
  filled: number;
}

/**
 * Cuts a byte stream into frames. Never throws, whatever the bytes are. The announced length is checked
 * before anything is kept, and however small the pieces, no more is kept than the frame itself.
 */
export class FrameDecoder {
  readonly #cap: number;
  #header: Part = emptyHeader();
  #body: Part | undefined;
  #violation: string | undefined;

  /** @param cap the most bytes that one frame may announce */
  constructor(cap: number) {
    this.#cap = cap;
  }

  push(chunk: Uint8Array): Decoded {
    const frames: Uint8Array[] = [];
    let rest = chunk;
    while (rest.length > 0 && this.#violation === undefined) {
      rest = this.#body === undefined ? this.#readHeader(rest) : fill(this.#body, rest);
      // A frame may be empty, so this is asked even when nothing is left to read.
      if (this.#body !== undefined && this.#body.filled === this.#body.bytes.length) {
        frames.push(this.#body.bytes);
        this.#body = undefined;
      }
    }
    return this.#violation === undefined ? { frames } : { frames, violation: this.#violation };
  }

  #readHeader(chunk: Uint8Array): Uint8Array {
    const rest = fill(this.#header, chunk);
    if (this.#header.filled < FRAME_HEADER_BYTES) return rest;
    const length = new DataView(this.#header.bytes.buffer).getUint32(0, true);
    this.#header = emptyHeader();
    if (length > this.#cap) this.#violation = `a frame of ${length} bytes, where ${this.#cap} is the limit`;
    // The memory of a large frame costs nothing before bytes have come to fill it.
    else this.#body = { bytes: new Uint8Array(length), filled: 0 };
    return rest;
  }
}

/** Makes one frame of a text. */
export function encodeFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + length);
  frame.writeUInt32LE(length, 0);
  frame.write(text, FRAME_HEADER_BYTES);
  return frame;
}

function emptyHeader(): Part {
  return { bytes: new Uint8Array(FRAME_HEADER_BYTES), filled: 0 };
}

/** Copies what fits, and returns the rest. */
function fill(part: Part, chunk: Uint8Array): Uint8Array {
  const taken = Math.min(part.bytes.length - part.filled, chunk.length);
  part.bytes.set(chunk.subarray(0, taken), part.filled);
  part.filled += taken;
  return chunk.subarray(taken);
}
