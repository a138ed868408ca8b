import { createGuest } from './evaluate.ts';
import { raisePerimeter } from './perimeter.ts';
import { takePowers } from './powers.ts';
import { Run } from './run.ts';
import type { CreateScope } from './scope.ts';
import { WARM_UP } from './warm-up.ts';

/** The text of `stubs.ts` with what it imports, put here by the bundler; its value is `createScope`. */
declare const STUBS: string;

const powers = takePowers();
const perimeter = raisePerimeter();
// The stubs close over a Compartment's globals, never over this realm's.
const createScope = perimeter.open({ isNativeError: perimeter.isError })(STUBS) as CreateScope;
const realm = { ...perimeter, createScope };
const guest = createGuest(powers, realm);
powers.onRejection(guest.rejected);
void new Run(WARM_UP, { ...powers, send: () => {} }, realm).start();
powers.send('{"t":"ready"}');
powers.loop(guest.received, guest.turnEnded);
