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
    ? getAnsiColorFormatter({ timestamp: 'time' })
    : getTextFormatter({ timestamp: 'rfc3339' });
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
