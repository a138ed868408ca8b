import type { BackendCall, CallProgress } from '../contract/backend.ts';
import type { OperationId } from '../contract/catalogue.ts';

/** What a backend last reported of a call that goes on. */
export interface ReportedProgress {
  readonly operation: OperationId;
  readonly progress: number;
  readonly total: number | undefined;
  /** Without secrets and personal data; of any length, and with whatever steers a terminal. */
  readonly message: string | undefined;
}

/** Listens to what backends report of the calls of one run. */
export interface ProgressWatch {
  /** From now on they are asked to. */
  begin(): void;
  /**
   * Listens while a call goes on.
   * @param clean takes out of a message what must not leave
   * @param work is given what listens; undefined where nobody watches
   */
  during<Answer>(
    operation: OperationId,
    clean: (message: string) => Promise<string>,
    work: (listen: BackendCall['onProgress']) => Promise<Answer>,
  ): Promise<Answer>;
  /** The last report of all, unless its call is over. Rejects when `clean` does. */
  read(): Promise<ReportedProgress | undefined>;
}

interface WatchedCall {
  readonly operation: OperationId;
  readonly clean: (message: string) => Promise<string>;
  isOver: boolean;
}

/** A backend may report a million times: only the last report is kept, and looked into when somebody asks. */
export function createProgressWatch(): ProgressWatch {
  let isWatched = false;
  let last: { readonly call: WatchedCall; readonly report: CallProgress } | undefined;
  return {
    begin: () => {
      isWatched = true;
    },
    during: async (operation, clean, work) => {
      if (!isWatched) return await work(undefined);
      const call: WatchedCall = { operation, clean, isOver: false };
      try {
        return await work((report) => {
          if (!call.isOver && Number.isFinite(report.progress)) last = { call, report };
        });
      } finally {
        call.isOver = true;
        if (last?.call === call) last = undefined;
      }
    },
    read: async () => {
      if (last === undefined) return undefined;
      const { call, report } = last;
      const message = report.message === undefined ? undefined : await call.clean(report.message);
      if (call.isOver) return undefined;
      const total = Number.isFinite(report.total) ? report.total : undefined;
      return { operation: call.operation, progress: report.progress, total, message };
    },
  };
}
