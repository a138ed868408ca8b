import type { SoakReport } from './soak.ts';

/** What caches may still take in the second half, as a share and in MB. */
const GROWTH = 1.15;
const ROOM_MB = 10;

/** All that is not as it must be. */
export function findFaults(report: SoakReport, honest: number): readonly string[] {
  const { figures, served, before, halfway, end, after } = report;
  return [
    ...figures.wrong,
    ...(served === honest ? [] : [`${served} of ${honest} honest clients were served`]),
    ...(after.processes.length <= before.processes.length
      ? []
      : [`processes left: ${after.processes.join('; ')}`]),
    ...(after.descriptors <= before.descriptors
      ? []
      : [`${after.descriptors - before.descriptors} descriptors left`]),
    ...(end.heapMb <= halfway.heapMb * GROWTH + ROOM_MB
      ? []
      : [`the heap grew from ${halfway.heapMb} to ${end.heapMb} MB`]),
  ];
}
