import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lintSource } from '@secretlint/core';
import { creator, rules } from '@secretlint/secretlint-rule-preset-recommend';
import { findSecrets } from '../../runtime/filter/find-secrets.ts';
import { createDraw } from './privacy-set/draw.ts';

const { digits, text: draw } = createDraw(1);
const ALNUM = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789';
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz';
const PREFIX = '@secretlint/secretlint-rule-';

/** For every rule of the preset what it finds, in each of its forms; made here, so that no scanner takes this file for a leak. */
const FOUND: Readonly<Record<string, readonly string[]>> = {
  aws: [`aws_secret_access_key = "${draw(40, ALNUM)}"`],
  npm: [`npm_${draw(36, ALNUM)}`],
  slack: [
    ...['xoxb', 'xoxp', 'xapp', 'xoxa', 'xoxo', 'xoxr'].map(
      (start) => `${start}-${digits(12)}-${digits(12)}-${draw(24, ALNUM)}`,
    ),
    `https://hooks.slack.com/services/T${draw(8, 'ABCDEF')}/B${draw(8, 'ABCDEF')}/${draw(24, ALNUM)}`,
  ],
  basicauth: [`https://app:${draw(14, ALNUM)}@host.test/`, `ftp://app:${draw(14, ALNUM)}@host.test/`],
  openai: [
    `sk-proj-${draw(74, ALNUM)}T3BlbkFJ${draw(74, ALNUM)}`,
    `sk-${draw(20, ALNUM)}T3BlbkFJ${draw(20, ALNUM)}`,
  ],
  anthropic: [`sk-ant-api03-${draw(93, ALNUM)}AA`],
  groq: [`gsk_${draw(52, ALNUM)}`],
  huggingface: [`hf_${draw(34, LETTERS)}`],
  linear: [`lin_api_${draw(40, ALNUM)}`],
  notion: [`ntn_${digits(11)}${draw(35, ALNUM)}`],
  privatekey: [`-----BEGIN RSA PRIVATE KEY-----\nMII${draw(120, ALNUM)}\n-----END RSA PRIVATE KEY-----`],
  sendgrid: [`SG.${draw(22, ALNUM)}.${draw(43, ALNUM)}`],
  shopify: ['shppa', 'shpca', 'shpat', 'shpss'].map((start) => `${start}_${draw(32, '0123456789abcdef')}`),
  github: [
    ...['ghp', 'gho', 'ghu', 'ghs', 'ghr'].map((start) => `${start}_${draw(36, ALNUM)}`),
    `github_pat_${draw(82, ALNUM)}`,
  ],
  gitlab: [`glpat-${draw(20, ALNUM)}`],
  grafana: [`glc_${draw(40, ALNUM)}`, `glsa_${draw(32, ALNUM)}_${draw(8, '0123456789abcdef')}`],
  '1password': [
    `ops_${Buffer.from(JSON.stringify({ signInAddress: 'my.1password.test', srpX: draw(66, 'abcdef'), userAuth: {} })).toString('base64')}`,
  ],
  'database-connection-string': [
    ...['mongodb', 'mongodb+srv', 'mysql', 'jdbc:mysql', 'postgres', 'postgresql'].map(
      (scheme) => `${scheme}://app:${draw(14, ALNUM)}@db.internal/main`,
    ),
  ],
  'hashicorp-vault': [`hvs.${draw(95, ALNUM)}`, `hvb.${draw(150, ALNUM)}`, `hvr.${draw(95, ALNUM)}`],
  vercel: ['vcp', 'vci', 'vca', 'vcr', 'vck'].map((start) => `${start}_${draw(24, ALNUM)}`),
  databricks: [`dapi${draw(32, '0123456789abcdef')}`],
  docker: [`dckr_pat_${draw(27, ALNUM)}`],
  figma: [`figd_${draw(43, ALNUM)}`],
};

/** Rules that find nothing in a text. */
const OF_FILES: readonly string[] = ['gcp', 'filter-comments'];

async function findByRules(text: string): Promise<readonly string[]> {
  const { messages } = await lintSource({
    source: { content: text, filePath: 'value.txt', ext: '.txt', contentType: 'text' },
    options: { config: { rules: [{ id: creator.meta.id, rule: creator }] }, noPhysicFilePath: true },
  });
  return messages.map(({ ruleId }) => ruleId.replace(PREFIX, ''));
}

test('there is an example for every rule of the preset', () => {
  const names = rules.map(({ meta }) => meta.id.replace(PREFIX, ''));
  assert.deepEqual(names.toSorted(), [...Object.keys(FOUND), ...OF_FILES].toSorted());
});

for (const [rule, texts] of Object.entries(FOUND))
  test(`what the rule ${rule} finds by itself is found here too`, async () => {
    for (const text of texts) {
      const plain = `note: ${text} end`;
      assert.ok((await findByRules(plain)).includes(rule), `the rule does not find ${text}`);
      for (const cased of [text, text.toUpperCase(), text.toLowerCase()])
        for (const placed of [`note: ${cased} end`, `see(${cased}).`, `"${cased}"`, `a\n${cased}`]) {
          if (!(await findByRules(placed)).includes(rule)) continue;
          const found = await findSecrets(placed, 0);
          assert.ok(
            found.some(({ kind }) => kind === `${rule} credential`),
            placed,
          );
        }
    }
  });
