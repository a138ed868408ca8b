#!/usr/bin/env node
'use strict';
// Plain JavaScript that any Node since 12 understands: the server itself needs the Node that its sandbox was
// tested with, which comes as an optional dependency. Where that is missing, a current Node 26 or later will do.
const { spawn } = require('node:child_process');
const { join } = require('node:path');

const MAIN = join(__dirname, '..', 'dist', 'runtime', 'main.js');
const PACKAGES = [
  `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
  `node-bin-${process.platform}-${process.arch}`,
];

function findNode() {
  for (const name of PACKAGES) {
    try {
      const manifest = require.resolve(`${name}/package.json`);
      return join(manifest, '..', require(manifest).bin.node);
    } catch {
      // Not for this machine, or left out at installation.
    }
  }
  return Number(process.versions.node.split('.')[0]) >= 26 ? process.execPath : undefined;
}

const node = findNode();
if (node === undefined) {
  process.stderr.write(
    `athena-code-mode needs Node 26; this is ${process.version}, and the package's own Node is missing: ` +
      'install again without --omit=optional, or run it with Node 26.\n',
  );
  process.exit(1);
}
const child = spawn(node, ['--disable-sigusr1', MAIN, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`athena-code-mode could not start ${node}: ${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(signal === null ? (code === null ? 1 : code) : 1));
