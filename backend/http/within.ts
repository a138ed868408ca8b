/** Whether an address is a base address, or below it. Whatever else it names, it brings no credentials. */
export function isWithin(url: URL, base: URL): boolean {
  const path = basePathOf(base);
  const isBelow = url.pathname === path || url.pathname.startsWith(`${path}/`);
  return url.origin === base.origin && isBelow && url.username === '' && url.password === '';
}

/** Without the slash at its end. */
export function basePathOf({ pathname }: URL): string {
  return pathname.replace(/\/+$/, '');
}

/** An address as messages and the log have it: its query may hold a key. */
export function shownAddress({ origin, pathname }: URL): string {
  return `${origin}${pathname}`.slice(0, 200);
}
