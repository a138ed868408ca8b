import { FrameDecoder } from '../../runtime/sandbox/frames.ts';
import { createGuest } from '../../runtime/sandbox/guest/evaluate.ts';
import { takePowers } from '../../runtime/sandbox/guest/powers.ts';
import type { CreateScope } from '../../runtime/sandbox/guest/scope.ts';

/** The text of the product's stubs, put here by the bundler. */
declare const STUBS: string;

const FRAME_CAP = 2 ** 30;
const TURN_MS = 2;

/**
 * The product's guest without its perimeter: no lockdown, nothing removed. A program runs in the worker's start
 * realm with Node in reach, as if it had broken out of SES; `rawCall` and `sendFrame` are the host code's own.
 */
const { process, setInterval, eval: evaluate } = globalThis;
const powers = takePowers();
Reflect.set(globalThis, 'isNativeError', Reflect.get(Error, 'isError'));
const createScope = evaluate(STUBS) as CreateScope;

const guest = createGuest(powers, {
  createScope: (spec) => {
    Object.assign(globalThis, { rawCall: spec.call, sendFrame: powers.send });
    return createScope(spec);
  },
  open: (globals) => {
    for (const [name, value] of Object.entries(globals)) {
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
    return evaluate;
  },
  locate: () => '',
});
process.on('unhandledRejection', () => {});
process.on('uncaughtException', () => {});
// By events and not by blocking reads: an attacker's own sockets and timers are to get their turn.
const decoder = new FrameDecoder(FRAME_CAP);
process.stdin.on('data', (chunk: Buffer) => {
  for (const frame of decoder.push(chunk).frames) guest.received(Buffer.from(frame).toString());
});
process.stdin.on('end', () => process.exit(0));
powers.send('{"t":"ready"}');
setInterval(guest.turnEnded, TURN_MS);
