import {
  configureSync,
  getAnsiColorFormatter,
  getLogger,
  getTextFormatter,
  type Logger,
  type LogLevel,
  type LogRecord,
} from '@logtape/logtape';

export const LOG_LEVELS = ['debug', 'info', 'warning', 'error'] as const satisfies readonly LogLevel[];

/**
 * Opens the log: standard error, in colour on a terminal and plain elsewhere. Standard output belongs to the
 * protocol.
 */
export function openLog(level: (typeof LOG_LEVELS)[number]): Logger {
  const format = process.stderr.isTTY
    ? getAnsiColorFormatter({ timestamp: 'time', value: formatValue })
    : getTextFormatter({ timestamp: 'rfc3339', value: formatValue });
  // Nobody may be reading it any more: that is no reason to end.
  process.stderr.on('error', () => undefined);
  const stderr = (record: LogRecord): void => void process.stderr.write(format(record));
  configureSync({
    sinks: { stderr },
    loggers: [
      { category: ['logtape', 'meta'], lowestLevel: 'error', sinks: ['stderr'] },
      { category: 'athena', lowestLevel: level, sinks: ['stderr'] },
    ],
    reset: true,
  });
  return getLogger('athena');
}

/** One line a record, but for the stack of a bug. */
function formatValue(value: unknown): string {
  if (typeof value === 'string') return value;
  return value instanceof Error ? (value.stack ?? value.message) : JSON.stringify(value);
}
