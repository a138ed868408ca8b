import { type CreateTableBuilder, type Generated, sql } from 'kysely';
import type { Migrations } from '../../database/sqlite.ts';
import type { OperationId } from '../contract/catalogue.ts';
import { DEFAULT_NAMESPACE } from '../contract/session.ts';

/** Times are milliseconds since the epoch. */
export interface SessionTables {
  /** `token_key`: hex; null until the session's first token. */
  sessions: {
    principal: string;
    id: string;
    created_at: number;
    used_at: number;
    token_key: Generated<string | null>;
  };
  /** `version` is another one after every write. */
  variables: {
    principal: string;
    session: string;
    namespace: string;
    key: string;
    json: string;
    version: string;
  };
  approvals: { principal: string; session: string; operation: OperationId };
  executions: {
    number: Generated<number>;
    principal: string;
    session: string;
    execution: string;
    started_at: number;
    code: string;
    code_hash: string;
    seed: string;
    outcome: string;
    calls_made: number;
    calls_wrote: number;
    total_ms: number;
    /** The process that the run is in; null when it is in none. */
    owner: string | null;
    /** What the run is made of, as JSON; null when no journal of it is kept. */
    head: string | null;
    /** How the run ended in the sandbox, as JSON; null while it has not. */
    ending: string | null;
    /** What the journal holds. */
    journal_bytes: Generated<number>;
  };
  /** In the order of `number`: see `JournalEntry`. */
  journal: { number: Generated<number>; execution: string; body: string };
  /** A token has a row for each origin. */
  tokens: { principal: string; session: string; token: string; origin: string; text: string };
  /** A project's, and not a session's: they stay when the sessions go. `calls`: a JSON array of names. */
  skills: {
    principal: string;
    project: string;
    name: string;
    code: string;
    documentation: string;
    signature: string;
    types: string;
    calls: string;
    saved_at: number;
    checked_against: string;
  };
  results: { principal: string; session: string; execution: string; created_at: number; body: Uint8Array };
}

/** What a session holds goes when the session goes. */
function ownedBySession<Table extends string, Column extends string>(
  table: CreateTableBuilder<Table, Column>,
) {
  return table
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('session', 'text', (column) => column.notNull())
    .addForeignKeyConstraint('of_session', ['principal', 'session'], 'sessions', ['principal', 'id'], (key) =>
      key.onDelete('cascade'),
    );
}

export const SESSION_MIGRATIONS: Migrations = {
  '001-sessions': {
    up: async ({ schema }) => {
      await schema
        .createTable('sessions')
        .addColumn('principal', 'text', (column) => column.notNull())
        .addColumn('id', 'text', (column) => column.notNull())
        .addColumn('created_at', 'integer', (column) => column.notNull())
        .addColumn('used_at', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('sessions_key', ['principal', 'id'])
        .execute();
      await schema.createIndex('sessions_used').on('sessions').column('used_at').execute();
      await ownedBySession(schema.createTable('variables'))
        .addColumn('key', 'text', (column) => column.notNull())
        .addColumn('json', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('variables_key', ['principal', 'session', 'key'])
        .execute();
      await ownedBySession(schema.createTable('executions'))
        .addColumn('number', 'integer', (column) => column.primaryKey().autoIncrement())
        .addColumn('execution', 'text', (column) => column.notNull().unique())
        .addColumn('started_at', 'integer', (column) => column.notNull())
        .addColumn('code', 'text', (column) => column.notNull())
        .addColumn('code_hash', 'text', (column) => column.notNull())
        .addColumn('seed', 'text', (column) => column.notNull())
        .addColumn('outcome', 'text', (column) => column.notNull())
        .addColumn('calls_made', 'integer', (column) => column.notNull())
        .addColumn('calls_wrote', 'integer', (column) => column.notNull())
        .addColumn('total_ms', 'real', (column) => column.notNull())
        .execute();
      await schema
        .createIndex('executions_of_session')
        .on('executions')
        .columns(['principal', 'session', 'number'])
        .execute();
      await ownedBySession(schema.createTable('results'))
        .addColumn('execution', 'text', (column) => column.primaryKey())
        .addColumn('created_at', 'integer', (column) => column.notNull())
        .addColumn('body', 'blob', (column) => column.notNull())
        .execute();
      await schema
        .createIndex('results_of_session')
        .on('results')
        .columns(['principal', 'session', 'created_at'])
        .execute();
    },
  },
  '002-versions': {
    up: async ({ schema }) => {
      await schema
        .alterTable('variables')
        .addColumn('version', 'text', (column) => column.notNull().defaultTo(''))
        .execute();
    },
  },
  '003-approvals': {
    up: async ({ schema }) => {
      await ownedBySession(schema.createTable('approvals'))
        .addColumn('operation', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('approvals_key', ['principal', 'session', 'operation'])
        .execute();
    },
  },
  '004-tokens': {
    up: async ({ schema }) => {
      await schema.alterTable('sessions').addColumn('token_key', 'text').execute();
      await ownedBySession(schema.createTable('tokens'))
        .addColumn('token', 'text', (column) => column.notNull())
        .addColumn('origin', 'text', (column) => column.notNull())
        .addColumn('text', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('tokens_key', ['principal', 'session', 'token', 'origin'])
        .execute();
    },
  },
  '005-journal': {
    up: async ({ schema }) => {
      for (const column of ['owner', 'head', 'ending'])
        await schema.alterTable('executions').addColumn(column, 'text').execute();
      await schema
        .alterTable('executions')
        .addColumn('journal_bytes', 'integer', (column) => column.notNull().defaultTo(0))
        .execute();
      await schema
        .createTable('journal')
        .addColumn('number', 'integer', (column) => column.primaryKey().autoIncrement())
        .addColumn('execution', 'text', (column) =>
          column.notNull().references('executions.execution').onDelete('cascade'),
        )
        .addColumn('body', 'text', (column) => column.notNull())
        .execute();
      await schema
        .createIndex('journal_of_execution')
        .on('journal')
        .columns(['execution', 'number'])
        .execute();
    },
  },
  '006-skills': {
    up: async ({ schema }) => {
      await schema
        .createTable('skills')
        .addColumn('principal', 'text', (column) => column.notNull())
        .addColumn('project', 'text', (column) => column.notNull())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('code', 'text', (column) => column.notNull())
        .addColumn('documentation', 'text', (column) => column.notNull())
        .addColumn('signature', 'text', (column) => column.notNull())
        .addColumn('types', 'text', (column) => column.notNull())
        .addColumn('calls', 'text', (column) => column.notNull())
        .addColumn('saved_at', 'integer', (column) => column.notNull())
        .addColumn('checked_against', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('skills_key', ['principal', 'project', 'name'])
        .execute();
    },
  },
  '008-namespaces': {
    up: async (database) => {
      const { schema } = database;
      // A primary key cannot be changed: the table is made anew.
      await schema.alterTable('variables').renameTo('variables_before').execute();
      await ownedBySession(schema.createTable('variables'))
        .addColumn('namespace', 'text', (column) => column.notNull())
        .addColumn('key', 'text', (column) => column.notNull())
        .addColumn('json', 'text', (column) => column.notNull())
        .addColumn('version', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('variables_key', ['principal', 'session', 'namespace', 'key'])
        .execute();
      await sql`
        insert into variables (principal, session, namespace, key, json, version)
        select principal, session, ${DEFAULT_NAMESPACE}, key, json, version from variables_before
      `.execute(database);
      await schema.dropTable('variables_before').execute();
    },
  },
};
