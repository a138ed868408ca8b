/** What the agent of this tour writes: the body of an async function, in TypeScript. */
export const PROGRAM = `type Service = 'checkout' | 'search' | 'billing';
const services: Service[] = ['checkout', 'search', 'billing'];

// Four evenings of deployments, each of them a session of events.
const events: Athena.Episodic.EventInput[] = [];
for (const evening of [1, 2, 3, 4]) {
  const context = { session_id: \`evening-\${evening}\` };
  for (const service of services) {
    const failed = service === 'checkout' && evening % 2 === 0;
    events.push(
      { event_type: 'test', content: \`Ran the \${service} tests before release \${evening}\`, outcome: 'success', context },
      {
        event_type: 'deploy',
        content: \`Deployed \${service} release \${evening}\${failed ? ': the migration timed out' : ''}\`,
        outcome: failed ? 'failure' : 'success',
        context,
      },
    );
  }
}
const { recorded } = await athena.episodic.batchRecordEvents({ events });
const run = await athena.consolidation.runConsolidation({ strategy: 'session' });

const [hits, deploys, patterns] = await Promise.all([
  athena.rag.retrieveSmart({ query: 'why did the checkout deployment fail', limit: 20 }),
  athena.episodic.recallEvents({ event_type: 'deploy', limit: 100 }),
  athena.memory.recall({ query: 'deploy', memory_types: ['pattern'], k: 20 }),
]);
const failures = deploys.events.filter((event) => event.outcome === 'failure');
console.log(\`\${failures.length} of \${deploys.events.length} deployments failed\`);

await session.set('lastRun', run.run_id);
return {
  recorded,
  patterns: patterns.memories.slice(0, 3).map((memory) => memory.content),
  failures: failures.map((event) => event.content),
  bestHit: hits.results[0]?.text,
};`;
