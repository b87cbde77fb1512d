#!/usr/bin/env node
// `npx drawbridge …`: the command-line tool, by the same way as every other script.
import { fileURLToPath } from 'node:url';

process.argv.splice(2, 0, fileURLToPath(new URL('../clients/cli/drawbridge.ts', import.meta.url)));
await import('./run.mjs');
