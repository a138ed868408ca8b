/** A `Date` whose present is told from outside. */
export interface Clock {
  readonly Date: DateConstructor;
  readonly advance: (now: number) => void;
}

/** Creates a `Date` that stands still at `start` (ms since the epoch) until it is advanced. */
export function createClock(start: number): Clock {
  let now = start;
  const Base = globalThis.Date;
  function ProgramDate(...args: readonly unknown[]): unknown {
    if (new.target === undefined) return new Base(now).toString();
    return Reflect.construct(Base, args.length === 0 ? [now] : args, new.target);
  }
  Object.defineProperties(ProgramDate, {
    name: { value: 'Date' },
    length: { value: 7 },
    prototype: { value: Base.prototype, writable: false },
    now: { value: Object.freeze(() => now) },
    parse: { value: Base.parse },
    UTC: { value: Base.UTC },
  });
  return {
    Date: Object.freeze(ProgramDate) as unknown as DateConstructor,
    advance: (later) => {
      now = later;
    },
  };
}
