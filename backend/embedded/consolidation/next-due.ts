export type Frequency = 'hourly' | 'daily' | 'weekly' | 'monthly';

/**
 * The first moment after `now` at which a schedule falls due, in ms since the epoch.
 * @param timeOfDay HH:MM in UTC; an hourly schedule goes by its minutes
 */
export function nextDue(frequency: Frequency, timeOfDay: string, now: number): number {
  const [hours = 0, minutes = 0] = timeOfDay.split(':').map(Number);
  const date = new Date(now);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const at = (step: number): number => {
    switch (frequency) {
      case 'hourly':
        return Date.UTC(year, month, day, date.getUTCHours() + step, minutes);
      case 'daily':
        return Date.UTC(year, month, day + step, hours, minutes);
      case 'weekly': {
        const monday = day - ((date.getUTCDay() + 6) % 7);
        return Date.UTC(year, month, monday + 7 * step, hours, minutes);
      }
      case 'monthly':
        return Date.UTC(year, month + step, 1, hours, minutes);
      default:
        return frequency satisfies never;
    }
  };
  const first = at(0);
  return first > now ? first : at(1);
}
