import { CONFINEMENT_LEVELS, type ConfinementLayer, type ConfinementLevel } from '../contract/confinement.ts';
import { type Finding, SIGNAL_POWER } from './event.ts';
import { NAMESPACES, type Namespace, type ProcessFacts } from './inspect-process.ts';

const NAMESPACE_NAMES: Readonly<Record<Namespace, string>> = {
  user: 'user namespace',
  net: 'network namespace',
  pid: 'process namespace',
  ipc: 'IPC namespace',
};

/** What a new worker may still do to the system, by the names of its limits and the values that confine it. */
const ZERO_LIMITS = ['Max file size', 'Max core file size'];
const NO_CAPABILITIES = /^0+$/;

/**
 * Makes layers of what a worker tried and of what the system says of it. A layer is held only when it was seen.
 * @param diesWithServer whether the worker was started so that it does
 */
export function judgeConfinement(
  findings: readonly Finding[],
  facts: ProcessFacts,
  diesWithServer: boolean,
): readonly ConfinementLayer[] {
  const { limits, ownNamespaces, hasNoNewPrivileges, capabilities = 'unknown' } = facts;
  const limit = (name: string): string => limits.get(name) ?? 'unknown';
  const isNumber = (name: string): boolean => /^\d+$/.test(limit(name));
  return [
    // Signals are beyond Node's permission model: it takes a process namespace to keep them in.
    judgeFindings(
      'Node permission model',
      findings.filter(({ layer, power }) => layer === 'process' && power !== SIGNAL_POWER),
    ),
    judgeFindings(
      'emptied start realm',
      findings.filter(({ layer }) => layer === 'realm'),
    ),
    layer('memory limit', 'limits', isNumber('Max data size'), `data size ${limit('Max data size')}`),
    layer(
      'file limits',
      'limits',
      ZERO_LIMITS.every((name) => limit(name) === '0') && isNumber('Max open files'),
      `file size ${limit('Max file size')}, open files ${limit('Max open files')}`,
    ),
    layer('process limit', 'limits', limit('Max processes') === '1', `processes ${limit('Max processes')}`),
    layer(
      'no new privileges',
      'privileges',
      hasNoNewPrivileges === true,
      `NoNewPrivs ${hasNoNewPrivileges ?? 'unknown'}`,
    ),
    layer('no capabilities', 'privileges', NO_CAPABILITIES.test(capabilities), `CapPrm ${capabilities}`),
    layer(
      'death with the server',
      'privileges',
      diesWithServer,
      diesWithServer ? 'SIGKILL' : 'not asked for',
    ),
    ...NAMESPACES.map((namespace) =>
      layer(
        NAMESPACE_NAMES[namespace],
        'namespaces',
        ownNamespaces[namespace] === true,
        ownNamespaces[namespace] === true ? 'its own' : 'not seen to be its own',
      ),
    ),
  ];
}

/** The highest level of which, and of all below which, every layer is held. Undefined when not even the first is. */
export function levelOf(layers: readonly ConfinementLayer[]): ConfinementLevel | undefined {
  const broken = CONFINEMENT_LEVELS.findIndex((level) =>
    layers.some((one) => one.level === level && !one.isHeld),
  );
  return broken === -1 ? CONFINEMENT_LEVELS.at(-1) : CONFINEMENT_LEVELS[broken - 1];
}

/** The layers that a level needs and that are not held. */
export function missingFor(
  level: ConfinementLevel,
  layers: readonly ConfinementLayer[],
): readonly ConfinementLayer[] {
  const needed = CONFINEMENT_LEVELS.slice(0, CONFINEMENT_LEVELS.indexOf(level) + 1);
  return layers.filter((one) => needed.includes(one.level) && !one.isHeld);
}

function judgeFindings(name: string, findings: readonly Finding[]): ConfinementLayer {
  const open = findings.filter(({ denied }) => !denied).map(({ power }) => power);
  const denied = `${findings.length - open.length} of ${findings.length} powers denied`;
  const evidence = open.length === 0 ? denied : `${denied}, not: ${open.join(', ')}`;
  return layer(name, 'process', findings.length > 0 && open.length === 0, evidence);
}

function layer(name: string, level: ConfinementLevel, isHeld: boolean, evidence: string): ConfinementLayer {
  return { name, level, isHeld, evidence };
}
