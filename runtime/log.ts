import {
  configureSync,
  getAnsiColorFormatter,
  getLogger,
  getTextFormatter,
  type Logger,
  type LogLevel,
  type LogRecord,
} from '@logtape/logtape';
import { escapeLines } from './filter/escape-line.ts';

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

/**
 * One line a record. The lines of a message that has several, such as the stack of a bug, are indented: what a
 * worker, a backend or a program said can neither pass for a record of its own nor steer the terminal.
 */
function formatValue(value: unknown): string {
  return escapeLines(describe(value)).replaceAll('\n', '\n    ');
}

function describe(value: unknown): string {
  if (typeof value === 'string') return value;
  return value instanceof Error ? (value.stack ?? value.message) : (JSON.stringify(value) ?? String(value));
}
