import { enableCompileCache } from 'node:module';

// Before any TypeScript is loaded: Node strips its types once, and finds the result here the next time.
enableCompileCache();
await import('./main.ts');
