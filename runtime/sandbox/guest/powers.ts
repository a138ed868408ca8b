import { readSync, writeSync } from 'node:fs';
import { FRAME_HEADER_BYTES } from '../../contract/guest-protocol.ts';

/** What the guest's host code may do. All of it is captured before anything else runs. */
export interface Powers {
  /** The name that programs reach operations by: `athena`. */
  readonly roots: readonly string[];
  /** Sends one frame and returns once the pipe has taken it. */
  readonly send: (text: string) => void;
  readonly byteLength: (text: string) => number;
  /** Hands every rejection that nobody handled to `listener`. */
  readonly onRejection: (listener: (reason: unknown) => void) => void;
  /**
   * Reads frames for ever, one in each turn of the event loop, and calls `turnEnded` once the microtasks of a
   * turn have run out. The read blocks: nothing but a frame from the parent can wake this process.
   */
  readonly loop: (received: (text: string) => void, turnEnded: () => void) => void;
}

const STDIN = 0;
const STDOUT = 1;

/** Captures Node's powers. The only code of the guest that touches Node. */
export function takePowers(): Powers {
  const { setImmediate, Buffer, process } = globalThis;
  const exit = process.exit.bind(process);

  const send = (text: string): void => {
    const length = Buffer.byteLength(text);
    const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + length);
    frame.writeUInt32LE(length, 0);
    frame.write(text, FRAME_HEADER_BYTES);
    for (let sent = 0; sent < frame.length; ) sent += writeSync(STDOUT, frame, sent);
  };

  const fill = (buffer: Buffer): Buffer => {
    for (let filled = 0; filled < buffer.length; ) {
      const bytes = readSync(STDIN, buffer, { offset: filled });
      // The parent is gone.
      if (bytes === 0) exit(0);
      filled += bytes;
    }
    return buffer;
  };
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  const receive = (): string => fill(Buffer.allocUnsafe(fill(header).readUInt32LE(0))).toString();

  return {
    roots: (process.argv[1] ?? '').split(','),
    send,
    byteLength: (text) => Buffer.byteLength(text),
    onRejection: (listener) => {
      process.on('unhandledRejection', listener);
    },
    loop: (received, turnEnded) => {
      const turn = (): void => {
        turnEnded();
        const frame = receive();
        setImmediate(turn);
        received(frame);
      };
      setImmediate(turn);
    },
  };
}
